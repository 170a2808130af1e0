"""The calendar: what a date stands for, and which dates there cannot be."""

from calendar import isleap
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import strategies as st

from mcred.dates import MONTHS, Days, ImpossibleDate, days, today, when
from tests.support import holds


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-11-22", (2026, 11, 22), (2026, 11, 22)),
        ("2026-11", (2026, 11, 1), (2026, 11, 30)),
        ("2024-02", (2024, 2, 1), (2024, 2, 29)),
        ("2100-02", (2100, 2, 1), (2100, 2, 28)),
        ("2026-12", (2026, 12, 1), (2026, 12, 31)),
        ("2026", (2026, 1, 1), (2026, 12, 31)),
        (2026, (2026, 1, 1), (2026, 12, 31)),
        ("0001", (1, 1, 1), (1, 12, 31)),
        ("9999-12-31", (9999, 12, 31), (9999, 12, 31)),
        ("2024-02-29", (2024, 2, 29), (2024, 2, 29)),
    ],
)
def test_a_date_is_a_range_of_days(written, first, last):
    assert days(written) == Days(date(*first), date(*last))


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2026-02-30", "30 February 2026 does not exist"),
        ("2025-02-29", "29 February 2025 does not exist"),
        ("1900-02-29", "29 February 1900 does not exist"),
        ("2026-04-31", "31 April 2026 does not exist"),
        ("2026-01-00", "0 January 2026 does not exist"),
        ("2026-13", "there is no month 13; months run from 01 to 12"),
        ("2026-00-10", "there is no month 00; months run from 01 to 12"),
        ("2026-99-99", "there is no month 99; months run from 01 to 12"),
        ("0000", "there is no year 0000"),
        ("0000-01-01", "there is no year 0000"),
    ],
)
def test_a_day_that_no_calendar_has(written, why):
    with pytest.raises(ImpossibleDate) as caught:
        days(written)
    assert str(caught.value) == why


@pytest.mark.parametrize(
    "written",
    [
        "",
        "26",
        "2026-1-1",
        "2026-1",
        "22-11-2026",
        "2026/11/22",
        "2026-11-22T10:00",
        "2026-11-22\n",
        " 2026",
        "２０２６",
        "-2026",
        20261,
    ],
)
def test_what_is_not_written_as_a_date(written):
    with pytest.raises(ValueError, match="is not a date such as 2026-11-22, 2026-11 or 2026") as caught:
        days(written)
    assert not isinstance(caught.value, ImpossibleDate)


@holds(st.dates(), quick=100, thorough=3000)
def test_every_day_is_in_its_month_and_its_month_in_its_year(day):
    exact, month, year = days(day.isoformat()), days(day.isoformat()[:7]), days(day.isoformat()[:4])
    assert exact == Days(day, day)
    assert year.first <= month.first <= day <= month.last <= year.last
    assert (month.first.day, (month.last - month.first).days) == (1, (month.last.day - 1))
    assert month.last == date.max or (month.last + timedelta(1)).day == 1
    assert (year.last - year.first).days == 364 + isleap(day.year)


@holds(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99), quick=200, thorough=5000)
def test_a_date_is_a_day_or_impossible_as_the_calendar_says(year, month, day):
    written = f"{year:04}-{month:02}-{day:02}"
    try:
        expected = date(year, month, day)
    except ValueError:
        with pytest.raises(ImpossibleDate):
            days(written)
    else:
        assert days(written) == Days(expected, expected)


def test_months_are_named_in_their_order():
    assert [date(2026, number, 1).strftime("%B") for number in range(1, 13)] == MONTHS


def test_today_is_that_of_the_zone():
    # Somewhere on earth it is always another day than in Kiritimati, 14 hours ahead of UTC and 26 of the last place.
    ahead, behind = today("Pacific/Kiritimati"), today("Etc/GMT+12")
    assert ahead - behind in (timedelta(1), timedelta(2))
    assert behind <= today("UTC") <= ahead
    assert abs(today("UTC") - datetime.now(UTC).date()) <= timedelta(1)


@pytest.mark.parametrize(
    "zone", ["", "Nowhere/Such", "../../etc/passwd", "/etc/passwd", "Pacific", "a\0b", "x" * 5000, "NZ ST"]
)
def test_a_zone_that_nobody_knows(zone):
    with pytest.raises(ValueError, match="no time zone"):
        today(zone)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-11-22", "on 2026-11-22"),
        (date(2026, 11, 22), "on 2026-11-22"),
        ("2026-11", "in 2026-11"),
        (2026, "in 2026"),
        (date.min, "on a day that is not recorded"),
        ("0001-01-01", "on a day that is not recorded"),
    ],
)
def test_a_date_in_a_sentence(text, said):
    assert when(text) == said
