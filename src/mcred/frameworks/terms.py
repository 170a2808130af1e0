"""The words that a record's documents speak: its framework's, and those of the policies that are for it."""

from typing import Any

from mcred.frameworks.verdicts import Case, holds
from mcred.record.words import forms


def terms(case: Case) -> dict[str, Any]:
    """The words by what they name and by language; a policy's come before those of the framework it lies on."""
    found = {name: forms(text) for name, text in (case.book.data.get("terms") or {}).items()}
    subject = case.subjects("content")[0]
    for policy in case.book.policies:
        applies = policy.get("applies_to")
        if applies is None or holds(applies, case, subject):
            for name, text in (policy.get("terms") or {}).items():
                found[name] = {**found.get(name, {}), **forms(text)}
    return found
