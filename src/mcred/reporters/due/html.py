"""What is due as one page that needs nothing else: to be read on any screen, printed, sent and filed."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from mcred.reporters.due import Sheet
from mcred.reporters.due.rows import (
    BUCKETS,
    COLUMNS,
    address,
    far_off,
    groups,
    heading,
    left_out,
    named,
    nothing,
    sentence,
    text_of,
    window,
)
from mcred.reporters.pages import page
from mcred.review import Item, load

_MOST = 24
"""How many bars a chart has before the rest is put into one."""


def write(sheet: Sheet) -> bytes:
    """The page."""
    report = sheet.report
    made = page(
        "mcred.reporters.due",
        "page.html.j2",
        heading=heading(sheet),
        window=f"{sentence(window(sheet))}.",
        counts=[(BUCKETS[name], number) for name, number in report.counts.items()],
        bars=bars(report.items, report.as_of),
        groups=[(named(name, sheet.by), [_row(item, sheet) for item in items]) for name, items in groups(sheet)],
        head={name: column.heading for name, column in COLUMNS.items()},
        nothing=f"{sentence(nothing(sheet))}.",
        left_out=left_out(sheet),
        language=sheet.language,
        address=address(sheet),
    )
    return made.encode()


def _row(item: Item, sheet: Sheet) -> dict[str, str]:
    """What the page shows of an item: all its columns, how far off it is, and what its look follows from."""
    pressing = {"overdue": "overdue", "today": "soon", "7": "soon", "30": "soon"}
    return {
        **{name: text_of(item, sheet, name) for name in COLUMNS},
        "far_off": far_off(item, sheet) or "no date",
        "pressing": pressing.get(item.bucket(sheet.report.as_of), ""),
    }


class Bar(NamedTuple):
    """A bar of the chart: what it stands for, how many items, and how long it is in percent of the longest."""

    name: str
    number: int
    length: int


def bars(items: Iterable[Item], today: date) -> list[Bar]:
    """How many items are overdue, and how many fall due in each month; far months share a bar."""
    loads = [(each.name, each.number) for each in load((item for item in items if item.due.day), today, "month")]
    near, far = loads[:_MOST], loads[_MOST:]
    if far:
        near.append(("after that", sum(number for _, number in far)))
    longest = max((number for _, number in near), default=0)
    return [Bar(name, number, round(100 * number / longest)) for name, number in near]
