"""What is due, for people at a terminal: what is most pressing first, and all that is known of each."""

from collections.abc import Iterator
from textwrap import wrap

from mcred.reporters.due import Sheet
from mcred.reporters.due.rows import (
    KINDS,
    far_off,
    groups,
    heading,
    how,
    left_out,
    named,
    nothing,
    place,
    state,
    title,
    window,
)
from mcred.reporters.styled import Line, written
from mcred.review import Item
from mcred.text import columns, inert

STYLES = {"overdue": "bold red", "today": "bold yellow", "7": "bold yellow", "none": "bold magenta"}
"""Of a bucket's heading; the words say the same as the colour."""

MARGIN = 12
"""Columns of a date, and of what stands below it."""

WIDEST = 100
"""Columns of a line where the terminal is wider or not known: longer ones are hard to read."""

NARROWEST = 24
"""Columns that text is wrapped to at the least; a title with less room beside its date stands below it."""


def write(sheet: Sheet) -> bytes:
    """The report as lines for a terminal."""
    width = min(sheet.look.width or WIDEST, WIDEST)
    lines: list[Line] = []
    for text, style in ((heading(sheet), "bold"), (window(sheet), "")):
        lines += [[(part, style)] for part in _wrapped(text, width)]
    for name, items in groups(sheet):
        style = STYLES.get(name, "bold") if sheet.by == "bucket" else "bold"
        lines += [[], [(inert(f"{named(name, sheet.by)} ({len(items)})"), style)], []]
        for item in items:
            lines += _item(item, sheet, width)
    if not sheet.report.items:
        lines += [[], *([(part, "")] for part in _wrapped(nothing(sheet), width))]
    told = left_out(sheet)
    lines += [[]] if told else []
    for text in told:
        lines += [[(part, "")] for part in _wrapped(text, width)]
    return written(lines, sheet.look).encode()


def _item(item: Item, sheet: Sheet, width: int) -> Iterator[Line]:
    days = far_off(item, sheet)
    when = item.due.day.isoformat() if item.due.day is not None else "no date"
    beside = f"{days}  " if days else ""
    late = STYLES.get(item.bucket(sheet.report.as_of), "")
    indent = MARGIN + columns(beside)
    if width - indent < NARROWEST:
        indent = MARGIN
        yield [(when.ljust(MARGIN), late), (days, late)]
        rest = _wrapped(title(item, sheet), width - indent)
    else:
        first, *rest = _wrapped(title(item, sheet), width - indent)
        yield [(when.ljust(MARGIN), late), (beside, late), (first, "bold")]
    yield from ([(" " * indent + part, "bold")] for part in rest)
    for text, style in ((_what(item), ""), (how(item, sheet), "dim"), (place(item), "dim")):
        yield from ([(" " * MARGIN + part, style)] for part in (_wrapped(text, width - MARGIN) if text else []))


def _what(item: Item) -> str:
    """What is due, how far it has come, and who has to do what."""
    come = state(item)
    coded = f"{item.record} ({item.code})" if item.code else item.record
    parts = [
        f"{coded}: {KINDS[item.kind]}" + (f" '{item.id}'" if item.kind == "condition" else ""),
        come,
        f"lead {item.lead}" if item.lead else "",
        f"by {item.organisation}" if item.organisation else "",
        f"start by {item.start_by}" if item.start_by is not None else "",
        f"input wanted from {', '.join(item.outstanding)}" if item.outstanding else "",
    ]
    return "; ".join(filter(None, parts))


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(inert(text), max(width, NARROWEST), break_on_hyphens=False) or [""]
