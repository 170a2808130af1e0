"""The small part of a record that others, reports and lists need: plain data, cheap to keep for 100,000 records."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import filterfalse
from sys import intern
from typing import Any, NamedTuple

from mcred.record.decisions import in_effect
from mcred.record.ending import last_day
from mcred.record.offerings import name_of
from mcred.record.once import once
from mcred.record.record import Record
from mcred.record.view import View

Path = tuple[str | int, ...]


class Reference(NamedTuple):
    """One record names another: where, the id, the kinds it may be, and the relation that must not go in circles."""

    pointer: Path
    target: str
    kinds: tuple[str, ...]
    relation: str


class Reviewed(NamedTuple):
    """A developer's review that was completed: where it stands, its day, who did it, and what it found, folded."""

    pointer: Path
    date: str
    by: str
    says: str


class Version(NamedTuple):
    """A version of a standard, as far as others go by it; empty or None where it is not known."""

    version: str
    level: int | None
    credits: float | None
    status: str
    expires: str
    replaced_by: tuple[str, ...]


class Use(NamedTuple):
    """A standard that a credential uses: where, its id, the version if one is said, whether all learners achieve it."""

    pointer: Path
    standard: str
    version: str
    compulsory: bool


class Facts(NamedTuple):
    """What others need to know of a record; `parsed` is False where its file could not be read."""

    path: str
    kind: str
    id: str
    stem: str
    parsed: bool = True
    observed: bool = False
    aliases: tuple[tuple[Path, str], ...] = ()
    references: tuple[Reference, ...] = ()
    numbers: tuple[tuple[Path, str, str], ...] = ()
    """Register numbers: where, the framework whose register it is, the number."""
    documents: tuple[tuple[Path, str], ...] = ()
    title: str = ""
    """The title in the first language, folded: without case, marks, punctuation and order of words."""
    distinct: tuple[str, ...] = ()
    """The ids of what the record says it differs from."""
    reviews: tuple[Reviewed, ...] = ()
    """The reviews that its developer completed; none of copies of what others publish."""
    ends: str = ""
    """The last day of what it is about, by all that is recorded; empty where it goes on."""
    framework: str = ""
    level: int | None = None
    credits: float | None = None
    uses: tuple[Use, ...] = ()
    """The standards of the catalogue that it uses."""
    versions: tuple[Version, ...] = ()
    """Of a standard, its versions that are known, oldest first."""
    outcomes: tuple[str, ...] = ()
    """Digests of the wording of its outcomes: two are the same where those are."""


@lru_cache(maxsize=4096)
def _same(pointer: Path) -> Path:
    """The pointer, one for all records: that many name an organisation at the same place costs memory once."""
    return pointer


def facts(record: Record, head: Mapping[str, Any] | None = None) -> Facts:
    """The facts of a record; `head` is that of its framework."""
    references: list[Reference] = []
    documents: list[tuple[Path, str]] = []
    for pointer, value, mark in record.marked:
        if (
            mark.references
            and isinstance(value, str)
            and not (mark.references == ("framework",) and value in _NO_FRAMEWORK)
        ):
            relation = _relation(record, pointer, mark.relation) if mark.relation else ""
            references.append(Reference(_same(pointer), intern(value), mark.references, relation))
        elif mark.format == "document" and isinstance(value, str):
            documents.append((pointer, value))
    return Facts(
        path=record.path,
        kind=record.kind,
        id=record.id,
        stem=record.stem,
        observed=record.observed,
        aliases=tuple((tuple(pointer), alias) for pointer, alias in record.items("aliases")),
        references=tuple(references),
        numbers=tuple(_numbers(record)),
        documents=tuple(documents),
        title=folded_title(record.data.get("title")),
        distinct=tuple(
            item["target"] for _, item in record.items("distinct_from") if isinstance(item.get("target"), str)
        ),
        reviews=tuple(_reviews(record)) if not record.observed else (),
        ends=_ends(record, head),
        framework=record.framework or "",
        level=_whole(record.data.get("level")),
        credits=_number(record.data.get("credits")),
        uses=tuple(_uses(record)),
        versions=tuple(_versions(record)) if record.kind == "standard" else (),
        outcomes=tuple(_outcomes(record)),
    )


