"""What stands in texts: words to be replaced, marks that came with pasting, links, and languages that are missing."""

import re
from collections.abc import Iterator

from mcred.diagnostic import Anchor, Finding, Fix, Pointer, Related
from mcred.record import Record
from mcred.record.texts import BETWEEN, Path, said, texts, texts_of
from mcred.rules.phrases import FOR_LATER, NOT_APPLICABLE, PATHWAY
from mcred.rules.rule import record_rule
from mcred.text import plural

CODES = frozenset(("code", "number", "reference", "value", "version"))
"""The keys of codes that others gave, which are compared letter by letter."""

LONGEST = 80
"""Characters of a text that may be a placeholder."""

_PLACEHOLDER = f"(?i){BETWEEN}(?:{FOR_LATER}|{NOT_APPLICABLE}){BETWEEN}"
"""A text among all texts that may only stand for another."""


@record_rule("placeholder-text")
def placeholder_text(record: Record) -> Iterator[Finding]:
    """A text says something, or is left out; what stands for it looks to programs as if it were there."""
    if not re.search(_PLACEHOLDER, said(record).text):
        return
    for path, text in texts(record):
        if len(text) > LONGEST or (stands_for := _stands_for(text)) is None:
            continue
        if path[0] in ("remarks", "sources") or path[-1] in ("id", "remarks", *CODES):
            continue
        says, hint = stands_for
        yield Finding(Pointer(path), says, hint=hint, text=text)


def _stands_for(text: str) -> tuple[str, str] | None:
    """What a text only stands for, and what to do about it; None where it says something."""
    if re.fullmatch(FOR_LATER, text, re.IGNORECASE):
        return (
            "'{text}' only says that something is to come",
            "write what is meant; until it is known leave the field out, or list it under `unknown`",
        )
    if re.fullmatch(NOT_APPLICABLE, text, re.IGNORECASE):
        return (
            "'{text}' only says that there is nothing",
            "where it does not apply, say why: `{none: …}`; where nobody knows, leave it out",
        )
    return None


PASTED = "\u00ad\u200b\u2060", "\u00a0\u202f", "\u2018\u2019\u201c\u201d"
"""Characters that nobody sees, wide spaces, and curved quotation marks."""

_UNSEEN, _WIDE, _QUOTES = (f"[{characters}]" for characters in PASTED)


@record_rule("pasted-text")
def pasted_text(record: Record) -> Iterator[Finding]:
    """What came with pasting and nobody sees: a name or a code that holds it is another one to whoever looks for it."""
    everything = said(record).text
    if not any(character in everything for characters in PASTED for character in characters):
        return
    for path, text in texts(record):
        if text.isascii():
            continue
        compared = path[0] == "title" or path[-1] in CODES
        if found := re.search(_UNSEEN, text):
            what, clean = "a character that nobody sees", re.sub(_UNSEEN, "", text)
        elif found := re.search(_WIDE, text) if compared else None:
            what, clean = "a space that is not the usual one", re.sub(_WIDE, " ", text)
        elif found := re.search(_QUOTES, text) if path[-1] in CODES else None:
            what, clean = "a curved quotation mark", ""
        else:
            continue
        yield Finding(
            Pointer(path),
            "'{text}' holds {what} (U+{code})",
            hint="`mcred fix` puts it right" if clean else "codes are written as whoever gave them writes them",
            fix=Fix("set", Pointer(path), clean) if clean else None,
            text=text[max(0, found.start() - 20) : found.end() + 20],
            what=what,
            code=f"{ord(found[0]):04X}",
        )


@record_rule("missing-translation")
def missing_translation(record: Record) -> Iterator[Finding]:
    """A text that is in some languages of the title is in all of them, and so are those of other items of its list."""
    title = record.data.get("title")
    if not isinstance(title, dict) or len(title) < 2:
        return
    languages = frozenset(title)
    if not any(each is not title and languages.issuperset(each) for each in said(record).maps):
        return
    told = _told(record, languages)
    translated = {_field(path) for path, tags in told.items() if tags}
    lacking = [Pointer(path) for path, tags in told.items() if tags != languages and _field(path) in translated]
    if lacking:
        first, *others = lacking
        yield Finding(
            first,
            "this is not in all languages of the title ({languages})" + (", nor are {others}" if others else ""),
            anchor=Anchor.KEY,
            hint=f"write `{{{', '.join(f'{tag}: …' for tag in title)}}}`",
            related=tuple(Related("nor is this", pointer, anchor=Anchor.KEY) for pointer in others[:NAMED]),
            languages=", ".join(title),
            others=plural(len(others), "other text"),
        )


NAMED = 5
"""Further places that a finding points at."""


def _told(record: Record, languages: frozenset[str]) -> dict[Path, frozenset[str]]:
    """The texts of a record by where they are, each with its languages; of one that is no map none is said."""
    found: dict[Path, frozenset[str]] = {}
    for path, _ in texts(record):
        if path[-1] in languages and languages.issuperset(record.get(path[:-1], ())):
            found[path[:-1]] = found.get(path[:-1], frozenset()) | {str(path[-1])}
        else:
            found[path] = frozenset()
    return found


def _field(path: Path) -> Path:
    """The field of a text, whatever items of lists it lies in."""
    return tuple(part for part in path if isinstance(part, str))


_ADDRESS = r"https?://(?P<login>[^/?#@]*@)?(?P<host>\[[^\]]*\]|[^/?#:]*)"

_WITHIN = (
    r"(?i)[^.]+|.*\.(?:local|lan|internal|intranet|localdomain)|\[.*\]"
    r"|(?:10|127)\..*|192\.168\..*|169\.254\..*|172\.(?:1[6-9]|2[0-9]|3[01])\.[0-9.]*"
)
"""Hosts that only one network knows."""

FOLLOWED = ("enrol_url", "website")
"""The keys of links that documents show to learners."""


@record_rule("unsafe-link")
def unsafe_link(record: Record) -> Iterator[Finding]:
    """A link leads everybody to the same place, gives nobody's password away, and nobody can change what it brings."""
    for pointer, value, _ in [each for each in record.marked if each[2].format == "url"]:
        address = re.match(_ADDRESS, value)
        if address is None:
            continue
        if address["login"]:
            says, hint = "the link holds a login before '@'", "take it out, and change the password if it was one"
        elif re.fullmatch(_WITHIN, address["host"]):
            says, hint = (
                "the link leads to '{host}', which only one network knows",
                "give an address that everybody can open",
            )
        elif pointer[-1] in FOLLOWED and value.startswith("http:") and not record.observed:
            says, hint = "learners are sent to a link without encryption", "write `https://`, if the site answers to it"
        else:
            continue
        yield Finding(Pointer(pointer), says, hint=hint, host=address["host"])


@record_rule("pathway-in-wrong-field")
def pathway_in_wrong_field(record: Record) -> Iterator[Finding]:
    """Where an award leads is a pathway; in an outcome no list, document or search finds it."""
    if isinstance(record.get(("pathways", "education")), list):
        return
    for path, text in texts_of(record, "outcomes", "includes"):
        if "text" in path and PATHWAY.search(text[:2000]):
            yield Finding(
                Pointer(path),
                "this says where the award leads, not what its holder can do",
                hint="move it to `pathways`: `education` for study, `employment` for work",
            )
