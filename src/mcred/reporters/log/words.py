"""The words that every format says a log in."""

from mcred.diff.recorded import Entry, Log
from mcred.diff.words import state
from mcred.text import plural


def heading(log: Log) -> str:
    """Of which catalogue."""
    return f"{log.title}: what was recorded" if log.title else "What was recorded"


def span(log: Log) -> str:
    """From when to when."""
    return f"After {state(log.since)}, up to {state(log.until)}" if log.since else f"Up to {state(log.until)}"


def counted(log: Log) -> str:
    """How much there is."""
    if not log.entries:
        return "nothing was recorded"
    records = {entry.record for entry in log.entries}
    commits = {entry.made.commit for entry in log.entries}
    events = sum(len(entry.events) for entry in log.entries)
    return f"{plural(events, 'change')} of {plural(len(records), 'record')} in {plural(len(commits), 'commit')}"


def named(group: str, entries: list[Entry], log: Log) -> str:
    """What the entries of a group have in common: a record, its kind, what was done, or the commit."""
    first = entries[0]
    if log.by == "record":
        return f"{first.title} ({first.record})" if first.title else first.record
    if log.by == "commit":
        return f"{first.made.day}: {first.made.subject or first.made.commit[:12]}"
    return group.replace("-", " ") if log.by == "change" else group


def about(entry: Entry, log: Log) -> str:
    """When, by which commit and of which record an entry is, as far as its group does not say so."""
    parts = [] if log.by == "commit" else [str(entry.made.day)]
    parts += [] if log.by == "record" else [entry.record]
    return ", ".join([*parts, entry.made.commit[:12]])
