"""`mcred transition`, and what `mcred why` says of a transition."""

import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from textwrap import wrap
from typing import Annotated

import typer

from mcred.cli.completing import ids as known_ids
from mcred.cli.due_reviews import CUSTODIES
from mcred.cli.frameworks import pairs
from mcred.cli.options import AsOf, At, Debug, choice
from mcred.cli.publishing import outputs, put, save, table
from mcred.cli.reckoning import undecidable
from mcred.cli.records import Register, open_register
from mcred.cli.show import find
from mcred.errors import ExitCode, McredError
from mcred.frameworks import Case
from mcred.query import shown
from mcred.record import Record
from mcred.record.derived import fictional
from mcred.record.reviews import ASSUMED, REVIEWED
from mcred.reporters.transition import (
    COLUMNS,
    FORMATS,
    SCOPE,
    WRITERS,
    Row,
    Sheet,
    cells,
    counted,
    heading,
    published,
    state,
)
from mcred.review.transition import SCOPES, Answer, Said, successors, told, transitions
from mcred.text import inert

WIDEST = 100
"""Columns of a line of text: longer ones are hard to read."""


def transition(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Records. Nothing: all earlier awards.", autocompletion=known_ids),
    ] = None,
    scope: Annotated[
        str | None,
        choice(SCOPES, "scope", "--scope", metavar="SCOPE", help="Only what is so", several=True),
    ] = None,
    custody: Annotated[str, choice(CUSTODIES, "custody", "--custody", metavar="CUSTODY", help="Whose records")] = "own",
    format: Annotated[
        str, choice(FORMATS, "format", "--format", "-f", metavar="FORMAT", help="How to print")
    ] = "table",
    output: Annotated[
        list[str] | None, typer.Option(metavar="FORMAT=FILE", help="Also write it to a file; as often as wanted.")
    ] = None,
    as_of: AsOf = None,
    at: At = None,
    debug: Debug = False,
) -> int:
    """Say which earlier awards are reviewed to bring them under new rules, why, and when that is due.

    \b
    mcred transition                              former training schemes, micro-credentials not listed yet
    mcred transition --scope in,cannot-tell       what to look at
    mcred transition --format csv >transition.csv
    mcred why working-dog-care-course transition  one of them, with the published wordings

    \b
    In scope or out of it is what all published wordings say; where they do not agree, nobody can tell.
    `mcred due-reviews --kind transition` has the days.
    """  # noqa: D301 - \b keeps click from filling the lines
    files = outputs(output or (), FORMATS)
    register = open_register(as_of, at)
    named = [find(register, id) for id in ids or ()]
    sheet = _sheet(register, named, scope, custody)
    text = _drawn(sheet) if format == "table" and sys.stdout.isatty() else WRITERS[format](sheet)
    save([(path, WRITERS[name](sheet)) for name, path in files], lambda: put(text))
    return ExitCode.OK


def _sheet(register: Register, named: list[Record], scope: str | None, custody: str) -> Sheet:
    """The answers that are wanted: what is in scope first, and then by the day that it is due."""
    asked = named or [record for record in register.records.values() if record.kind in REVIEWED]
    faulty = [record for record in asked if undecidable(record, register.context)]
    gone = _successors(register)
    rows = [
        Row(record, answer, fictional(register.view(record)).value is True)
        for record in asked
        if record not in faulty and (named or custody in ("all", "observed" if record.observed else "own"))
        for answer in _answers(register, record, gone)
        if named or answer.concerned
    ]
    order = {"in": 0, "cannot-tell": 1, "out": 2}

    def by(row: Row) -> tuple[int, date, str]:
        due = row.answer.due.day if row.answer.due is not None else None
        return order[row.answer.scope], due or date.max, row.record.id

    return Sheet(
        tuple(sorted((row for row in rows if scope is None or row.answer.scope in scope.split(",")), key=by)),
        register.clocks,
        Counter(row.answer.scope for row in rows),
        register.workspace.settings.title,
        register.workspace.settings.timezone,
        register.language,
        len(faulty) + len(register.unread),
    )


def _successors(register: Register) -> dict[str, str]:
    return successors(register.view(record) for record in register.records.values() if "replaces" in record.data)


def _answers(register: Register, record: Record, gone: dict[str, str]) -> Iterator[Answer]:
    book = register.context.books.get(record.framework or "")
    if book is not None:
        case = Case(record, book, register.organisations, register.day, language=register.language)
        yield from transitions(case, gone.get(record.id))


def _drawn(sheet: Sheet) -> str:
    """A table with its heading, and below it the wordings."""
    parts = [heading(sheet), counted(sheet), ""]
    if sheet.rows:
        head = tuple(name for name, _ in COLUMNS.values())
        parts += [table(head, cells(sheet)).rstrip("\n"), ""]
    room = min(WIDEST, shutil.get_terminal_size().columns)
    for name, says in published(sheet):
        parts += wrap(inert(f"{name}: {says}"), room, subsequent_indent="  ", break_on_hyphens=False)
    return "\n".join(parts).rstrip("\n") + "\n"


def explained(register: Register, record: Record) -> str:
    """What each transition of its framework means for a record: each wording, each fact, and all that is assumed.

    Raises:
        McredError: it has faults, or its framework has no transition for its kind.
    """
    if undecidable(record, register.context):
        raise McredError(f"'{record.id}' has faults: `{register.workspace.validating(record.id)}` says which")
    answers = list(_answers(register, record, _successors(register)))
    if not answers:
        raise McredError(f"no review of earlier awards is known that '{record.id}' could be in")
    lines = [f"{record.id}: {shown(record.data.get('title'), register.language)}"]
    for answer in answers:
        lines += ["", *pairs(list(_told(answer, register)))]
    return "".join(inert(line) + "\n" for line in lines)


def _said(said: Said) -> str:
    """What follows from a wording, with its reason."""
    if not said.scope:
        return "it says nothing of this record"
    because = told(said.because) if said.because else ""
    if said.scope == "cannot-tell":
        return f"nobody can tell: {because}" if because else "nobody can tell"
    return ", ".join(filter(None, (f"it is {SCOPE[said.scope]}", because)))


def _told(answer: Answer, register: Register) -> Iterator[tuple[str, str]]:
    yield "Transition", shown(answer.title, register.language)
    yield "Scope", SCOPE[answer.scope]
    yield "Because", told(answer.because)
    for number, each in enumerate(answer.said):
        source = f" ({each.source})" if each.source else ""
        yield "Wordings" if number == 0 else "", f"{each.wording}{source}: {shown(each.says, register.language)}"
        yield "", f"  so {_said(each)}"
    due = answer.due
    if due is not None:
        yield "Due", due.day.isoformat() if due.day is not None else "no day is known"
        for number, step in enumerate(due.steps):
            yield "Facts" if number == 0 else "", step.says
        for number, word in enumerate(due.assumed):
            yield "Assumed" if number == 0 else "", ASSUMED[word]
        yield "State", state(answer)
    if answer.apply_by is not None:
        yield "Apply by", answer.apply_by
    yield "As of", str(register.clocks)
