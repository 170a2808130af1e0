"""The documents: what each is for, which records it is made of, and what stands around its text."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from mcred.clocks import Moment
from mcred.listing.page import Page
from mcred.listing.view import EARLIEST, day_of, recording
from mcred.listing.words import LANGUAGES, Wordings, Words
from mcred.text import plural


class Document(NamedTuple):
    """A document: its first line of help, the kinds it is made of, and the parts of a view that it needs."""

    help: str
    kinds: tuple[str, ...]
    parts: frozenset[str] = frozenset()
    own: bool = False
    """Whether it is only made of own records: nobody applies for, reviews or certifies what others publish."""


INDEX = "index"

DOCUMENTS = {
    "listing": Document(
        "what an agency, a provider and a learner see", ("micro-credential", "training-scheme", "group")
    ),
    "application": Document(
        "what an application says and still lacks, clause by clause",
        ("micro-credential",),
        frozenset({"checklist"}),
        True,
    ),
    "review-report": Document(
        "what a review found and still has to answer",
        ("micro-credential", "training-scheme"),
        frozenset({"checklist", "review"}),
        True,
    ),
    "change-notice": Document(
        "what changed since the content approval in force, and what follows from it",
        ("micro-credential", "training-scheme"),
        frozenset({"changes"}),
        True,
    ),
    "certificate": Document("what a certificate has to show", ("micro-credential",), frozenset({"checklist"}), True),
    "level-note": Document(
        "how its level stands to those of other frameworks, where a body published that",
        ("micro-credential", "training-scheme"),
        frozenset({"levels"}),
    ),
    "equivalency": Document("a copy of a statement of equivalency", ("equivalency",)),
    "organisation": Document("a sheet on an organisation", ("organisation",)),
    INDEX: Document("the whole catalogue, one line a record", ()),
}
"""Each document; the template of its name says it."""

USUAL = {kind: name for name in ("organisation", "equivalency", "listing") for kind in DOCUMENTS[name].kinds}
"""The document of each kind where none is asked for; the other kinds have none."""

BOTH = "both"
CHOICES = (*LANGUAGES, BOTH)


def tongues(choice: str, first: str) -> tuple[str, ...]:
    """The languages of a document by what was chosen; of two, the catalogue's first comes first."""
    if choice != BOTH:
        return (choice,)
    return tuple(sorted(LANGUAGES, key=lambda each: each != first))


class Printer:
    """Makes pages of views: `fragment` gives what a template says of one, `wordings` what stands around it."""

    def __init__(self, fragment: Callable[[str, Mapping[str, Any]], str], wordings: Wordings) -> None:
        self._fragment = fragment
        self._wordings = wordings

    def page(self, name: str, view: Mapping[str, Any]) -> Page:
        """The page of a document about a record.

        Raises:
            TemplateFault: the template cannot be made one.
        """
        words = self._wordings.of(view["framework"])
        title = words.choose(view["title"])
        return Page(
            title=title if name == "listing" else f"{_called(name, words)}: {title}",
            language=words.language,
            body=self._fragment(name, view),
            footer=" · ".join(_footer(name, view, words)),
            notices=tuple(_notices(view, words)),
            author=words.choose(view["catalogue"]["title"]),
            day=day_of(view),
            marked=f"Has {plural(view['errors'], 'error')}: not to be relied on." if view["errors"] else "",
        )

    def index(self, index: Mapping[str, Any]) -> Page:
        """The page that says what a catalogue holds (see `index`)."""
        words = self._wordings.of(None)
        title = words.choose(index["catalogue"]["title"])
        part = (_PART_OF_INDEX,) if index["selected"] else ()
        notices = (_ABOUT_INDEX, *part, *_clocks(index, words), *_languages(words))
        return Page(title, words.language, self._fragment(INDEX, index), title, notices, title, EARLIEST)


