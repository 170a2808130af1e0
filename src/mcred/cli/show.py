"""`mcred show`."""

import json
import shutil
import sys
from collections.abc import Iterator
from textwrap import wrap
from typing import Annotated, Any

import typer

from mcred.cli.completing import ids
from mcred.cli.options import AsOf, Debug
from mcred.cli.publishing import put
from mcred.cli.records import Register, open_register
from mcred.errors import ExitCode, McredError, UsageError
from mcred.query import Row, shown
from mcred.record import TABLE, Record, View, derive
from mcred.record.derived import plain
from mcred.record.ledger import act_days, regimes
from mcred.text import did_you_mean, inert, one_of, plural

FORMATS = ("text", "json")
LABEL = 25
"""Columns of the names on a card."""


def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of a record, or an earlier id.", autocompletion=ids)],
    as_of: AsOf = None,
    format: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help=f"{one_of(FORMATS)}.")] = "text",
    debug: Debug = False,
) -> int:
    """Show one record: what it is, what was decided, and what follows.

    \b
    mcred show worked-example
    mcred show worked-example --as-of 2025-06-30     as it was in force on that day
    """  # noqa: D301 - \b keeps click from filling the lines
    if format not in FORMATS:
        raise UsageError(f"--format: no format '{format}'; there is {one_of(FORMATS)}" + did_you_mean(format, FORMATS))
    register = open_register(as_of)
    record = find(register, id)
    view = register.view(record)
    row = Row(record, derive(view))
    if format == "json":
        put(_json(register, row))
    else:
        put("".join(inert(line) + "\n" for line in _card(register, row, view)))
    return ExitCode.OK


def find(register: Register, name: str) -> Record:
    """The record of an id or an earlier id.

    Raises:
        McredError: there is none; the message names the nearest.
    """
    if name in register.records:
        return register.records[name]
    for record in register.records.values():
        if any(alias == name for _, alias in record.items("aliases")):
            return record
    for path in register.unread:
        if path.rpartition("/")[2] == f"{name}.yaml":
            raise McredError(f"{path} cannot be read: `mcred validate {path}` says why")
    raise McredError(f"no record '{name}'" + did_you_mean(name, register.records))


