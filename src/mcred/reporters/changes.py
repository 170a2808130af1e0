"""How formats tell what a change does to that by which it is judged."""

from mcred.diagnostic import Diagnostic, PolicyChange
from mcred.hashing import blake2b
from mcred.text import plural

RULE = "policy-change"
"""What stands where a finding has its rule."""

MOST = 10
"""Silenced findings that are told one by one."""


def silences(change: PolicyChange) -> list[str]:
    """What it silences, one finding a line; of many the gravest, and how many more there are."""
    ranked = sorted(change.silenced, key=lambda each: (each.severity.rank, each.order))
    lines = [_named(each) for each in ranked[:MOST]]
    if len(ranked) > MOST:
        lines.append(plural(len(ranked) - MOST, "more finding"))
    return lines


def sentence(change: PolicyChange) -> str:
    """It and what it silences in one line."""
    lines = silences(change)
    return f"{change.message}; this silences {'; '.join(lines)}" if lines else change.message


def _named(each: Diagnostic) -> str:
    return f"{each.severity}: {each.message} [{each.rule}] in {each.path}"


def fingerprint(change: PolicyChange) -> str:
    """What identifies it over edits, as far as its words stay."""
    text = "\0".join((change.kind, change.record or change.path, str(change.pointer), change.message))
    return f"{RULE}:{blake2b(text.encode(), digest_size=12).hexdigest()}"
