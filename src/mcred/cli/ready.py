"""`mcred ready` and `mcred why`."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any

import typer

from mcred.cli.completing import ids
from mcred.cli.frameworks import case_of, clause_of, excepted, pairs, reason, said_of_classes, told
from mcred.cli.options import AsOf, At, Debug, day
from mcred.cli.publishing import put
from mcred.cli.reckoning import undecidable
from mcred.cli.records import Register, open_register
from mcred.cli.show import find
from mcred.diagnostic import Pointer
from mcred.errors import ExitCode, McredError, UsageError
from mcred.frameworks import judge
from mcred.query import shown
from mcred.ready import GROUPS, Item, checklist, layers
from mcred.record import Record, View
from mcred.record.reviews import ASSUMED, FROM, NO_DATE, Clock, next_due, reviewed
from mcred.record.status import stage, status
from mcred.shape.faults import called
from mcred.text import as_json, did_you_mean, inert, plural

FORMATS = ("text", "json")
REVIEW = "review"
"""Stands for a clause: when the next review is due."""

TRANSITION = "transition"
"""Stands for a clause: whether it is reviewed as an earlier award."""

RulesOf = Annotated[
    date | None, typer.Option("--rules-of", parser=day, metavar="DATE", help="Under the rules of this day.")
]


def ready(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of a record.", autocompletion=ids)],
    rules_of: RulesOf = None,
    as_of: AsOf = None,
    at: At = None,
    format: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help="'text' or 'json'.")] = "text",
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List what is met and what does not apply, too.")
    ] = False,
    debug: Debug = False,
) -> int:
    """Say what is still missing in a record, clause by clause.

    \b
    mcred ready planting-beside-streams
    mcred ready worked-example --rules-of 2026-11-22      what today's rules would ask

    \b
    Exit codes: 0 nothing is missing, 1 something is.
    """  # noqa: D301 - \b keeps click from filling the lines
    if format not in FORMATS:
        raise UsageError(f"--format: no format '{format}'" + did_you_mean(format, FORMATS))
    register = open_register(as_of, at)
    record = find(register, id)
    found = checklist(case_of(register, record, rules_of))
    put(_json(register, record, found) if format == "json" else _text(register, record, found, verbose))
    return ExitCode.FINDINGS if found["not-met"] else ExitCode.OK


def why(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of a record.", autocompletion=ids)],
    clause: Annotated[
        str, typer.Argument(metavar="CLAUSE", help="A clause, such as FRAMEWORK.credits; or `review`, or `transition`.")
    ],
    rules_of: RulesOf = None,
    as_of: AsOf = None,
    at: At = None,
    debug: Debug = False,
) -> int:
    """Explain one verdict, also a pass: which act, day, edition, rule and value.

    \b
    mcred why worked-example nzqcf.credits
    mcred why worked-example review                  when its next review is due, and how that follows
    mcred why working-dog-care-course transition     whether it is reviewed to bring it under new rules
    """  # noqa: D301 - \b keeps click from filling the lines
    register = open_register(as_of, at)
    record = find(register, id)
    if clause in (REVIEW, TRANSITION):
        if rules_of is not None:
            raise UsageError("--rules-of is about clauses; a review falls due by the decisions of the record")
        put(_review(register, record) if clause == REVIEW else _transition(register, record))
        return ExitCode.OK
    case = case_of(register, record, rules_of)
    book, found = clause_of({case.book.id: case.book}, clause if "." in clause else f"{case.book.id}.{clause}")
    base = next((each for each in book.clauses if found.id in (each.id, *(t.id for t in each.tightened_by))), found)
    lines = [f"{record.id}: {shown(record.data.get('title'), register.language)}"]
    for item in layers(judge(base, case)):
        lines += ["", *pairs(list(told(item.clause, item.verdict, book.data, register.language)))]
    if register.workspace.recorded is not None:
        lines += ["", *pairs([("As of", str(register.clocks))])]
    put("".join(inert(line) + "\n" for line in lines))
    return ExitCode.OK


def _review(register: Register, record: Record) -> str:
    """When the next review is due: each fact that this rests on with its place, and all that is assumed."""
    view = register.view(record)
    if undecidable(record, register.context):
        which = f"`{register.workspace.validating(record.id)}` says which"
        raise McredError(f"'{record.id}' has faults in what its review falls due by: {which}")
    lines = [f"{record.id}: {shown(record.data.get('title'), register.language)}", ""]
    lines += pairs(list(_told_of_review(view, Places(register, record), register)))
    return "".join(inert(line) + "\n" for line in lines)


def _transition(register: Register, record: Record) -> str:
    """What the review of earlier awards means for it."""
    from mcred.cli.transition import explained

    return explained(register, record)


def _told_of_review(view: View, places: "Places", register: Register) -> Iterator[tuple[str, str]]:
    if not reviewed(view):
        now = status(view).value
        yield "Next review", f"none: its stage is {stage(view).value}" + (f", its status {now}" if now else "")
        return
    due = next_due(view)
    if due.day is None:
        yield "Next review", f"no date is known: {NO_DATE[due.because]}"
    else:
        days = (due.day - register.day).days
        ago = f"{plural(-days, 'day')} ago" if days < 0 else f"in {plural(days, 'day')}" if days else "today"
        yield "Next review" if due.because != "expiring-ends" else "Ends", f"{due.day}, {ago}"
        yield "Because", FROM[due.because]
    if due.because != "expiring-ends":
        yield "State", Clock(view).state.replace("-", " ")
    for number, step in enumerate(due.steps):
        at = f" ({places.place(step.pointer)}{_cited(view, step.pointer)})" if step.pointer else ""
        yield "Facts" if number == 0 else "", step.says + at
    for number, word in enumerate(due.assumed):
        yield "Assumed" if number == 0 else "", ASSUMED[word]
    rule = view.head.get("review")
    if isinstance(rule, dict):
        yield from _rule(view, rule)
    yield "As of", str(register.clocks)


def _cited(view: View, pointer: Pointer) -> str:
    """The source that a decision names for itself."""
    source = view.record.get((*pointer[:2], "source")) if pointer[:1] == ("decisions",) else None
    return f"; source {source}" if source is not None else ""


def _rule(view: View, rule: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The framework's own words on the clock, with how surely they are known and where they were seen."""
    sources = {each["id"]: each for each in view.head.get("sources") or () if isinstance(each, dict) and "id" in each}
    told = (("starts_from", "the first period starts"), ("next_from", "the next one starts"))
    for number, (key, words) in enumerate(told):
        start = rule.get(key)
        if not isinstance(start, dict):
            continue
        seen = sources.get(start.get("source"), {})
        basis = [str(start["basis"])] if start.get("basis") else []
        cited = [f"source {start['source']}, {shown(seen.get('title'))}"] if start.get("source") else []
        beside = f" ({'; '.join([*basis, *cited])})" if basis or cited else ""
        yield "Rule" if number == 0 else "", f"{view.record.framework}: {words} with {start.get('act')}{beside}"


