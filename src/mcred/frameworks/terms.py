"""The words that a record's documents speak: its framework's, and those of the policies that are for it."""

from typing import Any

from mcred.frameworks.verdicts import Case, holds


def terms(case: Case) -> dict[str, Any]:
    """The words by what they name; a policy's come before those of the framework it lies on."""
    found = dict(case.book.data.get("terms") or {})
    subject = case.subjects("content")[0]
    for policy in case.book.policies:
        applies = policy.get("applies_to")
        if applies is None or holds(applies, case, subject):
            found |= policy.get("terms") or {}
    return found
