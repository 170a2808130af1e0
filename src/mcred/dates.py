"""The calendar: dates as closed ranges of days, and what is wrong with one that cannot be."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

MONTHS = "January February March April May June July August September October November December".split()

PATTERN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")

ZONE_NAME = re.compile("[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
"""How a time zone is written, as in the schema of catalogue.yaml; nothing in it leads out of a folder."""


class Days(NamedTuple):
    """A closed range of calendar days, both ends included.

    `2026-11` is the range from the first to the last day of November 2026.
    """

    first: date
    last: date


class ImpossibleDate(ValueError):
    """The text looks like a date, but no calendar has that day; the message says which."""


@lru_cache(maxsize=4096)
def days(text: str | int) -> Days:
    """The days that `2026-11-22`, `2026-11` or `2026` stands for.

    Raises:
        ImpossibleDate: the month or the day does not exist.
        ValueError: it is not written as a date at all.
    """
    match = PATTERN.fullmatch(str(text))
    if not match:
        raise ValueError(f"'{text}' is not a date such as 2026-11-22, 2026-11 or 2026")
    year, month, day = (int(part) if part else None for part in match.groups())
    if not year:
        raise ImpossibleDate("there is no year 0000")
    if month is not None and not 1 <= month <= 12:
        raise ImpossibleDate(f"there is no month {month:02}; months run from 01 to 12")
    if day is not None and month is not None:
        longest = monthrange(year, month)[1]
        if not 1 <= day <= longest:
            raise ImpossibleDate(f"{day} {MONTHS[month - 1]} {year} does not exist")
        return Days(date(year, month, day), date(year, month, day))
    if month is not None:
        return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    return Days(date(year, 1, 1), date(year, 12, 31))


def when(text: str | int | date) -> str:
    """A date in a sentence: `on 2026-11-22`, `in 2026-11`; the first day that there is stands for one nobody knows."""
    if str(text) == date.min.isoformat():
        return "on a day that is not recorded"
    return f"{'on' if str(text).count('-') == 2 else 'in'} {text}"


def today(timezone: str) -> date:
    """Today's date in a time zone such as `Pacific/Auckland`; read at the command line only.

    Raises:
        ValueError: there is no such time zone.
    """
    if timezone == "UTC":
        return datetime.now(UTC).date()
    return datetime.now(_zone(timezone)).date()


def end_of(day: date, timezone: str) -> int:
    """The last second of a day in a time zone, in seconds since 1970.

    Raises:
        ValueError: there is no such time zone.
    """
    zone = UTC if timezone == "UTC" else _zone(timezone)
    return int(datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone, fold=1).timestamp())


def day_of(time: int, timezone: str) -> date:
    """The day of a time, in seconds since 1970, in a time zone.

    Raises:
        ValueError: there is no such time zone.
    """
    return datetime.fromtimestamp(time, UTC if timezone == "UTC" else _zone(timezone)).date()


def zone_exists(name: str) -> bool:
    """Whether there is such a time zone."""
    try:
        today(name)
    except ValueError:
        return False
    return True


def _zone(name: str) -> tzinfo:
    """The zone of a name, from the system's data or the package tzdata.

    zoneinfo finds tzdata by way of importlib.resources, which takes longer than the rest of a small check together.
    """
    import zoneinfo

    import tzdata  # type: ignore[import-untyped]

    if not ZONE_NAME.fullmatch(name):
        raise ValueError(f"no time zone '{name}'")
    for folder in (*map(str, zoneinfo.TZPATH), str(Path(tzdata.__file__).parent / "zoneinfo")):
        path = Path(folder, *name.split("/"))
        try:
            with path.open("rb") as file:
                return zoneinfo.ZoneInfo.from_file(file, key=name)
        except (OSError, ValueError):
            continue
    raise ValueError(f"no time zone '{name}'")
