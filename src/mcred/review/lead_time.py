"""Spans of days, weeks, months and years: how long before its day work on a review begins, how far a report looks."""

import re
from datetime import date, timedelta

_WRITTEN = re.compile(r"([0-9]{1,5})([dwmy])")


def span(text: object) -> tuple[int, str] | None:
    """The amount and the unit of a span such as `90d`, `12w`, `3m` or `1y`; None where it is not written so."""
    found = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    return (int(found[1]), found[2]) if found else None


def start_by(day: date | None, lead_time: object) -> date | None:
    """The day on which work has to begin, for a lead time such as `90d`, `12w` or `3m`; None where either is open."""
    found = span(lead_time)
    return before(day, *found) if day is not None and found else None


def before(day: date, amount: int, unit: str) -> date | None:
    """The day so long before another; None where the calendar does not reach as far."""
    return after(day, -amount, unit)


def after(day: date, amount: int, unit: str) -> date | None:
    """The day so many days, weeks, months or years after another; a day that a month lacks becomes its last."""
    try:
        match unit:
            case "m" | "y":
                from dateutil.relativedelta import relativedelta

                return day + relativedelta(months=amount * (12 if unit == "y" else 1))
            case _:
                return day + timedelta(days=amount * (7 if unit == "w" else 1))
    except (ValueError, OverflowError):
        return None
