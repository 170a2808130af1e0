"""The columns of the report of what is due, in one order and with the same words in every format."""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from mcred.query import shown
from mcred.record.reviews import ASSUMED, FROM, NO_DATE
from mcred.reporters.due import Sheet
from mcred.review import NONE, Item, grouped
from mcred.text import plural

BUCKETS = {
    "overdue": "Overdue against the listed period",
    "today": "Due today",
    "7": "Due within 7 days",
    "30": "Due within 30 days",
    "90": "Due within 90 days",
    "later": "Due later",
    "none": "Without a date",
}
"""The buckets in words."""

KINDS = {
    "developer": "review",
    "provider": "provider's input",
    "condition": "condition",
    "delivery": "delivery ends",
    "expiring": "status ends",
    "framework": "check of framework data",
    "standard": "review of a standard",
    "transition": "review of an earlier award",
}
"""What is due, in words."""

STATES = {
    "not-started": "not started",
    "under-way": "under way",
    "reported": "reported",
    "with-the-authority": "with the authority",
}
"""How far a review has come, in words."""


def title(item: Item, sheet: Sheet) -> str:
    """The title in the catalogue's language, or the id where it has none; example data says so."""
    return (shown(item.title, sheet.language) or item.record) + (" (fictional)" if item.fictional else "")


def state(item: Item) -> str:
    """How far it has come; only reviews come along."""
    return STATES[item.state] if item.kind in ("developer", "provider") else ""


def how(item: Item, sheet: Sheet) -> str:
    """How the date came about, and everything that was assumed for it; of a condition, what it asks too."""
    due = item.due
    if due.day is None and item.kind == "transition":
        return "; ".join(step.says for step in due.steps)  # no period runs: its day is one that somebody published
    if due.day is None:
        return "; ".join(
            [NO_DATE[due.because], *(step.says for step in due.steps[-1:] if due.because == "implausible")]
        )
    told = "; ".join(step.says for step in due.steps) or FROM[due.because]
    told += f": {shown(item.asks, sheet.language)}" if item.asks else ""
    assumed = [ASSUMED[word] for word in due.assumed]
    return told + (f" (assumed: {'; '.join(assumed)})" if assumed else "")


def place(item: Item) -> str:
    """Where the fact stands that decides it, as path:line."""
    return f"{item.path}:{item.line}" if item.line else item.path


ENDING = ("delivery", "expiring")
"""The kinds that end on their day, and are not due by it."""


def far_off(item: Item, sheet: Sheet) -> str:
    """How far off its day is, in words that need no colour; nothing where it has none."""
    days = item.days(sheet.report.as_of)
    if days is None:
        return ""
    ends = item.kind in ENDING
    if days == 0:
        return "ends today" if ends else "today"
    if days > 0:
        return f"{'ends ' if ends else ''}in {plural(days, 'day')}"
    return f"ended {plural(-days, 'day')} ago" if ends else f"{plural(-days, 'day')} overdue"


class Column(NamedTuple):
    """A column: its heading, and what it holds for an item: text, a number or a date."""

    heading: str
    value: Callable[[Item, Sheet], str | int | date | None]


COLUMNS = {
    "id": Column("Record", lambda item, sheet: item.record),
    "title": Column("Title", title),
    "code": Column("Reporting code", lambda item, sheet: item.code),
    "kind": Column("What", lambda item, sheet: KINDS[item.kind]),
    "state": Column("State", lambda item, sheet: state(item)),
    "lead": Column("Lead", lambda item, sheet: item.lead),
    "organisation": Column("Organisation", lambda item, sheet: item.organisation),
    "bucket": Column("Bucket", lambda item, sheet: item.bucket(sheet.report.as_of)),
    "due": Column("Due", lambda item, sheet: item.due.day),
    "days": Column("Days", lambda item, sheet: item.days(sheet.report.as_of)),
    "start_by": Column("Start by", lambda item, sheet: item.start_by),
    "last_review": Column("Last review", lambda item, sheet: item.last_review),
    "outstanding": Column("Input wanted from", lambda item, sheet: ", ".join(item.outstanding)),
    "because": Column("How the date came about", how),
    "place": Column("Place", lambda item, sheet: place(item)),
}
"""Every column, in order."""


def text_of(item: Item, sheet: Sheet, column: str) -> str:
    """One column of an item as text."""
    value = COLUMNS[column].value(item, sheet)
    return "" if value is None else str(value)


def cells(item: Item, sheet: Sheet) -> tuple[str, ...]:
    """All columns of an item as text."""
    return tuple(text_of(item, sheet, column) for column in COLUMNS)


def groups(sheet: Sheet) -> list[tuple[str, list[Item]]]:
    """The rows by what they are grouped by; a group of none is left out."""
    return grouped(sheet.report, sheet.by)


def named(group: str, by: str) -> str:
    """What a group of rows is headed by."""
    if by == "bucket":
        return BUCKETS[group]
    if group == NONE:
        return f"No {by}"
    return {"kind": KINDS.get(group, group).capitalize(), "level": f"Level {group}"}.get(by, group)


_ADDRESS = re.compile(r"https?://([A-Za-z0-9.-]+)(?::[0-9]+)?(?:[/?#][!-~]*)?")


def address(sheet: Sheet) -> str:
    """Where the register is published; nothing where that is no address of the web."""
    return sheet.base_url if _ADDRESS.fullmatch(sheet.base_url) else ""


def host(sheet: Sheet) -> str:
    """The host of that address."""
    found = _ADDRESS.fullmatch(sheet.base_url)
    return found[1].lower() if found else ""


def sentence(text: str) -> str:
    """Text that begins as a sentence does."""
    return text[:1].upper() + text[1:]


def heading(sheet: Sheet) -> str:
    """What was asked, of what, and as of when."""
    name = f"{sheet.title}: r" if sheet.title else "R"
    return f"{name}eviews due as of {sheet.clocks} ({sheet.timezone})"


def window(sheet: Sheet) -> str:
    """Which part of it is shown, and what could not be read."""
    report = sheet.report
    until = report.wanted.until
    told = f"overdue, and due by {until}" if until is not None else "all that is due"
    told += ", and what has no date" if report.wanted.undated else ""
    told = f"new since {report.since}: {told}" if report.since is not None else told
    one = sheet.unread == 1
    unread = f"{plural(sheet.unread, 'record')} {'has' if one else 'have'} faults and {'is' if one else 'are'} left out"
    return told + (f"; {unread}: `mcred validate`" if sheet.unread else "")


def left_out(sheet: Sheet) -> list[str]:
    """What the report does not show, in numbers, with the reasons why some of it has no date."""
    report = sheet.report
    told = []
    if len(report.items) < report.matching:
        told.append(f"showing {len(report.items)} of {report.matching}")
    if report.rest["later"]:
        told.append(f"{report.rest['later']} due later, not listed (--within 1y)")
    if report.rest["none"]:
        why = "; ".join(f"{NO_DATE[because]} ({number})" for because, number in report.undated.items())
        told.append(f"{report.rest['none']} without a date, not listed (any --within lists them): {why}")
    return told


def nothing(sheet: Sheet) -> str:
    """What to say where no row is shown."""
    until = sheet.report.wanted.until
    due = f" by {until}" if until is not None else ""
    new = f" that was not known on {sheet.report.since}" if sheet.report.since is not None else ""
    return f"nothing is due{due}{new} ({plural(sheet.report.checked, 'record')} checked)"
