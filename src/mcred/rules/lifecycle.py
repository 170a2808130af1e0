"""Stages and decisions: what was done, and when."""

from collections.abc import Iterator

from mcred.diagnostic import Anchor, Finding, Pointer, Related
from mcred.record import Record
from mcred.rules.rule import record_rule


@record_rule("stage-and-decisions")
def stage_and_decisions(record: Record) -> Iterator[Finding]:
    """`stage` is for a record without decisions; with them, the stage follows from what was decided."""
    stage = record.data.get("stage")
    if stage is not None and record.decisions:
        yield Finding(
            Pointer(("stage",)),
            "'stage' is not written where there are decisions: the stage follows from them",
            anchor=Anchor.KEY,
            hint="delete the line",
            related=(Related("decisions begin here", Pointer(("decisions",)), anchor=Anchor.KEY),),
            stage=stage,
        )


@record_rule("undated-decision")
def undated_decision(record: Record) -> Iterator[Finding]:
    """The rules that apply to a decision are those of its day; without one nothing can be said of it."""
    if record.observed:
        return
    for pointer, decision in record.items("decisions"):
        if "date" in decision or "under" in decision or decision.get("date_is") == "unknown" or "act" not in decision:
            continue
        if record.known(pointer / "date") and record.known(pointer / "under"):
            yield Finding(
                pointer,
                "the decision '{act}' has no date",
                anchor=Anchor.MISSING,
                hint="add `date: …`, `under: …` where only the regime is known, or `date_is: unknown` where nothing is",
                act=decision["act"],
            )


@record_rule("unattributed-decision")
def unattributed_decision(record: Record) -> Iterator[Finding]:
    """`by` is always the organisation that acted; without it nobody can say whether it might."""
    if record.observed:
        return
    for pointer, decision in record.items("decisions"):
        if "act" in decision and "by" not in decision and record.known(pointer / "by"):
            yield Finding(
                pointer,
                "the decision '{act}' does not say who made it",
                anchor=Anchor.MISSING,
                hint="add `by: …`, the id of the organisation that acted",
                act=decision["act"],
            )
