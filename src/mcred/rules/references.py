"""References between records: they lead somewhere, to the right kind, and never in a circle."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mcred.diagnostic import Finding, Pointer, Related
from mcred.record import Catalogue, Facts, article
from mcred.rules.rule import catalogue_rule
from mcred.text import Suggestions, one_of, shown


@catalogue_rule("broken-reference")
def broken_reference(catalogue: Catalogue) -> Iterator[Finding]:
    """What a record names by id is in the catalogue; something outside is named by title."""
    suggestions = Suggestions()
    for facts in catalogue.records:
        for pointer, target, kinds, _ in facts.references:
            if any(True for _ in catalogue.kinds_of(target)) or catalogue.may_be_unread(target):
                continue
            near = suggestions.did_you_mean(target, _ids(catalogue, kinds))
            yield Finding(
                Pointer(pointer),
                "no {kind} '{target}'" + near,
                hint="" if near else _hint(Pointer(pointer), kinds, catalogue),
                path=facts.path,
                kind=" or ".join(kinds[:3]) if len(kinds) <= 3 else "record",
                target=target,
            )


def _ids(catalogue: Catalogue, kinds: tuple[str, ...]) -> Iterator[str]:
    return (id for kind in kinds for id in catalogue.ids.get(kind, ()))


def _hint(pointer: Pointer, kinds: tuple[str, ...], catalogue: Catalogue) -> str:
    if kinds == ("framework",):
        none = "; write `framework: none` where there is none" if pointer[-1] == "framework" else ""
        return f"there is {one_of(catalogue.ids.get('framework', ()))}{none}"
    return "something that is not in the catalogue is named as {title: …, reference: …}"


@catalogue_rule("reference-to-wrong-kind")
def reference_to_wrong_kind(catalogue: Catalogue) -> Iterator[Finding]:
    """A developer is an organisation, a standard is a standard."""
    suggestions = Suggestions()
    for facts in catalogue.records:
        for pointer, target, kinds, _ in facts.references:
            found = list(catalogue.kinds_of(target))
            if found and "" not in found and not set(found) & set(kinds):
                near = suggestions.closest(target, _ids(catalogue, kinds))
                other = catalogue.find(target)
                yield Finding(
                    Pointer(pointer),
                    "'{target}' is {kind}; {wanted} is meant here" + (f"; did you mean '{near}'?" if near else ""),
                    related=(Related(f"'{target}' is described here", Pointer(("id",)), other.path),) if other else (),
                    path=facts.path,
                    target=target,
                    kind=article(found[0]),
                    wanted=" or ".join(map(article, kinds)),
                )


class Edge(NamedTuple):
    """A relation from one record to another, and where it is written."""

    target: str
    path: str
    pointer: Pointer


RELATIONS: Mapping[str, str] = {
    "requires": "requires",
    "part_of": "is part of",
    "credit-towards": "counts towards",
    "replaces": "replaces",
    "successors": "is succeeded by",
}
"""The relations that must not go in a circle, and how each reads; `replaced_by` is `replaces` the other way round."""


@catalogue_rule("reference-cycle")
def reference_cycle(catalogue: Catalogue) -> Iterator[Finding]:
    """Nothing requires, contains, replaces or succeeds itself, not even by way of others."""
    edges = _edges(catalogue)
    for relation, words in RELATIONS.items():
        for cycle in _cycles(edges.get(relation, {})):
            last = cycle[-1]
            names = [edge.target for edge in cycle]
            yield Finding(
                last.pointer,
                "this closes a circle: " + _circle(words, [names[-1], *names]),
                hint="take out the one that is wrong",
                related=tuple(Related(f"'{e.target}' is named here", e.pointer, e.path) for e in cycle[:-1]),
                path=last.path,
                circle=names,
                relation=relation,
            )


MOST_NAMED = 6
"""Records of a circle that a message names."""


def _circle(words: str, names: list[str]) -> str:
    if len(names) > MOST_NAMED:
        names = [*names[:2], "…", names[-1]]
    told = f"'{shown(names[0])}' {words} " + f", which {words} ".join(f"'{shown(name)}'" for name in names[1:])
    return told.replace("{", "{{").replace("}", "}}")


def _edges(catalogue: Catalogue) -> dict[str, dict[str, list[Edge]]]:
    """For each relation, the edges that leave each record."""
    edges: dict[str, dict[str, list[Edge]]] = {}
    for facts in catalogue.records:
        for reference in facts.references:
            if not reference.relation:
                continue
            start, target, relation = facts.id, _named(catalogue, reference.target), reference.relation
            if relation == "replaced_by":
                start, target, relation = target, start, "replaces"
            edge = Edge(target, facts.path, Pointer(reference.pointer))
            edges.setdefault(relation, {}).setdefault(start, []).append(edge)
    return edges


def _named(catalogue: Catalogue, target: str) -> str:
    found: Facts | None = catalogue.find(target)
    return found.id if found else target


def _cycles(edges: dict[str, list[Edge]]) -> Iterator[list[Edge]]:
    """Each circle once: a walk in depth, without recursion, that reports every edge back into its own path."""
    done: set[str] = set()
    for start in sorted(edges):
        if start in done:
            continue
        path: list[Edge] = []
        on_path = {start: 0}
        pending = [iter(sorted(edges.get(start, ())))]
        while pending:
            edge = next(pending[-1], None)
            if edge is None:
                pending.pop()
                name = path.pop().target if path else start
                on_path.pop(name, None)
                done.add(name)
            elif edge.target in on_path:
                yield [*path[on_path[edge.target] :], edge]
            elif edge.target not in done:
                path.append(edge)
                on_path[edge.target] = len(path)
                pending.append(iter(sorted(edges.get(edge.target, ()))))


@catalogue_rule("missing-document")
def missing_document(catalogue: Catalogue) -> Iterator[Finding]:
    """A document that a record names lies below the catalogue's root."""
    suggestions = Suggestions()
    for facts in catalogue.records:
        for pointer, path in facts.documents:
            if path in catalogue.files:
                continue
            yield Finding(
                Pointer(pointer),
                "no file '{document}' in the catalogue" + suggestions.did_you_mean(path, _beside(catalogue, path)),
                hint="the path starts at the catalogue's root, with '/' between folders; "
                "a document kept elsewhere is written {held_at: …, confidential: true}",
                path=facts.path,
                document=path,
            )


def _beside(catalogue: Catalogue, path: str) -> Iterator[str]:
    folder, _, name = path.rpartition("/")
    return (file for file in catalogue.files if file.rpartition("/")[2] == name or file.rpartition("/")[0] == folder)
