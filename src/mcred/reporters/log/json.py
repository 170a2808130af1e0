"""What was recorded, for programs: mcred-log/1."""

from datetime import UTC, datetime
from typing import Any

from mcred.diff.recorded import Entry, Log, Made
from mcred.reporters import Look
from mcred.reporters.diff.json import event, side
from mcred.reporters.log import SCHEMA
from mcred.text import as_json


def write(log: Log, look: Look) -> str:
    """The log as JSON, entry by entry whatever it is grouped by."""
    document = {
        "schema": SCHEMA,
        "since": side(log.since),
        "until": side(log.until),
        "entries": [_entry(each) for each in log.entries],
        "not_read": [each._asdict() for each in log.not_compared],
    }
    return as_json(document, default=str) + "\n"


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        **made(entry.made),
        "record": entry.record,
        "was": entry.was or None,
        "kind": entry.kind,
        "title": entry.title,
        "path": entry.path,
        "events": [event(each) for each in entry.events],
    }


def made(commit: Made) -> dict[str, Any]:
    """A commit, with its time by UTC and its day in the catalogue's zone."""
    return {
        "commit": commit.commit,
        "time": moment(commit),
        "day": commit.day.isoformat(),
        "author": commit.author,
        "subject": commit.subject,
    }


def moment(commit: Made) -> str:
    """When a commit was made, by UTC."""
    return datetime.fromtimestamp(commit.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