def _ends(record: Record, head: Mapping[str, Any] | None) -> str:
    last = last_day(View(record, date.max, head))
    return last.isoformat() if last is not None else ""


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) else None


def _uses(record: Record) -> Iterator[Use]:
    for pointer, use in record.items("standards"):
        if isinstance(use.get("id"), str) and use.get("proposed") is not True:
            version = use.get("version", "")
            yield Use(_same(tuple(pointer)), intern(use["id"]), intern(version), use.get("compulsory") is True)


def _versions(record: Record) -> Iterator[Version]:
    for _, each in record.items("versions"):
        yield Version(
            version=each.get("version", ""),
            level=_whole(each.get("level")),
            credits=_number(each.get("credits")),
            status=each.get("status", ""),
            expires=str(each.get("expires", "")),
            replaced_by=tuple(name for other in each.get("replaced_by") or () if (name := name_of(other))),
        )


FEWEST_WORDS = 3
"""Words from which on a text is told by them: shorter ones are alike by chance."""


def _outcomes(record: Record) -> Iterator[str]:
    from mcred.hashing import blake2b

    for words in outcome_words(record):
        if len(words) >= FEWEST_WORDS:
            yield blake2b(" ".join(words).encode(), digest_size=8).hexdigest()


def _reviews(record: Record) -> Iterator[Reviewed]:
    for place, decision, _ in in_effect(record):
        if decision.get("act") == "review-completed" and decision.get("reviewer") == "developer" and "date" in decision:
            found = decision.get("findings")
            says = next(iter(found.values()), "") if isinstance(found, dict) else found
            words = " ".join(_WORD.findall(says.casefold())) if isinstance(says, str) else ""
            by = decision.get("by")
            yield Reviewed(
                ("decisions", place), str(decision["date"]), intern(by) if isinstance(by, str) else "", intern(words)
            )


def folded_title(title: object) -> str:
    """A title as it is compared: its words in lower case without marks, sorted; what all titles say is left out."""
    return " ".join(sorted(_WORD.findall(_SAID_BY_ALL.sub(" ", _folded(title)))))


def folded_words(text: object) -> list[str]:
    """The words of a text in its first language as they are compared: in lower case, without marks."""
    return _WORD.findall(_folded(text))


@once
def outcome_words(record: Record) -> list[list[str]]:
    """The words of each outcome as they are compared, in order."""
    return [folded_words(outcome.get("text")) for _, outcome in record.items("outcomes")]


def _folded(text: object) -> str:
    first = next(iter(text.values()), "") if isinstance(text, dict) else text
    if not isinstance(first, str):
        return ""
    folded = first.casefold()
    if folded.isascii():
        return folded
    return "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", folded)))


_WORD = re.compile(r"[^\W_]+")

_SAID_BY_ALL = re.compile(r"\bmicro[\W_]?credentials?\b")

_NO_FRAMEWORK = ("none", "unknown")


def _relation(record: Record, pointer: Path, relation: str) -> str:
    """The relation of a reference; a pathway is one only where it says that credit counts towards its target."""
    if relation == "credit-towards" and record.get((*pointer[:-1], "relation")) != "credit-towards":
        return ""
    return relation


def _numbers(record: Record) -> list[tuple[Path, str, str]]:
    scheme = record.framework or ""
    if record.kind == "qualification":
        number = record.data.get("number")
        return [(("number",), scheme, number)] if isinstance(number, str) and scheme else []
    if record.kind not in ("micro-credential", "training-scheme") or not scheme:
        return []
    listed = [
        (("decisions", place, "number"), scheme, decision["number"])
        for place, decision, _ in in_effect(record)
        if decision.get("act") == "listed" and isinstance(decision.get("number"), str)
    ]
    shown = record.get(("register_entry", "number"))
    if not listed and isinstance(shown, str):
        return [(("register_entry", "number"), scheme, shown)]
    return [(pointer, scheme, number) for pointer, scheme, number in listed]
