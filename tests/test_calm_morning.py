"""The calm morning: nobody's record is broken by a night. Errors do not depend on the day, but for two exceptions.

They are an ignore that has expired, and a new edition of the rules for a record that is not approved yet.
"""

from datetime import date, timedelta
from random import Random

import pytest

from mcred.diagnostic import Severity
from mcred.document import read
from tests.support import checked, documents, real_records

FIRST, LAST = date(2012, 1, 1), date(2045, 12, 31)
EXPIRED = "expired-ignore"


def days(seed, number):
    """Days by chance, and those on which something changes in New Zealand's rules or in the catalogue."""
    chance = Random(seed)
    own = [date(2018, 8, 22), date(2022, 8, 1), date(2023, 1, 15), date(2026, 1, 19), date(2026, 11, 22)]
    return [*own, *(FIRST + timedelta(days=chance.randrange((LAST - FIRST).days)) for _ in range(number - len(own)))]


def approved(data):
    """Whether content was ever approved, or may have been where a record says little."""
    return any(isinstance(each, dict) and each.get("act") == "content-approved" for each in data.get("decisions") or ())


UNDECIDED = {
    data["id"]
    for data in (read(each).data for each in real_records().values())
    if data and "id" in data and not approved(data)
}


def errors(records, day):
    """The errors on a day: all but the two exceptions, by fingerprint."""
    report = checked(records, others=documents(), as_of=day)
    return {
        (each.fingerprint, each.path, each.message)
        for each in report.diagnostics
        if each.severity is Severity.ERROR
        and each.name != EXPIRED
        and not (each.record in UNDECIDED and not each.rule.startswith("MC"))
    }


@pytest.mark.parametrize(("seed", "number"), [(1, 6), pytest.param(2, 40, marks=pytest.mark.slow)])
def test_errors_of_the_catalogue_do_not_depend_on_the_day(seed, number):
    records = real_records()
    found = {day: errors(records, day) for day in days(seed, number)}
    assert len({frozenset(each) for each in found.values()}) == 1


@pytest.mark.parametrize(("seed", "number"), [(3, 6), pytest.param(4, 40, marks=pytest.mark.slow)])
def test_nor_do_those_of_records_with_faults(seed, number):
    """Each record loses fields by chance, so that there are many errors that could come and go."""
    chance = Random(seed)
    records = {}
    for path, data in real_records().items():
        text = data.decode()
        if b"custody: own" in data and path.startswith(("micro-credentials", "training-schemes", "equivalencies")):
            fields = [
                line for line in text.split("\n") if line.startswith(("level:", "credits:", "subjects:", "hours:"))
            ]
            for line in fields:
                if chance.random() < 0.5:
                    text = text.replace(line + "\n", "", 1)
        records[path] = text.encode()
    found = {day: errors(records, day) for day in days(seed, number)}
    assert all(found.values())
    assert len({frozenset(each) for each in found.values()}) == 1


def test_what_the_exceptions_are_for_does_change():
    """The property would be empty if nothing were let through: a new edition asks more of what is not approved."""
    record = (
        "id: a-draft\ntitle: A Draft\nframework: nzqcf\nlevel: 3\ncredits: 4\ndecisions:\n"
        "  - {id: s, act: submitted, date: 2018-09-03, by: nzqa, for: new}\n"
    )
    found = {
        day: {
            each.rule
            for each in checked({"micro-credentials/a-draft.yaml": record}, alone=True, as_of=day).diagnostics
            if each.severity is Severity.ERROR
        }
        for day in (date(2019, 1, 1), date(2026, 11, 22))
    }
    assert found[date(2019, 1, 1)] != found[date(2026, 11, 22)]
