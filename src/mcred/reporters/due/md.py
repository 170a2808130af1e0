"""What is due as a page in Markdown, for an issue, a wiki or the papers of a committee."""

from collections.abc import Iterable, Iterator, Sequence

from mcred.reporters.due import Sheet
from mcred.reporters.due.rows import (
    BUCKETS,
    COLUMNS,
    far_off,
    groups,
    heading,
    left_out,
    named,
    nothing,
    sentence,
    text_of,
    title,
    window,
)
from mcred.review import Item
from mcred.text import literal

_INSIDE = ("title", "code", "bucket", "days")
"""The columns that have none of their own here: they are told with the record, with the day, or by the heading."""


def write(sheet: Sheet) -> bytes:
    """A heading, how many there are of each bucket, and a table for each group."""
    return ("\n\n".join(_blocks(sheet)) + "\n").encode()


def _blocks(sheet: Sheet) -> Iterator[str]:
    report = sheet.report
    yield f"# {literal(heading(sheet))}"
    yield f"{sentence(window(sheet))}."
    yield _table(("When", "Number"), [(BUCKETS[name], str(number)) for name, number in report.counts.items()])
    if not report.items:
        yield f"{sentence(nothing(sheet))}."
    # A column that nobody fills would only make the tables wider.
    columns = [
        name
        for name in ("due", *COLUMNS)
        if name not in _INSIDE and (name == "due" or any(text_of(item, sheet, name) for item in report.items))
    ]
    columns = list(dict.fromkeys(columns))
    for name, items in groups(sheet):
        yield f"## {literal(named(name, sheet.by))} ({len(items)})"
        yield _table(
            [COLUMNS[column].heading for column in columns],
            [[_cell(item, sheet, column) for column in columns] for item in items],
        )
    if told := left_out(sheet):
        yield "\n".join(f"- {line}" for line in told)


def _cell(item: Item, sheet: Sheet, column: str) -> str:
    text = literal(text_of(item, sheet, column))
    if column == "due":
        return f"{text}, {far_off(item, sheet)}" if text else "no date"
    if column == "id":
        called = literal(title(item, sheet))
        return f"**{called}** ({', '.join([text, *([literal(item.code)] if item.code else [])])})" if called else text
    return text


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))