def _text(register: Register, record: Record, found: dict[str, list[Item]], verbose: bool) -> str:
    lines = [f"{record.id}: {shown(record.data.get('title'), register.language)}"]
    document = _document(register, record)
    for name, heading in GROUPS.items():
        items = found[name]
        if not items:
            continue
        lines += ["", f"{heading} ({len(items)})"]
        if name in ("met", "not-applicable", "outside") and not verbose:
            lines.append(f"  {', '.join(item.clause.name for item in items)}")
            continue
        for item in items:
            lines += pairs(list(_item(item, record, document, register.language)), indent=2, wide=4)
    lines += said_of_classes(register.context.frameworks[str(record.framework)].head)
    missing = len(found["not-met"])
    open_too = sum(len(found[name]) for name in ("needs-judgement", "unknown", "not-seen"))
    lines += ["", f"{plural(missing, 'clause')} not met; {open_too} open for other reasons (as of {register.clocks})"]
    return "".join(inert(line) + "\n" for line in lines)


def _item(item: Item, record: Record, document: "Places", language: str) -> Iterator[tuple[str, str]]:
    clause, verdict = item
    yield "-", f"{clause.id}: {clause.text('summary')}"
    if verdict.verdict == "needs-judgement":
        evidence = document.place(verdict.pointer) if str(verdict.pointer) else "none"
        yield "", f"{clause.text('question')} Evidence: {evidence}"
    elif verdict.exception is not None:
        yield "", excepted(verdict.exception, document.place(verdict.exception.pointer), language)
    elif verdict.verdict == "not-seen":
        yield "", clause.text("because")
    elif verdict.verdict == "not-met":
        where = (
            f"{called(verdict.pointer)} at {document.place(verdict.pointer)}" if str(verdict.pointer) else record.path
        )
        asked = f"; asked for: {verdict.expected}" if verdict.expected and verdict.expected != "there" else ""
        yield "", f"{where}{asked} ({clause.text('citation')})"
    elif verdict.because:
        yield "", reason(verdict)


class Places:
    """Where the pointers of a record stand, as path:line."""

    def __init__(self, register: Register, record: Record) -> None:
        from mcred.document import read

        self._path = record.path
        self._document = read(register.workspace.read(record.path))

    def place(self, pointer: Pointer) -> str:
        """`path:line` of a pointer."""
        return f"{self._path}:{self._document.locate(pointer).line}"


def _document(register: Register, record: Record) -> Places:
    return Places(register, record)


def _json(register: Register, record: Record, found: dict[str, list[Item]]) -> str:
    document = {
        "schema": "mcred-ready/1",
        "record": record.id,
        **register.clocks.plain(),
        "missing": len(found["not-met"]),
        "clauses": [
            {
                "clause": item.clause.id,
                "verdict": item.verdict.verdict,
                "because": item.verdict.because or None,
                "severity": item.verdict.severity.value if item.verdict.severity else None,
                "editions": list(item.verdict.editions),
                "by": item.verdict.by or None,
                "pointer": str(item.verdict.pointer),
                "expected": item.verdict.expected or None,
                "summary": item.clause.get("summary"),
                "citation": item.clause.get("citation"),
                "basis": item.clause.basis,
            }
            for items in found.values()
            for item in items
        ],
        "class_statements": register.context.frameworks[str(record.framework)].head.get("class_statements") or [],
    }
    return as_json(document) + "\n"
