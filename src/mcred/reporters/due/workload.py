"""How much falls due when or with whom, and which reviews could come earlier: figures, with bars for a terminal."""

from mcred.reporters.due import Sheet
from mcred.reporters.due.rows import heading, title, window
from mcred.reporters.styled import Line, written
from mcred.reporters.tabular import csv, tsv
from mcred.review import load, spread
from mcred.text import as_json, columns, encodable, inert, plural

FORMATS = ("table", "tsv", "csv", "json")
"""The formats in which figures are written."""

LOAD = ("due", "overdue")
SPREAD = ("id", "title", "lead", "due", "proposed")


def write(sheet: Sheet, about: str, format: str) -> bytes:
    """The figures by `month` or `lead`, or the proposals of a `spread`, in a format."""
    if format == "table":
        lines = _proposals(sheet) if about == "spread" else _bars(sheet, about)
        return written(lines, sheet.look).encode()
    if format == "json":
        return _json(sheet, about)
    rows = _earlier(sheet) if about == "spread" else _loads(sheet, about)
    head = SPREAD if about == "spread" else (about, *LOAD)
    return {"tsv": tsv, "csv": csv}[format](
        head, [tuple("" if c is None else str(c) for c in row) for row in rows]
    ).encode()


def _loads(sheet: Sheet, by: str) -> list[tuple[str | int | None, ...]]:
    return [tuple(each) for each in load(sheet.report.items, sheet.report.as_of, by)]


def _earlier(sheet: Sheet) -> list[tuple[str | int | None, ...]]:
    return [
        (each.item.record, title(each.item, sheet), each.item.lead, str(each.item.due.day), str(each.day))
        for each in spread(sheet.report.items, sheet.report.as_of)
    ]


def _json(sheet: Sheet, about: str) -> bytes:
    head, rows = (SPREAD, _earlier(sheet)) if about == "spread" else ((about, *LOAD), _loads(sheet, about))
    document = {
        "schema": "mcred-due-workload/1",
        **sheet.clocks.plain(),
        "timezone": sheet.timezone,
        "about": about,
        "rows": [dict(zip(head, row, strict=True)) for row in rows],
    }
    return (as_json(document) + "\n").encode()


def _bars(sheet: Sheet, by: str) -> list[Line]:
    """A bar for each month or lead; what is overdue stands out by its sign and by its colour."""
    loads = load(sheet.report.items, sheet.report.as_of, by)
    names = max((columns(inert(each.name)) for each in loads), default=0)
    most = max((each.number for each in loads), default=0)
    digits = len(str(most))
    room = max(min(sheet.look.width or 80, 100) - names - digits - 6, 10)
    solid = encodable("█", sheet.look.encoding) == "█"
    late, ahead = ("█", "░") if solid else ("#", "=")
    lines: list[Line] = [[(f"{heading(sheet)}, by {by}", "bold")], [(window(sheet), "")], []]
    for each in loads:
        wide = -(-each.number * room // most) if most > room else each.number
        red = -(-each.overdue * wide // each.number) if each.number else 0
        name = inert(each.name)
        lines.append(
            [
                (name + " " * (names - columns(name)) + "  ", ""),
                (str(each.number).rjust(digits) + "  ", "bold"),
                (late * red, "bold red"),
                (ahead * (wide - red), ""),
            ]
        )
    return [*lines, [], [(f"{late} overdue  {ahead} due", "")]]


def _proposals(sheet: Sheet) -> list[Line]:
    """A line for each review that could come earlier, by the month in which it would be done."""
    found = spread(sheet.report.items, sheet.report.as_of)
    lines: list[Line] = [[(f"{heading(sheet)}, levelled", "bold")], []]
    for each in found:
        lines.append([(f"{each.day}  ", "bold"), (inert(f"{each.item.record}: {title(each.item, sheet)}"), "")])
        beside = f"; lead {each.item.lead}" if each.item.lead else ""
        lines.append([(inert(f"{'':10}  due {each.item.due.day}{beside}"), "")])
    if not found:
        return [*lines, [("no month has more than is unavoidable: nothing needs to come earlier", "")]]
    return [*lines, [], [(f"{plural(len(found), 'review')} could come earlier; none would come later than due", "")]]
