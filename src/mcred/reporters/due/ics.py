"""What is due as a calendar to subscribe to: one event an item that has a date, the same event when the date moves."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote

from icalendar import TRANSP, Calendar, Event

from mcred.reporters.due import Sheet
from mcred.reporters.due.rows import COLUMNS, KINDS, address, cells, far_off, heading, host, left_out, title, window
from mcred.review import Item
from mcred.text import inert, plural


def write(sheet: Sheet) -> bytes:
    """The calendar. The time of writing that events bear is the report's day, so the same report is the same bytes."""
    items = sheet.report.items
    undated = sum(item.due.day is None for item in items)
    told = [heading(sheet), window(sheet), *left_out(sheet)]
    if undated:
        told.append(f"{plural(undated, 'item')} without a date, which a calendar cannot show")
    calendar = Calendar.new(
        prodid="-//mcred//Reviews due//EN",
        method="PUBLISH",
        name=inert(f"{sheet.title}: reviews due" if sheet.title else "Reviews due"),
        description=inert("; ".join(told)),
        uid=f"reviews-due@{_domain(sheet)}",  # else the library draws one by lot
        url=address(sheet) or None,
        subcomponents=[_event(item, item.due.day, sheet) for item in items if item.due.day is not None],
    )
    calendar.add("refresh-interval", timedelta(days=1), {"VALUE": "DURATION"})
    written: bytes = calendar.to_ical()
    return written


def _event(item: Item, day: date, sheet: Sheet) -> Event:
    """An item as an event of a whole day that blocks nobody's time."""
    names = [quote(name, safe="") for name in (item.record, item.kind, item.id) if name]
    overdue = day < sheet.report.as_of
    return Event.new(
        # Without the day, so that a calendar moves the event and does not show two. `sequence` tells it which is newer.
        uid=f"{'.'.join(names)}@{_domain(sheet)}",
        sequence=item.revision,
        stamp=datetime.combine(sheet.report.as_of, time(), UTC),
        start=day,
        end=day + timedelta(days=1) if day < date.max else None,
        transparency=TRANSP.TRANSPARENT,
        summary=inert(f"{KINDS[item.kind].capitalize()}: {title(item, sheet)}"),
        description="\n".join(map(inert, _details(item, sheet))),
        categories=[KINDS[item.kind], *(["overdue"] if overdue else [])],
        url=address(sheet) or None,
    )


def _details(item: Item, sheet: Sheet) -> Iterator[str]:
    """What the columns hold that the event does not say elsewhere, a line each."""
    yield f"{far_off(item, sheet)}, as of {sheet.clocks}"
    for (name, column), cell in zip(COLUMNS.items(), cells(item, sheet), strict=True):
        if cell and name not in ("title", "kind", "bucket", "days"):
            yield f"{column.heading}: {cell}"


def _domain(sheet: Sheet) -> str:
    """What makes the ids of events unlike those of other registers: the host of this one, where it has an address."""
    return host(sheet) or "mcred"
