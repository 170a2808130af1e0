"""The rules. A module here is a theme; add a themed module to the imports below."""

from mcred.rules import hours, identity, ledger, lifecycle, local, references, reviews, unknowns
from mcred.rules.rule import CATALOGUE_RULES, DATED_RULES, RECORD_RULES

__all__ = [
    "CATALOGUE_RULES",
    "DATED_RULES",
    "RECORD_RULES",
    "hours",
    "identity",
    "ledger",
    "lifecycle",
    "local",
    "references",
    "reviews",
    "unknowns",
]
