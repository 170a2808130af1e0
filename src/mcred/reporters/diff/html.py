"""What changed as one page that needs nothing else, before and after side by side."""

from mcred.diff import Changes, Difference
from mcred.diff.rows import row, sentence
from mcred.diff.words import (
    about,
    compared,
    counted,
    faults,
    heading,
    lists,
    named,
    state,
    tally,
)
from mcred.reporters import Look
from mcred.reporters.pages import page


def write(found: Difference, look: Look) -> str:
    """The page."""
    return page(
        "mcred.reporters.diff",
        "page.html.j2",
        heading=heading(found),
        compared=f"{compared(found)}.",
        counted=f"{sentence(counted(found))}.",
        before=state(found.before),
        after=state(found.after),
        summary=[(each.record, named(each), tally(each)) for each in found.records],
        records=[_record(each) for each in found.records] if not found.summary else [],
        not_compared=[(each.path, each.because) for each in found.not_compared],
        language=found.language,
    )


def _record(each: Changes) -> dict[str, object]:
    return {
        "title": named(each),
        "about": [f"{sentence(text)}." for text in (about(each), faults(each)) if text],
        "rows": [row(event) for event in each.events],
        "lists": lists(each),
    }
