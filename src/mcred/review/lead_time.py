"""How long before its day the work on a review begins."""

import re
from datetime import date, timedelta

_WRITTEN = re.compile(r"([1-9][0-9]{0,4})([dwm])")


def start_by(day: date | None, lead_time: object) -> date | None:
    """The day on which work has to begin, for a lead time such as `90d`, `12w` or `3m`; None where either is open."""
    found = _WRITTEN.fullmatch(lead_time) if isinstance(lead_time, str) else None
    return before(day, int(found[1]), found[2]) if day is not None and found else None


def before(day: date, amount: int, unit: str) -> date | None:
    """The day so many days, weeks or months before another; a day that a month lacks becomes its last."""
    from dateutil.relativedelta import relativedelta

    try:
        return day - (
            relativedelta(months=amount) if unit == "m" else timedelta(days=amount * (7 if unit == "w" else 1))
        )
    except (ValueError, OverflowError):
        return None
