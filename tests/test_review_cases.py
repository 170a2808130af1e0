"""When a review is due: the cases in `tests/frameworks/reviews/` hold, each for a reason that is written down.

They are data, so that whoever knows the rules can correct a reading without Python; `tests/frameworks/elsewhere/` has
those of a framework that is not shipped. Nothing in them was taken from the program's answers.
"""

import pytest

from mcred.record.reviews import ASSUMED, FROM, NO_DATE
from mcred.review import BUCKETS
from tests.cases import load
from tests.review_cases import CASES, ELSEWHERE, FILES, FRAMEWORKS, OTHERS, differs
from tests.support import ROOT, made, mcred

POINTS = [point["id"] for point in load(FRAMEWORKS / "reviews-points.yaml")["points"]]
EXPECTED = [case["expect"] for _, _, case in CASES]


@pytest.mark.parametrize("case", [pytest.param(each, id=f"{each[0]}/{each[2]['id']}") for each in CASES])
def test_case(case):
    assert list(differs([case])) == []


def test_the_program_runs_the_same_cases(tmp_path):
    ran = mcred("conformance", *FILES, cwd=ROOT)
    number = sum(file.startswith("reviews/") for file, _, _ in CASES)
    assert (ran.code, ran.out, ran.err) == (0, f"{number} cases: {number} agree, 0 differ\n", "")
    root = made(tmp_path, {f"policies/{path.name}": path.read_text(encoding="utf-8") for path in OTHERS})
    ran = mcred("conformance", *ELSEWHERE, cwd=root)
    number = len(CASES) - number
    assert (ran.code, ran.out, ran.err) == (0, f"{number} cases: {number} agree, 0 differ\n", "")


def test_a_case_that_differs_is_told():
    file, framework, case = next(each for each in CASES if each[2]["id"] == "approved-on-a-day")
    wrong = {
        **case,
        "expect": {"due": "2026-12-02", "bucket": "7", "because": "assigned-date", "assumed": ["provisional"]},
    }
    assert [(each.about, each.expected, each.found) for each in differs([(file, framework, wrong)])] == [
        ("review due", "2026-12-02", "2026-12-01"),
        ("review bucket", "7", "30"),
        ("review because", "assigned-date", "period-from-start"),
        ("review assumed", ["provisional"], ["start-is-approval"]),
    ]


def test_a_case_has_an_id_a_reason_and_a_point():
    names = [(file, case["id"]) for file, _, case in CASES]
    assert len(names) == len(set(names))
    for file, _, case in CASES:
        assert case["why"].endswith("."), (file, case["id"])
        assert case["source"] in POINTS, (file, case["id"])


def test_a_point_has_its_cases():
    assert len(POINTS) == len(set(POINTS))
    assert sorted({case["source"] for _, _, case in CASES}) == sorted(POINTS)


def test_every_word_of_an_answer_is_expected_by_a_case():
    said = {each.get("because") for each in EXPECTED}
    assert {*FROM, *NO_DATE} <= said
    assert {word for each in EXPECTED for word in each.get("assumed", ())} == {*ASSUMED}
    assert {*BUCKETS, "absent"} == {each["bucket"] for each in EXPECTED if "bucket" in each}