_ABOUT_INDEX = (
    "The index of a catalogue, not a register: it holds own records, summaries of what others publish, and fictional "
    "examples, and says of each which it is."
)

_PART_OF_INDEX = "Only a selection: other records of the catalogue are left out."

OBSERVED = "A summary of public information, not the register and no statement of any authority."

OWN = "Made from the records of “{catalogue}”. It is no form and no statement of an authority."

FICTIONAL = "Fictional example data: neither this nor the organisations in it exist."


def _notices(view: Mapping[str, Any], words: Words) -> Iterator[str]:
    """What a document is and what it is not, in plain sentences."""
    if view["fictional"]:
        yield FICTIONAL
    if view["custody"] == "own":
        yield OWN.format(catalogue=words.choose(view["catalogue"]["title"]))
    else:
        yield OBSERVED
        seen = sorted({str(source["seen"]) for source in view["sources"] if source["seen"] is not None})
        if seen:
            yield f"Its sources were last seen in {words.plain_date(seen[-1])}; they are named at its end."
    yield from _clocks(view, words)
    yield from _languages(words)


def _clocks(view: Mapping[str, Any], words: Words) -> Iterator[str]:
    """The day and the commit that were asked for."""
    if (day := view["as_of"]) is not None:
        yield f"As of {words.plain_date(day)}: what was decided later is left out."
    if (commit := view["recorded_at"]) is not None:
        made = words.plain_date(view["recorded_on"])
        yield f"As recorded at {commit[:12]} of {made}: what was recorded later is left out."


def _languages(words: Words) -> Iterator[str]:
    if words.languages == ("mi",):
        yield "Labels in italics have no form in te reo Māori with a known source, and stand in English."
    elif "mi" in words.languages:
        yield "Labels that have no form in te reo Māori with a known source stand in English alone."


def _footer(name: str, view: Mapping[str, Any], words: Words) -> Iterator[str]:
    """What tells the document apart on each printed page."""
    number = view["derived"]["number"]["value"]
    yield f"Reference {number if number is not None else view['id']}"
    version = view["derived"]["version"]["value"]
    if version is not None:
        yield f"version {version}"
    if name != "listing":
        yield _called(name, words)
    if view["fictional"]:
        yield "fictional example"
    elif view["custody"] == "observed":
        yield "summary of public information"
    yield words.choose(view["catalogue"]["title"])


def _called(name: str, words: Words) -> str:
    """What a document is called, without what its label adds."""
    return words.plain(f"document-{name}").partition(":")[0]


def row(view: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the index: the little of a view that it shows."""
    record, derived = view["record"], view["derived"]
    until = view["as_of"] or "9999"
    return {
        "id": view["id"],
        "title": view["title"],
        "level": record.get("level"),
        "credits": record.get("credits"),
        "status": derived["effective_status"]["value"],
        "stage": derived["stage"]["value"],
        "developer": derived["developer"]["value"]
        or record.get("developer")
        or record.get("provider")
        or record.get("holder"),
        "next_review": derived["next_review"]["value"],
        "uncertain": [
            name
            for name in ("effective_status", "next_review")
            if derived[name]["uncertain"] and derived[name]["value"] is not None
        ],
        "types": [each["type"] for each in record.get("types") or () if str(each["from"] or "") <= until],
        "custody": view["custody"],
        "fictional": view["fictional"],
    }


def index(
    catalogue: Mapping[str, Any],
    rows: Mapping[str, list[dict[str, Any]]],
    as_of: str | None,
    recorded: Moment | None,
    selected: bool,
) -> dict[str, Any]:
    """`mcred-index/1`: what a catalogue holds, or its records that were `selected`, a row a record, by kind."""
    groups = [{"kind": kind, "rows": each} for kind, each in rows.items() if each]
    return {
        "schema": "mcred-index/1",
        "as_of": as_of,
        **recording(recorded),
        "selected": selected,
        "framework": None,
        "catalogue": catalogue,
        "groups": groups,
    }
