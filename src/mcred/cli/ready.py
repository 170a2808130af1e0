"""`mcred ready` and `mcred why`."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Annotated

import typer

from mcred.cli.completing import ids
from mcred.cli.frameworks import case_of, clause_of, pairs, reason, told
from mcred.cli.options import AsOf, Debug, day
from mcred.cli.publishing import put
from mcred.cli.records import Register, open_register
from mcred.cli.show import find
from mcred.errors import ExitCode, McredError, UsageError
from mcred.frameworks import judge
from mcred.query import shown
from mcred.ready import GROUPS, Item, checklist, layers
from mcred.record import Record
from mcred.shape.faults import called
from mcred.text import did_you_mean, inert, plural

FORMATS = ("text", "json")
RulesOf = Annotated[
    date | None, typer.Option("--rules-of", parser=day, metavar="DATE", help="Under the rules of this day.")
]


def ready(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of a record.", autocompletion=ids)],
    rules_of: RulesOf = None,
    as_of: AsOf = None,
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
    register = open_register(as_of)
    record = find(register, id)
    found = checklist(case_of(register, record, rules_of))
    put(_json(register, record, found) if format == "json" else _text(register, record, found, verbose))
    return ExitCode.FINDINGS if found["not-met"] else ExitCode.OK


def why(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of a record.", autocompletion=ids)],
    clause: Annotated[str, typer.Argument(metavar="CLAUSE", help="A clause, such as nzqcf.credits.")],
    rules_of: RulesOf = None,
    as_of: AsOf = None,
    debug: Debug = False,
) -> int:
    """Explain one verdict, also a pass: which act, day, edition, rule and value.

    \b
    mcred why worked-example nzqcf.credits
    """  # noqa: D301 - \b keeps click from filling the lines
    register = open_register(as_of)
    record = find(register, id)
    case = case_of(register, record, rules_of)
    book, found = clause_of({case.book.id: case.book}, clause if "." in clause else f"{case.book.id}.{clause}")
    base = next((each for each in book.clauses if found.id in (each.id, *(t.id for t in each.tightened_by))), found)
    lines = [f"{record.id}: {shown(record.data.get('title'), register.language)}"]
    for item in layers(judge(base, case)):
        lines += ["", *pairs(list(told(item.clause, item.verdict, register.language)))]
    put("".join(inert(line) + "\n" for line in lines))
    return ExitCode.OK


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
            lines += pairs(list(_item(item, record, document)), indent=2, wide=4)
    missing = len(found["not-met"])
    open_too = sum(len(found[name]) for name in ("needs-judgement", "unknown", "not-seen"))
    lines += ["", f"{plural(missing, 'clause')} not met; {open_too} open for other reasons (as of {register.day})"]
    return "".join(inert(line) + "\n" for line in lines)


def _item(item: Item, record: Record, document: "Places") -> Iterator[tuple[str, str]]:
    clause, verdict = item
    yield "-", f"{clause.id}: {clause.text('summary')}"
    if verdict.verdict == "needs-judgement":
        evidence = document.place(verdict.pointer) if str(verdict.pointer) else "none"
        yield "", f"{clause.text('question')} Evidence: {evidence}"
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

    def place(self, pointer: object) -> str:
        """`path:line` of a pointer."""
        from mcred.diagnostic import Pointer

        if not isinstance(pointer, Pointer):
            raise McredError("no place")
        return f"{self._path}:{self._document.locate(pointer).line}"


def _document(register: Register, record: Record) -> Places:
    return Places(register, record)


def _json(register: Register, record: Record, found: dict[str, list[Item]]) -> str:
    document = {
        "schema": "mcred-ready/1",
        "record": record.id,
        "as_of": register.day.isoformat(),
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
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
