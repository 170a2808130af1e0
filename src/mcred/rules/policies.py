"""Changes of policies: what a catalogue asks of its records is not made less unseen."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from mcred.diagnostic import Anchor, Finding, Pointer, Severity
from mcred.frameworks.checking import allows_more
from mcred.record import FRAMEWORK, Record
from mcred.record.change import Change
from mcred.rules.rule import commit_rule

Clauses = Mapping[str, tuple[Pointer, Mapping[str, Any]]]


@commit_rule("policy-weakened")
def policy_weakened(changes: Sequence[Change]) -> Iterator[Finding]:
    """Who makes a policy ask less decides about all that stand under it, and says so; it does not just happen."""
    was = [(each.before.record, each.after.record if each.after else None) for each in changes if each.before]
    deleted = {before.id for before, after in was if before.kind == FRAMEWORK and after is None}
    for before, after in was:
        if before.kind == FRAMEWORK and after is None:
            yield Finding(
                Pointer(),
                "the policy '{id}' is deleted",
                path=before.path,
                label="deleted",
                hint=f"{ENDED}, so that earlier decisions keep their rules",
                id=before.id,
            )
        elif before.kind in ("catalogue", FRAMEWORK) and after is not None:
            found = _clauses(before, after) if before.kind == FRAMEWORK else _out_of_force(before, after, deleted)
            for finding in found:
                finding.path = after.path
                yield finding


ENDED = "what no longer holds is given an `until` in its edition"


def _out_of_force(was: Record, now: Record, deleted: Container[str]) -> Iterator[Finding]:
    """What catalogue.yaml no longer names among the policies in force, but for those that are told to be deleted."""
    held = {*map(str, now.data.get("policies") or [])}
    for name in was.data.get("policies") or []:
        if name not in held and name not in deleted and not now.spoilt(Pointer(("policies",))):
            yield Finding(
                Pointer(("policies",)) if "policies" in now.data else Pointer(),
                "the policy '{id}' is no longer in force",
                anchor=Anchor.KEY if "policies" in now.data else Anchor.MISSING,
                hint=f"{ENDED}, and stays in force for what came before",
                id=name,
                field=f"policies {name}",
            )


def _clauses(was: Record, now: Record) -> Iterator[Finding]:
    after = _by_id(now)
    for name, (_, old) in _by_id(was).items():
        if name in after:
            yield from _clause(name, old, *after[name])
        elif not now.spoilt(Pointer(("clauses",))):
            yield Finding(
                Pointer(("clauses",)) if "clauses" in now.data else Pointer(),
                "the clause '{clause}' is gone",
                anchor=Anchor.KEY if "clauses" in now.data else Anchor.MISSING,
                hint="leave it, and do not repeat it under the next edition: what was decided under it keeps its rules",
                clause=name,
                field=f"clauses {name}",
            )


def _by_id(record: Record) -> Clauses:
    return {str(each["id"]): (pointer, each) for pointer, each in record.items("clauses") if "id" in each}


def _clause(name: str, old: Mapping[str, Any], pointer: Pointer, new: Mapping[str, Any]) -> Iterator[Finding]:
    """The first way in which a clause asks less than it did."""
    for key, weaker in WEAKER.items():
        at = weaker(old, new)
        if at is None:
            continue
        place = pointer
        for part in at:
            place = place / part
        yield Finding(
            place,
            "the clause '{clause}' asks less than before: '{key}' {how}",
            anchor=Anchor.VALUE if key in new else Anchor.MISSING,
            hint="what is asked from a day on is a new edition with values of its own; the earlier ones stay",
            clause=name,
            key=key,
            how="is gone" if key not in new else "was changed",
            field=key,
        )
        return


At = tuple[str | int, ...] | None
"""The place in a clause where it asks less; None where it does not."""


def _graver(old: Mapping[str, Any], new: Mapping[str, Any]) -> At:
    ranks = {each.value: each.rank for each in Severity}
    before, after = (ranks.get(str(each.get("severity"))) for each in (old, new))
    return ("severity",) if before is not None and after is not None and after > before else None


def _covered(old: Mapping[str, Any], new: Mapping[str, Any]) -> At:
    tested = ("requirement", "rule")
    fewer = old.get("covered_by") in tested and new.get("covered_by") not in (*tested, None)
    return ("covered_by",) if fewer else None


def _staged(old: Mapping[str, Any], new: Mapping[str, Any]) -> At:
    before, after = (STAGES.get(str(each.get("from_stage"))) for each in (old, new))
    return ("from_stage",) if before is not None and after is not None and after > before else None


STAGES = {"draft": 0, "submitted": 1, "approved": 2}
"""From which stage on a clause is asked, the earliest first."""


def _guarded(key: str) -> Any:
    """Whether a guard leaves more out than before: all of `when`, and none of `unless`, must hold."""

    def more(old: Mapping[str, Any], new: Mapping[str, Any]) -> At:
        before, after = _items(old, key), _items(new, key)
        added = [place for place, each in enumerate(after) if each not in before]
        return (key, added[0]) if added and len(after) > len(before) else None

    return more


def _valued(old: Mapping[str, Any], new: Mapping[str, Any]) -> At:
    """Where a line of values allows more than that of the same edition did, or is gone."""
    after: dict[object, list[tuple[int, Any]]] = {}
    for place, each in enumerate(_items(new, "values")):
        after.setdefault(_when(each), []).append((place, each))
    for line in _items(old, "values"):
        if _when(line) not in after:
            return ("values",) if "values" in new else ()
        for place, each in after[_when(line)]:
            gone = any(limit in line and limit not in each for limit in ("min", "max", "one_of"))
            if gone or allows_more(each, line):
                return ("values", place)
    return None


def _items(clause: Mapping[str, Any], key: str) -> list[Any]:
    found = clause.get(key)
    return found if isinstance(found, list) else []


def _when(line: Mapping[str, Any]) -> tuple[str, str]:
    """When a line of values holds."""
    return str(line.get("edition")), str(line.get("from"))


WEAKER: Mapping[str, Any] = {
    "severity": _graver,
    "covered_by": _covered,
    "from_stage": _staged,
    "when": _guarded("when"),
    "unless": _guarded("unless"),
    "values": _valued,
}
"""What tells for a key of a clause whether it asks less."""
