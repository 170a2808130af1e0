"""What fixtures do not show of rules on content and on the world: how much work they are, and what cannot be read."""

import sys
from datetime import date

import pytest

from mcred.record import Catalogue, Facts, Record, Reference, View
from mcred.record.facts import Use, Version
from mcred.rules import CATALOGUE_RULES, DATED_CATALOGUE_RULES, DATED_RULES, RECORD_RULES
from mcred.rules.endings import developer_ended
from mcred.rules.outcomes import MANY, overlapping_credential
from mcred.rules.wording import placeholder_text

DAY = date(2026, 11, 22)


def lines(work):
    """How many lines of code it takes to do some work."""
    number = 0

    def trace(frame, event, argument):
        nonlocal number
        number += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return number


def crowd(number):
    """Awards that all have the same title, outcomes and standards, and all lead to one that has ended."""
    version = Version("1", 5, 90.0, "", "2025-12-31", ())
    yield Facts(
        "standards/old.yaml", "standard", "old", "old", framework="nzqcf", versions=(version,), ends="2025-12-31"
    )
    for place in range(number):
        name = f"award-{place:05}"
        yield Facts(
            f"micro-credentials/{name}.yaml",
            "micro-credential",
            name,
            name,
            references=(Reference(("requires", 0), "old", ("standard",), "requires"),),
            title="sampling water",
            framework="nzqcf",
            level=3,
            credits=10,
            uses=(Use(("standards", 0), "old", "1", True),),
            outcomes=("one", "two", "three"),
        )


@pytest.mark.parametrize("rules", ["undated", "dated"])
def test_the_work_across_records_grows_with_their_number_and_no_faster(rules):
    def check(number):
        catalogue = Catalogue(crowd(number))
        if rules == "dated":
            return lambda: [[*rule.check(catalogue, DAY)] for rule in DATED_CATALOGUE_RULES]
        return lambda: [[*rule.check(catalogue)] for rule in CATALOGUE_RULES]

    assert any(check(40)())
    # Beyond as many as are compared, twice the records are twice the work.
    assert lines(check(240)) < 2.2 * lines(check(120))


def test_the_work_on_one_record_grows_with_it_and_no_faster():
    def check(number):
        data = {
            "id": "award",
            "title": {"en": "Award", "mi": "Tohu"},
            "outcomes": [
                {"id": f"o{place}", "text": {"en": "Know water."}, "credits": 1, "assessed_by": [f"a{place}"]}
                for place in range(number)
            ],
            "assessments": [{"id": f"a{place}", "method": "TBC"} for place in range(2 * number)],
            "registrations": [{"by": f"b{place}", "until": "2020"} for place in range(number)],
        }
        record = Record("micro-credential", "micro-credentials/award.yaml", data)
        view = View(record, DAY)
        return lambda: [
            *([*rule.check(record)] for rule in RECORD_RULES),
            *([*rule.check(view)] for rule in DATED_RULES),
        ]

    assert any(check(120)())
    assert lines(check(120)) < 2.2 * lines(check(60))


LATER = (
    "TBC",
    "(to be confirmed)",
    "FIXME!",
    "xxxx",
    "Lorem ipsum\n\ndolor",
    "- insert names here -",
    "??",
    "....",
    "…",
)


@pytest.mark.parametrize("text", [*LATER, "N/A", "n / a", "N.A.", "[not applicable]"])
def test_what_stands_for_a_text_is_found_among_others(text):
    def found(**data):
        record = Record("micro-credential", "micro-credentials/award.yaml", {"title": "Award", **data})
        return [finding.pointer for finding in placeholder_text(record)]

    assert found(subjects=["One", "…and more", "", {"title": {"en": text}}, "-"]) == [("subjects", 3, "title", "en")]
    assert found(subjects=[text, text], **{"x-own": text}) == [("subjects", 0), ("subjects", 1)]
    assert found(subjects=["One", f"a {text}"], **{"x-own": text}) == []


def test_what_is_common_to_many_is_compared_with_the_first_of_them():
    found = [*overlapping_credential(Catalogue(crowd(MANY + 5)))]

    assert [finding.path for finding in found] == [f"micro-credentials/award-{n:05}.yaml" for n in range(1, MANY + 5)]
    assert {finding.arguments["other"] for finding in found} == {"award-00000"}


def test_what_is_common_to_more_is_not_compared_with_the_later_ones():
    some = (Facts(f"{name}.yaml", "micro-credential", name, name, outcomes=own) for name, own in OWN.items())

    assert [*overlapping_credential(Catalogue(some))] == []


OWN = {f"award-{place:05}": ("one", f"only-{place}", f"other-{place}") for place in range(MANY)} | {
    # The two last share `one`, but so do many before them; `two` alone is not enough.
    "award-10000": ("one", "two"),
    "award-10001": ("one", "two"),
}


def test_an_organisation_that_is_at_fault_says_nothing_of_its_successors():
    record = Record("micro-credential", "micro-credentials/award.yaml", {"id": "award", "developer": "council"})
    types = [{"type": "council", "until": "2025-12-31"}]
    council = {"types": types, "successors": ["board", {"organisation": "trust"}, {}]}
    (finding,) = developer_ended(View(record, DAY, organisations={"council": council}))

    assert finding.hint == "name who develops it now; its successor is 'trust'"
    council |= {"unknown": [7, "/successors/-"]}
    assert [*developer_ended(View(record, DAY, organisations={"council": council}))]
    for types in ("council", [7], [{"type": "council", "until": "never"}]):
        assert not [*developer_ended(View(record, DAY, organisations={"council": {"types": types}}))]


def test_of_records_with_one_id_each_is_compared_by_itself():
    def award(path, id, *outcomes):
        return Facts(f"micro-credentials/{path}.yaml", "micro-credential", id, path, outcomes=outcomes)

    awards = [award("a", "twice", "x", "y"), award("b", "twice", "x", "y", "z"), award("z", "zebra", "x", "y", "z")]
    [*_, found] = overlapping_credential(Catalogue(awards))
    assert (found.arguments["number"], found.arguments["other"], found.related[0].path) == (
        3,
        "twice",
        "micro-credentials/b.yaml",
    )
