"""The small part of a record that others, reports and lists need: plain data, cheap to keep for 100,000 records."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from mcred.record.decisions import in_effect
from mcred.record.record import Record

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


@lru_cache(maxsize=4096)
def _same(pointer: Path) -> Path:
    """The pointer, one for all records: that many name an organisation at the same place costs memory once."""
    return pointer


def facts(record: Record) -> Facts:
    """The facts of a record."""
    references: list[Reference] = []
    documents: list[tuple[Path, str]] = []
    for marked in record.marked:
        pointer, value, mark = marked.pointer, marked.value, marked.mark
        if (
            mark.references
            and isinstance(value, str)
            and not (mark.references == ("framework",) and value in _NO_FRAMEWORK)
        ):
            references.append(
                Reference(_same(pointer), intern(value), mark.references, _relation(record, pointer, mark.relation))
            )
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
    )


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
    text = next(iter(title.values()), "") if isinstance(title, dict) else title
    if not isinstance(text, str):
        return ""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    words = _WORD.findall(_SAID_BY_ALL.sub(" ", plain))
    return " ".join(sorted(words))


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
