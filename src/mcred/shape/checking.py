"""One record against its schema: what failed as findings, and what is left for the rules to read."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from mcred.dates import days
from mcred.diagnostic import Finding, Pointer, Related
from mcred.shape.corrections import misfits
from mcred.shape.marks import Marked
from mcred.shape.schemas import Shape

if TYPE_CHECKING:
    from mcred.document.reading import Document


class Checked(NamedTuple):
    """What came of a check: findings; the data without what is at fault (None keeps places in lists); marked values."""

    findings: list[Finding]
    data: dict[str, Any]
    marked: list[Marked]
    touched: frozenset[Pointer]
    """Pointers of which nothing more is to be said: their value, or what is missing there, is told already."""


def check(document: "Document", shape: Shape, left_out: Collection[Pointer] = ()) -> Checked:
    """Check a document that was read, as if nothing stood at the pointers that are `left_out`.

    What its reading already found fault with is not told again.
    """
    data = _without(document.data or {}, left_out)
    findings: list[Finding] = []
    touched = set(document.touched)
    if not shape.valid(data):
        from mcred.shape.faults import explain, stands_for

        findings = explain(document, data, shape)
        touched.update(finding.pointer for finding in findings if finding.rule != "missing-field")
        touched.update(
            finding.pointer / str(finding.arguments["field"]) for finding in findings if "field" in finding.arguments
        )
        # What is misspelt is told already: nobody is to miss it under its right name too.
        meant = [(finding, stands_for(finding)) for finding in findings if finding.rule == "unknown-field"]
        touched.update(finding.pointer.parent / name for finding, name in meant if name)
    if document.ambiguous:
        findings += _ambiguous(document, shape, touched, left_out)
    data = _without(data, touched)
    marked = shape.plan.walk(data)
    found = [*_values(marked), *misfits(document, data, shape)]
    if found:
        findings += found
        touched.update(finding.pointer for finding in found)
        data = _without(data, {finding.pointer for finding in found})
        marked = shape.plan.walk(data)
    return Checked(findings, data, marked, frozenset(touched))


def _ambiguous(
    document: "Document", shape: Shape, touched: Collection[Pointer], left_out: Collection[Pointer]
) -> list[Finding]:
    """Text without quotes that stands for something else where YAML 1.1 is read."""
    from mcred.shape.faults import ambiguous

    return [
        ambiguous(document, pointer, text)
        for pointer, text in document.plain_texts
        if pointer not in touched
        and not any(str(part).startswith("x-") for part in pointer)
        and not any(pointer[: len(other)] == other for other in left_out)
    ]


def _values(marked: list[Marked]) -> list[Finding]:
    """What is wrong with values that a schema alone cannot tell right."""
    of_format: dict[str, list[Marked]] = {}
    for each in marked:
        of_format.setdefault(each.mark.format, []).append(each)
    found = [each for format, check in _BY_FORMAT.items() for each in check(of_format.get(format, ()))]
    return [*found, *_twice(each for each in marked if each.mark.unique)]


def _dates(marked: Iterable[Marked]) -> Iterator[Finding]:
    for pointer, value, _ in marked:
        try:
            days(value)
        except ValueError as error:
            yield Finding(
                Pointer(pointer),
                "{why}",
                rule="impossible-date",
                hint="write the day that is meant, or only its month where the day is not known",
                why=str(error),
            )


def _ranges(marked: Iterable[Marked]) -> Iterator[Finding]:
    """Ranges that end before they begin; levels that are words have an order only in their framework."""
    for pointer, value, _ in marked:
        if not isinstance(value, dict):
            continue
        least, most = value.get("min"), value.get("max")
        if isinstance(least, int | float) and isinstance(most, int | float) and most < least:
            yield Finding(
                Pointer(pointer),
                "the range begins at {min} and ends at {max}, which is less",
                rule="out-of-range",
                hint=f"write {{min: {most}, max: {least}}}, or the number alone where there is no range",
                min=least,
                max=most,
            )


def _bare_nones(marked: Iterable[Marked]) -> Iterator[Finding]:
    """The word none where a text belongs: taken as it stands, it would be a pathway or a condition like any other."""
    for pointer, value, _ in marked:
        if isinstance(value, str) and value.strip(" .").casefold() == "none":
            yield Finding(
                Pointer(pointer),
                "'{field}' says '{text}' without saying why",
                rule="bad-format",
                hint="write {none: why} with the reason; what is not known is left out",
                field=pointer[-1],
                text=value,
            )


_BY_FORMAT: dict[str, Callable[[Iterable[Marked]], Iterator[Finding]]] = {
    "date": _dates,
    "range": _ranges,
    "text-or-none": _bare_nones,
}
"""What looks at the values of a format."""


def _twice(marked: Iterable[Marked]) -> list[Finding]:
    """Items of a list that share the id by which others point to them."""
    findings = []
    for pointer, items, mark in marked:
        if not isinstance(items, list):
            continue
        first: dict[Any, int] = {}
        for place, item in enumerate(items):
            name = item.get(mark.unique) if isinstance(item, dict) else None
            if not isinstance(name, str):
                continue
            if name in first:
                here = Pointer(pointer) / place / mark.unique
                before = Pointer(pointer) / first[name] / mark.unique
                findings.append(
                    Finding(
                        here,
                        "the {key} '{name}' stands twice in '{list}'",
                        rule="duplicate-item",
                        label="second",
                        hint="give this item an id of its own, or delete it if it is there twice",
                        related=(Related("first here", before),),
                        key=mark.unique,
                        name=name,
                        list=pointer[-1],
                    )
                )
            else:
                first[name] = place
    return findings


def _without(data: dict[str, Any], touched: Collection[Pointer]) -> dict[str, Any]:
    """The data without the values at some pointers, in one walk; only what holds one of them is copied."""
    if not touched:
        return data
    tree: dict[Any, Any] = {}
    for pointer in touched:
        node = tree
        for part in pointer:
            node = node.setdefault(part, {})
        node[_GONE] = True
    pruned: dict[str, Any] = _pruned(data, tree)
    return pruned


_GONE = object()


def _pruned(value: Any, tree: dict[Any, Any]) -> Any:
    if isinstance(value, dict):
        return {
            key: _pruned(inner, tree[key]) if key in tree else inner
            for key, inner in value.items()
            if key not in tree or _GONE not in tree[key]
        }
    if isinstance(value, list):
        return [
            (None if _GONE in tree[place] else _pruned(item, tree[place])) if place in tree else item
            for place, item in enumerate(value)
        ]
    return value
