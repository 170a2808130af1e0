"""The cases about reviews, and how they are run: by the code as it is, or as a mutation test has changed it."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from mcred.conformance import Difference, run_reviews
from mcred.frameworks import Rulebook, rulebook
from tests.cases import load, organisations
from tests.support import ROOT

FRAMEWORKS = ROOT / "tests/frameworks"
FILES = sorted((FRAMEWORKS / "reviews").glob("*.yaml"))
ELSEWHERE = sorted((FRAMEWORKS / "elsewhere").glob("*.yaml"))
OTHERS = sorted((FRAMEWORKS / "elsewhere/frameworks").glob("*.yaml"))
"""Cases of frameworks that are not shipped, and those frameworks."""


@cache
def books() -> dict[str, Rulebook]:
    """The frameworks that cases name, those that are shipped and those that are not."""
    paths = (*(ROOT / f"schemas/frameworks/{name}.yaml" for name in ("nzqcf", "pqf")), *OTHERS)
    return {data["id"]: rulebook(data) for data in map(load, paths)}


CASES = [
    (path.relative_to(FRAMEWORKS).with_suffix("").as_posix(), file["framework"], case)
    for path in (*FILES, *ELSEWHERE)
    for file in [load(path)]
    for case in file["cases"]
]
"""The file of each case, its framework, and the case."""


def differs(
    cases: list[tuple[str, str, dict[str, Any]]],
    run: Callable[..., Iterator[tuple[str, list[Difference]]]] = run_reviews,
) -> Iterator[Difference]:
    """Where cases differ from what they expect, one after the other."""
    for _, framework, case in cases:
        for _, differences in run({"cases": [case]}, {}, books()[framework], organisations()):
            yield from differences
