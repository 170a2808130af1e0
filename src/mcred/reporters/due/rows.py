"""The columns of the report of what is due, in one order and with the same words in every format."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from mcred.query import shown
from mcred.record.reviews import ASSUMED, FROM, NO_DATE
from mcred.reporters.due import Sheet
from mcred.review import Item

BUCKETS = {
    "overdue": "Overdue against the period in force",
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
    """The title in the catalogue's language; example data says so."""
    return shown(item.title, sheet.language) + (" (fictional)" if item.fictional else "")


def state(item: Item) -> str:
    """How far it has come; only reviews come along."""
    return STATES[item.state] if item.kind in ("developer", "provider") else ""


def how(item: Item) -> str:
    """How the date came about, and everything that was assumed for it."""
    due = item.due
    if due.day is None:
        return "; ".join(
            [NO_DATE[due.because], *(step.says for step in due.steps[-1:] if due.because == "implausible")]
        )
    told = "; ".join(step.says for step in due.steps if not step.says.startswith("so it is due")) or FROM[due.because]
    assumed = [ASSUMED[word] for word in due.assumed if word != "end-of-month"]
    return told + (f" (assumed: {'; '.join(assumed)})" if assumed else "")


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
    "because": Column("How the date came about", lambda item, sheet: how(item)),
    "place": Column("Place", lambda item, sheet: f"{item.path}:{item.line}" if item.line else item.path),
}
"""Every column, in order."""


def cells(item: Item, sheet: Sheet) -> tuple[str, ...]:
    """All columns of an item as text."""
    return tuple(
        ""
        if (value := column.value(item, sheet)) is None
        else value.isoformat()
        if isinstance(value, date)
        else str(value)
        for column in COLUMNS.values()
    )


def heading(sheet: Sheet) -> str:
    """What was asked, of what, and as of when."""
    name = f"{sheet.title}: r" if sheet.title else "R"
    return f"{name}eviews due as of {sheet.report.as_of} ({sheet.timezone})"


def window(sheet: Sheet) -> str:
    """Which part of it is shown."""
    report = sheet.report
    until = report.wanted.until
    shown_part = f"overdue and due by {until}" if until is not None else "all that is due"
    if report.since is not None:
        shown_part = f"new since {report.since}: {shown_part}"
    return shown_part


def left_out(sheet: Sheet) -> list[str]:
    """What the report does not show, in numbers, and what was not read."""
    report = sheet.report
    told = []
    if len(report.items) < report.matching:
        told.append(f"showing {len(report.items)} of {report.matching}")
    if report.since is None:
        in_rows = dict.fromkeys(report.counts, 0)
        for item in report.items:
            in_rows[item.bucket(report.as_of)] += 1
        rest = {name: report.counts[name] - in_rows[name] for name in ("later", "none")}
        words = {"later": "due later", "none": "without a date"}
        told += [
            f"{number} {words[name]}, not listed" for name, number in rest.items() if number > 0 and not in_rows[name]
        ]
    if sheet.unread:
        told.append(f"{sheet.unread} {'file' if sheet.unread == 1 else 'files'} could not be read: `mcred validate`")
    return told


def nothing(sheet: Sheet) -> str:
    """What to say where no row is shown."""
    until = sheet.report.wanted.until
    checked = f"{sheet.report.checked} {'record' if sheet.report.checked == 1 else 'records'} checked"
    due = f" by {until}" if until is not None else ""
    new = f" that was not known on {sheet.report.since}" if sheet.report.since is not None else ""
    return f"Nothing is due{due}{new} ({checked})."
