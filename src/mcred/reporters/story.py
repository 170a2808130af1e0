"""A record's story, with both its clocks: what was decided when, and when that was recorded."""

from collections.abc import Callable, Iterator

from mcred.diff.recorded import Made, Step, Story
from mcred.formats import Format
from mcred.reporters import Look
from mcred.reporters.diff.json import event
from mcred.reporters.log.json import made
from mcred.reporters.styled import WIDEST, Line, wrapped, written
from mcred.text import as_json, inert, literal

SCHEMA = "mcred-history/1"

HEAD = ("In the world", "Recorded", "What")

NOT_YET = "not yet"

COLUMNS = (14, 25)
"""Columns of the two clocks."""


def text(story: Story, look: Look) -> str:
    """The story as lines for a terminal."""
    width = min(look.width or WIDEST, WIDEST)
    lines: list[Line] = [[(part, "bold")] for part in wrapped(story.title or story.record, width)]
    lines += [[(inert(f"{story.kind} {story.record}"), "dim")], []]
    first, second = COLUMNS
    lines.append([(f"{HEAD[0]:<{first}}{HEAD[1]:<{second}}{HEAD[2]}", "bold")])
    for step in story.steps:
        lines += _step(step, width)
    return written(lines, look)


def _step(step: Step, width: int) -> Iterator[Line]:
    first, second = COLUMNS
    date, recorded = inert(step.date), _recorded(step.made)
    if len(date) >= first:
        yield [(date, "")]
        date = ""
    message, *rest = wrapped(step.message, width - first - second)
    yield [(f"{date:<{first}}", ""), (f"{recorded:<{second}}", "dim"), (message, "")]
    yield from ([(" " * (first + second) + part, "")] for part in rest)


def _recorded(commit: Made | None) -> str:
    return f"{commit.day} {commit.commit[:12]}" if commit is not None else NOT_YET


def md(story: Story, look: Look) -> str:
    """The story as a page in Markdown; text of a record stands in it as text, whatever it looks like."""
    rows = [HEAD, ("---",) * len(HEAD)]
    rows += [(literal(step.date), literal(_recorded(step.made)), literal(step.message)) for step in story.steps]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    kind = f"{story.kind[:1].upper()}{story.kind[1:]}"
    return f"# {literal(story.title or story.record)}\n\n{kind} {literal(story.record)}.\n\n{table}\n"


def json(story: Story, look: Look) -> str:
    """The story as JSON: mcred-history/1."""
    document = {
        "schema": SCHEMA,
        "record": story.record,
        "kind": story.kind,
        "title": story.title,
        "path": story.path,
        "steps": [
            {
                "date": step.date or None,
                "recorded": made(step.made) if step.made is not None else None,
                "message": step.message,
                "event": event(step.event),
            }
            for step in story.steps
        ],
    }
    return as_json(document, default=str) + "\n"


FORMATS = {
    "text": Format("for people at a terminal", "txt"),
    "md": Format("a page in Markdown", "md"),
    "json": Format("for programs (`mcred schema history`)", "json"),
}

WRITERS: dict[str, Callable[[Story, Look], str]] = {"text": text, "md": md, "json": json}
"""What writes a story in a format."""
