"""The rules. A module here is a theme; add a themed module to the imports below."""

from mcred.rules import (
    changes,
    endings,
    hours,
    identity,
    ledger,
    lifecycle,
    local,
    outcomes,
    policies,
    references,
    reviews,
    standards,
    unknowns,
    wording,
)
from mcred.rules.rule import CATALOGUE_RULES, CHANGE_RULES, DATED_CATALOGUE_RULES, DATED_RULES, RECORD_RULES

__all__ = [
    "CATALOGUE_RULES",
    "CHANGE_RULES",
    "DATED_CATALOGUE_RULES",
    "DATED_RULES",
    "RECORD_RULES",
    "changes",
    "endings",
    "hours",
    "identity",
    "ledger",
    "lifecycle",
    "local",
    "outcomes",
    "policies",
    "references",
    "reviews",
    "standards",
    "unknowns",
    "wording",
]
