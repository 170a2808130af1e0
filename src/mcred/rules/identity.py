"""Ids, file names and register numbers: every record is one thing, found under one name."""

import unicodedata
from collections.abc import Iterator

from mcred.diagnostic import Finding, Pointer, Related, Severity
from mcred.record import Catalogue, Facts, Record
from mcred.rules.rule import catalogue_rule, record_rule
from mcred.text import slug


@record_rule("id-path-mismatch")
def id_path_mismatch(record: Record) -> Iterator[Finding]:
    """A record is found under its id, so its file bears that name."""
    own = record.data.get("id")
    if isinstance(own, str) and own != record.stem:
        yield Finding(
            Pointer(("id",)),
            "the id is '{id}', but the file is named '{stem}.yaml'",
            hint=f"rename the file to {own}.yaml"
            + (
                f", or write `id: {record.stem}`; an id that is in use is never changed"
                if slug(record.stem) == record.stem
                else ""
            ),
            id=own,
            stem=record.stem,
        )


@catalogue_rule("duplicate-id")
def duplicate_id(catalogue: Catalogue) -> Iterator[Finding]:
    """An id, or an earlier id, names one record of the whole catalogue, of whatever kind, for ever."""
    taken: dict[str, tuple[Facts, Pointer]] = {}
    for facts in catalogue.records:
        if facts.parsed and facts.id == facts.stem:
            yield from _claim(taken, facts.id, facts, Pointer(("id",)), catalogue)
    for facts in catalogue.records:
        for pointer, alias in facts.aliases:
            yield from _claim(taken, alias, facts, Pointer(pointer), catalogue)


def _claim(
    taken: dict[str, tuple[Facts, Pointer]], name: str, facts: Facts, pointer: Pointer, catalogue: Catalogue
) -> Iterator[Finding]:
    if name in catalogue.frameworks:
        yield Finding(
            pointer,
            "'{id}' is the id of a framework that comes with mcred",
            hint="choose another id",
            path=facts.path,
            id=name,
        )
    elif name not in taken:
        taken[name] = facts, pointer
    elif _folded(taken[name][0].path) != _folded(facts.path):
        first, where = taken[name]
        what = "id" if pointer == ("id",) else "earlier id"
        yield Finding(
            pointer,
            "the {what} '{id}' belongs to another record, {other}",
            label="second",
            hint="choose another id" if what == "id" else "delete it here; an id is never used again",
            related=(Related("first here", where, first.path),),
            path=facts.path,
            what=what,
            id=name,
            other=first.path,
        )


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


@catalogue_rule("case-collision")
def case_collision(catalogue: Catalogue) -> Iterator[Finding]:
    """On Windows and macOS two files whose names differ only in capitals are one: checking them out loses one."""
    first: dict[str, Facts] = {}
    for facts in catalogue.records:
        folded = _folded(facts.path)
        if folded in first:
            yield Finding(
                Pointer(("id",)),
                "this file and {other} are one file on Windows and macOS",
                hint="rename one of the two; ids and file names are lower case",
                related=(Related("the other file", Pointer(("id",)), first[folded].path),),
                path=facts.path,
                other=first[folded].path,
            )
        else:
            first[folded] = facts


MANY = 20
"""Records of one title with which another is compared."""


def _told_apart(one: Facts, other: Facts) -> bool:
    return one.id == other.id or one.id in other.distinct or other.id in one.distinct


@catalogue_rule("near-duplicate-title")
def near_duplicate_title(catalogue: Catalogue) -> Iterator[Finding]:
    """Two records of one kind with the same words in their titles are most often one thing recorded twice."""
    taken: dict[tuple[str, str], list[Facts]] = {}
    for facts in sorted(catalogue.records, key=lambda facts: facts.id):
        if not facts.title:
            continue
        # Of each title, those that are told apart from all before them: a handful, and no more are compared.
        different = taken.setdefault((facts.kind, facts.title), [])
        first = next((each for each in different[:MANY] if not _told_apart(each, facts)), None)
        if first is None:
            different.append(facts)
        else:
            yield Finding(
                Pointer(("title",)),
                "'{other}' has the same words in its title",
                hint="if it is another thing, say so: `distinct_from: [{target: …, why: …}]`; else keep one record",
                related=(Related("first here", Pointer(("title",)), first.path),),
                path=facts.path,
                other=first.id,
            )


@catalogue_rule("duplicate-register-number")
def duplicate_register_number(catalogue: Catalogue) -> Iterator[Finding]:
    """A register gives each entry a number of its own."""
    taken: dict[tuple[str, str], tuple[Facts, Pointer]] = {}
    for facts in sorted(catalogue.records, key=lambda facts: facts.id):
        for pointer, register, number in facts.numbers:
            first, where = taken.setdefault((register, number), (facts, Pointer(pointer)))
            if first is not facts:
                yield Finding(
                    Pointer(pointer),
                    "number '{number}' of the {register} register belongs to '{other}' too",
                    label="second",
                    hint="one of the two is mistyped; a new version of one credential keeps its record",
                    related=(Related("first here", where, first.path),),
                    severity=Severity.WARNING if facts.observed and first.observed else None,
                    path=facts.path,
                    number=number,
                    register=register,
                    other=first.id,
                )
