"""What an organisation has a part in, and what ends: `show` of an organisation, and `list --ends-before`."""

import json
from datetime import date

import pytest

from mcred.query import Part, parts
from mcred.record import Record, View
from tests.support import AS_OF, made, mcred

HEAD = {"statuses": ["current", "discontinued"], "first_status": "current"}


def of(data, as_of=AS_OF, kind="micro-credential"):
    """What `school` has a part in, of one record that has some data."""
    record = Record(kind, "micro-credentials/award.yaml", {"id": "award", "framework": "nzqcf"} | data)
    found = parts("school", [View(record, date.fromisoformat(as_of), HEAD)])
    return {name: of_name[0].uncertain for name, of_name in found.items() if of_name}


DELIVERY = {"id": "d", "act": "delivery-approved", "date": "2024-02-01", "provider": "school"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"developer": "school"}, {"develops": False}),
        ({"developer": "other"}, {}),
        ({"decisions": [DELIVERY]}, {"delivers": False}),
        ({"decisions": [DELIVERY | {"date": "2026-11"}]}, {"delivers": True}),
        ({"decisions": [DELIVERY | {"until": "2025-01-31"}]}, {}),
        ({"custody": "observed", "offered_by": [{"organisation": "school"}]}, {"delivers": False}),
        ({"offered_by": [{"organisation": "other"}]}, {}),
        ({"endorsements": [{"by": "school", "outcome": "supported"}]}, {"endorses": False}),
        ({"endorsements": [{"by": "school", "outcome": "supported", "date": "2026-11-22"}]}, {"endorses": False}),
        ({"endorsements": [{"by": "school", "outcome": "supported", "date": "2026-11"}]}, {"endorses": True}),
        ({"endorsements": [{"by": "school", "outcome": "supported", "date": "2026-11-23"}]}, {}),
        ({"endorsements": [{"by": "school", "outcome": "declined"}]}, {}),
        ({"endorsements": [{"by": "other", "outcome": "supported"}]}, {}),
        ({"endorsements": {"none": "Nobody was asked."}}, {}),
    ],
)
def test_a_part(data, expected):
    assert of(data) == expected


def test_of_what_is_over_nobody_has_a_part():
    ended = {
        "developer": "school",
        "decisions": [
            {"act": "listed", "date": "2024-01-01"},
            {"act": "status-assigned", "date": "2026-11-22", "status": "discontinued"},
        ],
    }

    assert of(ended, "2026-11-21") == {"develops": False}
    assert of(ended, "2026-11-22") == {}


def test_the_developer_is_that_of_the_day():
    moved = {
        "developer": "school",
        "decisions": [
            {"act": "transferred", "date": "2025-01-01", "developer_from": "other", "developer_to": "school"},
        ],
    }

    assert of(moved, "2024-12-31") == {}
    assert of(moved, "2025-01-01") == {"develops": False}


def test_records_stand_in_the_order_in_which_they_come():
    data = [{"id": name, "developer": "school"} for name in ("a", "b")]
    views = [View(Record("micro-credential", f"{each['id']}.yaml", each)) for each in data]

    assert parts("school", views)["develops"] == [Part("a", uncertain=False), Part("b", uncertain=False)]


FILES = {
    "organisations/school.yaml": "{id: school, title: A School, types: [{type: institute, until: 2027-03-31}]}\n",
    "micro-credentials/compost.yaml": """\
id: compost
title: Making Compost
framework: nzqcf
developer: school
decisions:
  - {act: listed, date: 2024-02-01, by: authority, number: "71"}
  - {act: delivery-approved, date: 2024-03, by: authority, provider: school}
  - {act: status-assigned, date: 2025-01-15, by: authority, status: expiring, until: 2027-01-14}
""",
    "micro-credentials/pruning.yaml": """\
id: pruning
title: Pruning Fruit Trees
framework: nzqcf
developer: school
""",
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    return made(tmp_path_factory.mktemp("parts"), FILES)


def test_the_card_of_an_organisation(catalogue):
    ran = mcred("show", "school", "--as-of", "2024-03-15", cwd=catalogue)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.partition("\nAs of")[2] == (
        " 2024-03-15 (what stands above is as the file says it today)\n"
        "  Ends                     2027-03-31\n"
        "  Develops                 Making Compost (compost)\n"
        "                           Pruning Fruit Trees (pruning)\n"
        "  Delivers                 Making Compost (compost) (not certain)\n"
        "\ncatalogue/organisations/school.yaml\n"
    )


def test_the_same_for_programs(catalogue):
    shown = mcred("show", "school", "--as-of", AS_OF, "--format", "json", cwd=catalogue).json
    develops = [{"id": "compost", "uncertain": False}, {"id": "pruning", "uncertain": False}]

    assert shown["parts"] == {"develops": develops, "delivers": develops[:1], "endorses": []}
    assert "parts" not in mcred("show", "compost", "--format", "json", cwd=catalogue).json


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--ends-before", "2027-01-15"], [["compost", "2027-01-14"]]),
        (["--ends-before", "2027-01-14"], []),
        (["--ends-before", "2027-01-15", "level=3"], []),
        (["--ends-before", "2027-04-01", "--kind", "organisation"], [["school", "2027-03-31"]]),
    ],
)
def test_what_ends_before_a_day(catalogue, arguments, expected):
    ran = mcred("list", *arguments, "--as-of", AS_OF, cwd=catalogue)
    heading, *rows = [line.split("\t") for line in ran.out.splitlines()]

    assert (ran.code, ran.err, heading[-1]) == (0, "", "ends")
    assert [[row[0], row[-1]] for row in rows] == expected


def test_columns_that_are_asked_for_are_those_that_are_shown(catalogue):
    ran = mcred("list", "--ends-before", "2027-01-15", "--columns", "id", "--as-of", AS_OF, cwd=catalogue)

    assert ran.out == "id\ncompost\n"


def test_what_has_no_end_is_not_asked_for(catalogue):
    ran = mcred("list", "--ends-before", "2027-01-15", "--kind", "qualification", cwd=catalogue)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "mcred: --ends-before: nothing says when a qualification ends; of 'micro-credential', 'training-scheme', "
        "'organisation' or 'standard' it is known\n"
    )


def test_programs_get_the_filter_too(catalogue):
    ran = mcred("list", "--ends-before", "2027-01-15", "--format", "json", "--as-of", AS_OF, cwd=catalogue)

    assert [(each["id"], each["ends"]) for each in json.loads(ran.out)["records"]] == [("compost", "2027-01-14")]