def _json(register: Register, row: Row) -> str:
    document = {
        "schema": "mcred-record/1",
        "as_of": register.day.isoformat(),
        "kind": row.record.kind,
        "path": row.record.path,
        "record": row.record.data,
        "derived": plain(row.derived),
        "from": {name: [str(pointer) for pointer in each.pointers] for name, each in row.derived.items()},
        "uncertain": [name for name in row.derived if row.uncertain(name)],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"


def _card(register: Register, row: Row, view: View) -> Iterator[str]:
    """The card: title, what it is, what follows on the day, what was decided, what is not known."""
    record, language = row.record, register.language
    title = record.data.get("title", record.data.get("number", record.id))
    yield shown(title, language)
    if isinstance(title, dict):
        yield from (f"{text} ({tag})" for tag, text in title.items() if tag != language)
    fictional = "; fictional example data" if row.value("fictional") else ""
    observed = "; a summary of what others publish, not the register" if record.observed else ""
    yield f"{record.id}, {_word(view, language)}{fictional}{observed}"
    yield ""
    yield from _pairs(_specification(row, language))
    derived = list(_derived(row, register))
    if derived:
        yield ""
        today = "" if not register.asked else " (what stands above is as the file says it today)"
        yield f"As of {register.day}{today}"
        yield from _pairs(derived)
    decisions = list(_decisions(record, view, register))
    if decisions:
        yield ""
        yield "Decisions"
        yield from decisions
    unknown = record.data.get("unknown")
    if unknown:
        yield ""
        yield from _pairs(
            [("Not known", "whatever is not here" if unknown == "rest" else ", ".join(map(str, unknown)))]
        )
    yield ""
    yield f"{record.path}"


_SHOWN = (
    *("framework", "level", "credits", "hours", "duration", "number", "type", "types", "coverage", "successors"),
    *("country", "website", "provider", "holder", "count", "members", "subjects", "versions", "components"),
)
"""What a card tells of the specification, in this order."""


def _specification(row: Row, language: str) -> Iterator[tuple[str, str]]:
    for name in _SHOWN:
        value = row.record.data.get(name)
        if value is not None:
            yield name.capitalize(), _value(name, value, language)
    statement = row.record.get(("purpose", "statement"))
    if statement is not None:
        yield "Purpose", shown(statement, language)
    for pointer, outcome in row.record.items("outcomes"):
        yield ("Outcomes" if pointer[-1] == 0 else ""), f"- {shown(outcome.get('text', outcome.get('id')), language)}"


def _value(name: str, value: Any, language: str) -> str:
    if name == "hours" and isinstance(value, dict):
        return ", ".join(
            f"{inner} {part.replace('_', '-')}" for part, inner in value.items() if isinstance(inner, int | float)
        )
    if name == "duration" and isinstance(value, list):
        return " or ".join(
            " ".join(shown(each.get(key)) for key in ("amount", "unit", "intensity") if each.get(key) is not None)
            for each in value
            if isinstance(each, dict)
        )
    if name == "types" and isinstance(value, list):
        return ", ".join(_typed(each) for each in value if isinstance(each, dict))
    if name == "subjects" and isinstance(value, list):
        return "; ".join(
            " ".join(filter(None, [shown(each.get("code")), " > ".join(map(str, each.get("path") or ()))]))
            for each in value
            if isinstance(each, dict)
        )
    if name == "versions" and isinstance(value, list):
        return "; ".join(_version(each, language) for each in value if isinstance(each, dict))
    return shown(value, language)


def _version(each: dict[str, Any], language: str) -> str:
    parts = [
        shown(value, language) if key == "title" else f"{key} {shown(value, language)}" for key, value in each.items()
    ]
    return ", ".join(parts)


def _typed(each: dict[str, Any]) -> str:
    dates = "".join(
        f" {word} {each[key]}" for key, word in (("from", "from"), ("until", "to")) if each.get(key) is not None
    )
    return f"{each.get('type')}{dates}"


def _derived(row: Row, register: Register) -> Iterator[tuple[str, str]]:
    for name, field in TABLE.items():
        if name in ("kind", "custody", "fictional", "offerings", "fees") or name not in row.derived:
            continue
        value = row.value(name)
        if value is None or value == []:
            continue
        text = shown(value, register.language)
        if name in ("developer", "may_deliver", "replaced_by"):
            text = _named(register, value)
        elif name == "review_years":
            text = plural(value, "year")
        yield field.title, text + (" (not certain)" if row.uncertain(name) else "")


def _word(view: View, language: str) -> str:
    """What the framework calls this kind of record: a micro-qualification in the Pacific."""
    terms = view.head.get("terms")
    return shown(terms[view.record.kind], language) if terms and view.record.kind in terms else view.record.kind


def _named(register: Register, value: Any) -> str:
    """The titles of what ids name, as far as the catalogue knows them."""
    found = []
    for name in value if isinstance(value, list) else [value]:
        record = register.records.get(name) if isinstance(name, str) else None
        title = shown(record.data.get("title"), register.language) if record else ""
        found.append(f"{title} ({name})" if title else shown(name, register.language))
    return ", ".join(found)


def _decisions(record: Record, view: View, register: Register) -> Iterator[str]:
    """The ledger in the order of recording, without what is dated after the day; void and corrected ones say so."""
    ranges = regimes(view.head)
    changed = {
        decision.get("decision"): "void" if decision.get("void") else "corrected"
        for _, decision in record.items("decisions")
        if decision.get("act") == "corrected"
    }
    later = 0
    for _, decision in record.items("decisions"):
        if act_days(decision, ranges).first > register.day:
            later += 1
            continue
        when = str(decision.get("date") or (f"under {decision['under']}" if "under" in decision else "day unknown"))
        parts = [str(decision.get("act", "?"))]
        parts += [
            f"{key} {shown(decision[key])}"
            for key in ("version", "status", "outcome", "provider", "next_review")
            if key in decision
        ]
        if decision.get("by") is not None:
            parts.append(f"by {shown(decision['by'])}")
        mark = f" [{changed[decision['id']]}]" if decision.get("id") in changed else ""
        yield f"  {when:<12} {', '.join(parts)}{mark}"
    if later:
        yield f"  ({later} later than {register.day} not shown)"


def _pairs(pairs: Any) -> Iterator[str]:
    """Names and values in two columns, values wrapped on a terminal."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for name, value in pairs:
        lines = wrap(value, max(width - LABEL - 2, 30), break_long_words=False) if width and value else [value]
        yield f"  {name:<{LABEL}}{lines[0] if lines else ''}".rstrip()
        yield from (" " * (LABEL + 2) + line for line in lines[1:])
