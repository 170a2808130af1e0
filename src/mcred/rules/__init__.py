"""The rules. A module here is a theme; add it to the imports below, and one about changes to `change_rules`."""

from mcred.rules import (
    endings,
    hours,
    identity,
    ledger,
    lifecycle,
    local,
    outcomes,
    references,
    reviews,
    standards,
    unknowns,
    wording,
)
from mcred.rules.rule import (
    CATALOGUE_RULES,
    CHANGE_RULES,
    DATED_CATALOGUE_RULES,
    DATED_RULES,
    RECORD_RULES,
    ChangeRule,
)

__all__ = [
    "CATALOGUE_RULES",
    "DATED_CATALOGUE_RULES",
    "DATED_RULES",
    "RECORD_RULES",
    "change_rules",
    "endings",
    "hours",
    "identity",
    "ledger",
    "lifecycle",
    "local",
    "outcomes",
    "references",
    "reviews",
    "standards",
    "unknowns",
    "wording",
]


def change_rules() -> list[ChangeRule]:
    """The rules about changes: imported only where somebody asks what a change did."""
    from mcred.rules import changes, policies  # noqa: F401 - their rules register themselves

    return CHANGE_RULES
