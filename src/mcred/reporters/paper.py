"""A report on a review as a page in Markdown, and as plain text."""

from collections.abc import Callable, Iterator

from mcred.review.paper import OPEN, Entry, Paper
from mcred.text import inert, literal


def md(paper: Paper) -> str:
    """A page in Markdown; text of a record stands in it as text, whatever it looks like."""
    lines = [f"# {literal(paper.title)}", ""]
    for notice in paper.notices:
        lines += [f"> {literal(notice)}", ">"]
    lines[-1] = ""
    for section in paper.sections:
        lines += [f"## {literal(section.heading)}", ""]
        lines += [literal(section.says), ""] if section.says else []
        lines += [f"- {_md(entry)}" for entry in section.entries]
        lines += [""] if section.entries else []
    return "\n".join(lines).rstrip("\n") + "\n"


def _md(entry: Entry) -> str:
    place = f" ({literal(entry.place)})" if entry.place else ""
    return f"**{literal(_about(entry))}** {literal(entry.value) if entry.value else f'*{OPEN}*'}{place}"


def _about(entry: Entry) -> str:
    return entry.about if entry.about.endswith("?") else f"{entry.about}:"


def text(paper: Paper) -> str:
    """Plain text for a terminal, or for pasting into a form."""
    return "".join(f"{inert(line)}\n" for line in _text(paper))


def _text(paper: Paper) -> Iterator[str]:
    yield paper.title
    yield from paper.notices
    for section in paper.sections:
        yield ""
        yield section.heading
        if section.says:
            yield f"  {section.says}"
        for entry in section.entries:
            place = f" ({entry.place})" if entry.place else ""
            yield f"  {_about(entry)} {entry.value or f'[{OPEN}]'}{place}"


FORMATS: dict[str, Callable[[Paper], str]] = {"md": md, "text": text}
