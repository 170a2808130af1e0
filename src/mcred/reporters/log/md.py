"""What was recorded as a page in Markdown: the register's change log."""

from collections.abc import Iterator

from mcred.diff.recorded import Entry, Log, grouped
from mcred.reporters import Look
from mcred.reporters.log.words import about, counted, heading, named, span
from mcred.text import literal


def write(log: Log, look: Look) -> str:
    """The page; text of a record stands in it as text, whatever it looks like."""
    return "\n\n".join(_blocks(log)) + "\n"


def _blocks(log: Log) -> Iterator[str]:
    yield f"# {literal(heading(log))}"
    yield f"{literal(span(log))}: {literal(counted(log))}."
    for name, entries in grouped(log):
        yield f"## {literal(named(name, entries, log))}"
        yield "\n".join(line for entry in entries for line in _entry(entry, log))
    if log.not_compared:
        yield "## Not read"
        yield "\n".join(f"- {literal(each.path)}: {literal(each.because)}" for each in log.not_compared)


def _entry(entry: Entry, log: Log) -> Iterator[str]:
    yield f"- {literal(about(entry, log))}"
    yield from (f"  - {literal(event.message)}" for event in entry.events)
