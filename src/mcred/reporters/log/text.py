"""What was recorded, for people at a terminal."""

from collections.abc import Iterator

from mcred.diff.recorded import Entry, Log, grouped
from mcred.reporters import Look
from mcred.reporters.log.words import about, counted, heading, named, span
from mcred.reporters.styled import WIDEST, Line, wrapped, written


def write(log: Log, look: Look) -> str:
    """The log as lines for a terminal."""
    width = min(look.width or WIDEST, WIDEST)
    lines: list[Line] = [[(part, "bold")] for part in wrapped(heading(log), width)]
    lines += [[(part, "")] for part in wrapped(f"{span(log)}.", width)]
    for name, entries in grouped(log):
        lines += [[], *([(part, "bold")] for part in wrapped(named(name, entries, log), width))]
        for entry in entries:
            lines += _entry(entry, log, width)
    if log.not_compared:
        lines += [[], [("Not read", "bold")]]
        for each in log.not_compared:
            lines += [[(f"  {part}", "")] for part in wrapped(f"{each.path}: {each.because}", width - 2)]
    lines += [[], *([(part, "")] for part in wrapped(counted(log), width))]
    return written(lines, look)


def _entry(entry: Entry, log: Log, width: int) -> Iterator[Line]:
    yield from ([(f"  {part}", "dim")] for part in wrapped(about(entry, log), width - 2))
    for event in entry.events:
        first, *rest = wrapped(event.message, width - 6)
        yield [(f"    - {first}", "")]
        yield from ([(f"      {part}", "")] for part in rest)
