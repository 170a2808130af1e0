"""No operator, constant or branch of the arithmetic of reviews could be another one unnoticed.

Each is changed, one at a time, in a copy of the code that is run in place of it, and a case has to fail. Those that no
case notices stand in `tests/frameworks/reviews-survivors.yaml`, each with the reason why that is right.
"""

import ast
import builtins
import importlib
from collections.abc import Iterator
from types import CodeType
from typing import Any

import pytest

from tests.cases import load
from tests.code_mutations import Change, changed, defined, original, source
from tests.mutations import check
from tests.review_cases import CASES, FRAMEWORKS, differs

REVIEWS, LEAD_TIME, ITEMS = "mcred.record.reviews", "mcred.review.lead_time", "mcred.review.items"

CHAIN = (REVIEWS, LEAD_TIME, ITEMS, "mcred.conformance")
"""From the arithmetic to what runs the cases: each of these modules uses those before it."""

ARITHMETIC = {
    REVIEWS: (
        *(
            "reviewed",
            "next_due",
            "due_of",
            "Clock",
            "_fixed",
            "_is_answered",
            "Start",
            "registered",
            "_by_then",
            "_rests_on",
            "_seen",
            "_counted",
            "_given",
            "plus_years",
            "month_end",
        ),
        *("_is_further", "LONGEST"),
    ),
    LEAD_TIME: ("span", "start_by", "before", "after"),
    ITEMS: ("bucket", "Item.days", "Item.bucket"),
}
"""What is changed. The rest of these modules words an answer, or makes other items; other tests hold that."""

TOLD = ("Clock.period", "Clock.years", "Clock._undone")
"""What no date depends on: findings and explanations say it, and their own tests hold it."""


def changes() -> Iterator[Change]:
    """Every piece of the arithmetic as another that might stand there."""
    for module, names in ARITHMETIC.items():
        tree = ast.parse(source(module).read_text(encoding="utf-8"))
        found = dict(defined(tree))
        for name in names:
            methods = [each for each in found if each.startswith(f"{name}.") and each not in TOLD]
            for each in methods or [name]:
                yield from changed(module, tree, each, found[each])


# --- running what was changed ----------------------------------------------------------------------------------------


def world(module: str, code: CodeType) -> dict[str, Any]:
    """What runs cases, made anew from the chain of modules with the code of one of them in place of its own."""
    anew: dict[int, Any] = {}
    space: dict[str, Any] = {}
    for each in CHAIN:
        space = {"__name__": each, "__builtins__": builtins}
        exec(code if each == module else original(each), space)  # noqa: S102 - our own code, changed
        shipped = vars(importlib.import_module(each))
        space |= {name: anew[id(value)] for name, value in space.items() if id(value) in anew}
        anew |= {id(value): space[name] for name, value in shipped.items() if getattr(value, "__module__", "") == each}
    return space


def noticed(change: Change) -> bool:
    """Whether a case fails with a change, or cannot be run."""
    try:
        return any(differs(CASES, world(change.module, change.code)["run_reviews"]))
    except Exception:  # whatever it is, it was noticed
        return True


def test_the_code_as_it_is_passes_in_place_of_itself():
    for module in ARITHMETIC:
        assert list(differs(CASES, world(module, original(module))["run_reviews"])) == []


@pytest.mark.slow
def test_no_piece_of_the_arithmetic_could_be_another_unnoticed():
    survivors = load(FRAMEWORKS / "reviews-survivors.yaml")["survivors"]
    check(changes(), noticed, {each["change"]: each["because"] for each in survivors}, least=600)
