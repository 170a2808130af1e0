"""What changed as a page in Markdown, for the papers of a committee."""

from collections.abc import Iterable, Iterator, Sequence

from mcred.diff import Changes, Difference, Event, Word
from mcred.diff.rows import sentence
from mcred.diff.words import about, compared, counted, faults, heading, lists, named, significant, tally
from mcred.reporters import Look
from mcred.text import literal

MARKS = {"gone": "~~", "new": "**", "kept": ""}
"""What stands around words that are gone and that are new."""


NOTHING = "&#8203;"


def write(found: Difference, look: Look) -> str:
    """The page; text of a record stands in it as text, whatever it looks like."""
    return "\n\n".join(_blocks(found)) + "\n"


def _blocks(found: Difference) -> Iterator[str]:
    yield f"# {literal(heading(found))}"
    yield f"{literal(compared(found))}."
    yield f"{literal(sentence(counted(found)))}."
    if any(event.words for each in found.records for event in each.events) and not found.summary:
        yield "In texts, words that are ~~gone~~ are struck through and words that are **new** are bold."
    if found.summary and found.records:
        rows = [("Record", "Title", "What changed"), ("---",) * 3]
        rows += [(literal(each.record), literal(named(each)), literal(tally(each))) for each in found.records]
        yield "\n".join(f"| {' | '.join(row)} |" for row in rows)
    for each in found.records if not found.summary else ():
        yield from _record(each)
    if found.not_compared:
        yield "## Not compared"
        yield _list(f"{literal(each.path)}: {literal(each.because)}" for each in found.not_compared)


def _record(each: Changes) -> Iterator[str]:
    yield f"## {literal(named(each))}"
    yield "\n".join(f"{literal(sentence(text))}." for text in (about(each), faults(each)) if text)
    yield _list(map(_event, each.events)) if each.events else "Nothing changed."
    for title, texts in lists(each):
        yield f"### {title}"
        yield _list(map(literal, texts))


def _event(event: Event) -> str:
    grave = significant(event)
    said = literal(event.message) + (f" (**{literal(grave)}**)" if grave else "")
    return f"{said}: {_words(event.words)}" if event.words else said


def _words(pieces: Sequence[Word]) -> str:
    """A reworded text; the spaces at the ends of what is marked stand outside its marks, or these would be none."""
    made = ""
    for number, (what, text) in enumerate(pieces):
        mark, inner = MARKS[what], text.strip()
        if not mark or not inner:
            made += literal(text)
            continue
        start, end = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        following = end or (pieces[number + 1].text if number + 1 < len(pieces) else " ")
        # Beside a letter a mark counts only where a letter is on its other side too: hence a space without width.
        before = NOTHING if (made + start)[-1:].isalnum() and not inner[0].isalnum() else ""
        after = NOTHING if following[0].isalnum() and not inner[-1].isalnum() else ""
        made += f"{start}{before}{mark}{literal(inner)}{mark}{after}{end}"
    return made


def _list(texts: Iterable[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)
