"""What was recorded as a feed to subscribe to (Atom, RFC 4287): an entry for each record that a commit changed."""

from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

from mcred.diff.recorded import Entry, Log
from mcred.reporters import Look
from mcred.reporters.log.json import moment
from mcred.reporters.log.words import heading
from mcred.text import inert

BEGINNING = "1970-01-01T00:00:00Z"
"""Stands for the time of a feed in which nothing happened yet."""


def write(log: Log, look: Look) -> str:
    """The feed; the same log is the same bytes, and an entry keeps its id."""
    return "\n".join(_lines(log)) + "\n"


def _lines(log: Log) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<feed xmlns="http://www.w3.org/2005/Atom">'
    yield f"  <id>{_id(log.base_url or log.title)}</id>"
    yield f"  <title>{_text(heading(log))}</title>"
    yield f"  <updated>{max((moment(each.made) for each in log.entries), default=BEGINNING)}</updated>"
    for entry in log.entries:
        yield from (f"  {line}" for line in _entry(entry))
    yield "</feed>"


def _entry(entry: Entry) -> Iterator[str]:
    yield "<entry>"
    yield f"  <id>{_id(f'{entry.made.commit}/{entry.record}')}</id>"
    yield f"  <title>{_text(entry.title or entry.record)}: {_text(_short(entry))}</title>"
    yield f"  <updated>{moment(entry.made)}</updated>"
    yield f"  <author><name>{_text(entry.made.author or 'unknown')}</name></author>"
    yield f'  <category term="{_text(entry.kind)}"/>'
    yield '  <content type="text">' + "\n".join(_text(event.message) for event in entry.events) + "</content>"
    yield "</entry>"


def _short(entry: Entry) -> str:
    return ", ".join(dict.fromkeys(event.kind.replace("-", " ") for event in entry.events))


def _id(name: str) -> str:
    """An id that is the same for the same name, wherever the feed lies."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, name)}"


def _text(text: str) -> str:
    return escape(inert(text), {'"': "&quot;"})
