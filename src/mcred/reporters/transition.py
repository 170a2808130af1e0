"""What is in the review of earlier awards: one row a record, the same in every format, and the wordings beside it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mcred.clocks import Clocks
from mcred.formats import Format
from mcred.query import shown
from mcred.record import Record
from mcred.record.reviews import ASSUMED
from mcred.reporters import tabular
from mcred.review.transition import SCOPES, STATES, Answer, told
from mcred.text import as_json, literal, plural

SCHEMA = "mcred-transition/1"

SCOPE = {"in": "in scope", "out": "out of scope", "cannot-tell": "nobody can tell"}
"""The scopes in words."""


class Row(NamedTuple):
    """A record, and what a transition of its framework means for it."""

    record: Record
    answer: Answer
    fictional: bool


class Sheet(NamedTuple):
    """The rows as of a day; `unread` is the number of records that have faults and are left out."""

    rows: tuple[Row, ...]
    clocks: Clocks
    counts: Mapping[str, int]
    """How many records there are of each scope, shown or not."""
    title: str = ""
    timezone: str = "UTC"
    language: str = "en"
    unread: int = 0


def state(answer: Answer) -> str:
    """How far it has come, with until when or as what."""
    return " ".join(filter(None, (STATES.get(answer.state, ""), answer.detail)))


def due_day(answer: Answer) -> str:
    """The day it is due; nothing where it is out of scope or no day is known."""
    return answer.due.day.isoformat() if answer.due is not None and answer.due.day is not None else ""


def how(answer: Answer) -> str:
    """How the day came about, and what was assumed for it."""
    if answer.due is None:
        return ""
    assumed = [ASSUMED[word] for word in answer.due.assumed]
    return "; ".join(step.says for step in answer.due.steps) + (f" (assumed: {'; '.join(assumed)})" if assumed else "")


def wordings(answer: Answer) -> str:
    """What each of the published wordings says of it."""
    return "; ".join(f"{each.wording}: {SCOPE.get(each.scope, 'says nothing')}" for each in answer.said)


def _named(row: Row, sheet: Sheet) -> str:
    return (shown(row.record.data.get("title"), sheet.language) or row.record.id) + (
        " (fictional)" if row.fictional else ""
    )


COLUMNS: dict[str, tuple[str, Callable[[Row, Sheet], str]]] = {
    "id": ("Record", lambda row, sheet: row.record.id),
    "title": ("Title", _named),
    "kind": ("Kind", lambda row, sheet: row.record.kind),
    "scope": ("Scope", lambda row, sheet: SCOPE[row.answer.scope]),
    "because": ("Because", lambda row, sheet: told(row.answer.because)),
    "wordings": ("What the wordings say", lambda row, sheet: wordings(row.answer)),
    "due": ("Due", lambda row, sheet: due_day(row.answer)),
    "state": ("State", lambda row, sheet: state(row.answer)),
    "apply_by": ("Apply by", lambda row, sheet: row.answer.apply_by or ""),
    "how": ("How the date came about", lambda row, sheet: how(row.answer)),
    "path": ("Place", lambda row, sheet: row.record.path),
}
"""Every column, in order: its heading, and what it holds."""


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    """All columns of all rows."""
    return [tuple(value(row, sheet) for _, value in COLUMNS.values()) for row in sheet.rows]


def heading(sheet: Sheet) -> str:
    """What was asked, of what, and as of when."""
    named = f"{sheet.title}: e" if sheet.title else "E"
    return f"{named}arlier awards under review as of {sheet.clocks} ({sheet.timezone})"


def counted(sheet: Sheet) -> str:
    """How many records there are of each scope, and how many could not be read."""
    unread = f"; {plural(sheet.unread, 'record')} with faults left out" if sheet.unread else ""
    return ", ".join(f"{SCOPE[scope]} {sheet.counts.get(scope, 0)}" for scope in SCOPES) + unread


def published(sheet: Sheet) -> list[tuple[str, str]]:
    """The wordings that were asked, each with its source and what it says."""
    found: dict[str, str] = {}
    for row in sheet.rows:
        for each in row.answer.said:
            source = f" ({each.source})" if each.source else ""
            found[f"{each.wording}{source}"] = shown(each.says, sheet.language)
    return list(found.items())


def _csv(sheet: Sheet) -> str:
    return tabular.csv(tuple(COLUMNS), cells(sheet))


def _tsv(sheet: Sheet) -> str:
    return tabular.tsv(tuple(COLUMNS), cells(sheet))


def _md(sheet: Sheet) -> str:
    blocks = [f"# {literal(heading(sheet))}", f"{literal(counted(sheet)).capitalize()}."]
    if sheet.rows:
        head = [name for name, _ in COLUMNS.values()]
        rows = [head, ["---"] * len(head), *([literal(cell) for cell in row] for row in cells(sheet))]
        blocks.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
    if found := published(sheet):
        blocks += [
            "## The published wordings",
            "\n".join(f"- {literal(name)}: {literal(says)}" for name, says in found),
        ]
    return "\n\n".join(blocks) + "\n"


def _json(sheet: Sheet) -> str:
    document = {
        "schema": SCHEMA,
        **sheet.clocks.plain(),
        "timezone": sheet.timezone,
        "unread": sheet.unread,
        "counts": {scope: sheet.counts.get(scope, 0) for scope in SCOPES},
        "records": [_record(row, sheet) for row in sheet.rows],
    }
    return as_json(document) + "\n"


def _record(row: Row, sheet: Sheet) -> dict[str, Any]:
    answer, due = row.answer, row.answer.due
    return {
        "record": row.record.id,
        "title": _named(row._replace(fictional=False), sheet),
        "kind": row.record.kind,
        "framework": row.record.framework,
        "transition": answer.transition,
        "scope": answer.scope,
        "because": answer.because,
        "explanation": told(answer.because),
        "wordings": [
            {
                "id": each.wording,
                "says": shown(each.says, sheet.language),
                "source": each.source,
                "scope": each.scope or None,
                "because": each.because or None,
            }
            for each in answer.said
        ],
        "due": due_day(answer) or None,
        "written": due.written or None if due is not None else None,
        "due_because": due.because if due is not None else None,
        "assumed": list(due.assumed) if due is not None else [],
        "due_explanation": how(answer) or None,
        "state": answer.state or None,
        "detail": answer.detail or None,
        "apply_by": answer.apply_by,
        "custody": "observed" if row.record.observed else "own",
        "fictional": row.fictional,
        "path": row.record.path,
    }


FORMATS = {
    "table": Format("for people at a terminal; separated by tabs where it is piped", "txt"),
    "tsv": Format("one line a row, cells separated by tabs", "tsv"),
    "csv": Format("comma-separated values, for a spreadsheet", "csv"),
    "json": Format("for programs", "json"),
    "md": Format("a page in Markdown", "md"),
}

WRITERS: dict[str, Callable[[Sheet], str]] = {"table": _tsv, "tsv": _tsv, "csv": _csv, "json": _json, "md": _md}
"""What writes a sheet in a format; a table is drawn by the command line, which knows the terminal."""
