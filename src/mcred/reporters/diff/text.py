"""What changed, for people at a terminal: record by record, each change on a line of its own."""

from collections.abc import Iterable, Iterator

from mcred.diff import Changes, Difference, Event
from mcred.diff.words import about, compared, counted, faults, heading, lists, named, significant, tally
from mcred.reporters import Look
from mcred.reporters.styled import WIDEST, Line, wrapped, written
from mcred.text import columns, inert

SIGNS = {"added": ("+", "green"), "removed": ("-", "red"), "rewritten": ("!", "bold red")}
"""What stands before a change, and how it looks; the words say the same."""

MARKS = {"gone": ("[-", "-]", "red"), "new": ("{+", "+}", "green"), "kept": ("", "", "")}
"""What stands around words that are gone and that are new, as in `git diff --word-diff`."""


def write(found: Difference, look: Look) -> str:
    """The report as lines for a terminal."""
    width = min(look.width or WIDEST, WIDEST)
    lines: list[Line] = [[(part, "bold")] for part in wrapped(heading(found), width)]
    lines += [[(part, "")] for part in wrapped(f"{compared(found)}.", width)]
    for each in found.records:
        lines.append([])
        lines += _summed(each, width) if found.summary else _record(each, width)
    if found.not_compared:
        lines += [[], [("Not compared", "bold")]]
        lines += _listed((f"{each.path}: {each.because}" for each in found.not_compared), width)
    lines += [[], *([(part, "")] for part in wrapped(counted(found), width))]
    return written(lines, look)


def _summed(each: Changes, width: int) -> Iterator[Line]:
    yield from ([(part, "bold")] for part in wrapped(named(each), width))
    yield from ([("  " + part, "")] for part in wrapped(f"{each.record}: {tally(each)}", width - 2))


def _record(each: Changes, width: int) -> Iterator[Line]:
    yield from ([(part, "bold")] for part in wrapped(named(each), width))
    for text in filter(None, (about(each), faults(each))):
        yield from ([(part, "dim")] for part in wrapped(text, width))
    if not each.events:
        yield [("  nothing changed", "")]
    for event in each.events:
        yield from _event(event, width)
    for title, texts in lists(each):
        yield [(f"  {title}", "bold")]
        yield from _listed(texts, width)


def _listed(texts: Iterable[str], width: int) -> Iterator[Line]:
    for text in texts:
        yield from ([("    " + part, "")] for part in wrapped(text, width - 4, "  "))


def _event(event: Event, width: int) -> Iterator[Line]:
    sign, style = SIGNS.get(event.what, ("~", "yellow"))
    grave = significant(event)
    first, *rest = wrapped(event.message + (f" ({grave})" if grave else ""), width - 4)
    yield [("  ", ""), (sign, style), (f" {first}", "")]
    yield from ([("    " + part, "")] for part in rest)
    if event.words:
        yield from _words(event, width - 6)


def _words(event: Event, width: int) -> Iterator[Line]:
    """A reworded text, with what is gone and what is new in it marked, wrapped where it has spaces."""
    line: Line = []
    used = 0
    for word in _apart(event):
        long = sum(columns(text) for text, _ in word)
        if line and used + 1 + long > width:
            yield [("      ", ""), *line]
            line, used = [], 0
        line += [*([(" ", "")] if line else []), *word]
        used += long + (1 if used else 0)
    yield [("      ", ""), *line]


def _apart(event: Event) -> Iterator[Line]:
    """The words of a text as the pieces that each is made of."""
    word: Line = []
    for piece in event.words:
        before, after, style = MARKS[piece.what]
        first, *rest = inert(f"{before}{piece.text}{after}").split(" ")
        word.append((first, style))
        for text in rest:
            yield word
            word = [(text, style)]
    yield word
