"""What a correction puts into the decision that it corrects: it has to fit there, which its own schema cannot tell."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mcred.diagnostic import Finding, Pointer
from mcred.record.decisions import NEVER_CORRECTED
from mcred.shape.schemas import Shape

if TYPE_CHECKING:
    from mcred.document.reading import Document

DATES = ("date", "from", "until", "next_review", "reported_on")
"""The keys of decisions that hold a date; `set` of a correction may hold any of them."""

OWN = frozenset((*NEVER_CORRECTED, *DATES))
"""Keys that the rules about corrections look at themselves."""


def misfits(document: "Document", data: dict[str, Any], shape: Shape) -> Iterator[Finding]:
    """What is wrong with the values that corrections set, each told at its place in the correction."""
    decisions = data.get("decisions")
    given = list(enumerate(decisions)) if isinstance(decisions, list) else []
    corrections = [(place, each) for place, each in given if isinstance(each, dict) and each.get("act") == "corrected"]
    if not corrections:
        return
    places = {each["id"]: place for place, each in given if isinstance(each, dict) and isinstance(each.get("id"), str)}
    for place, correction in corrections:
        wrong, right = places.get(correction.get("decision", "")), correction.get("set")
        if wrong is None or wrong == place or not isinstance(right, dict):
            continue
        corrected = _Corrected(document, data, wrong, place, {key: right[key] for key in right if key not in OWN})
        if not shape.valid(corrected.data):
            yield from corrected.faults(shape)


class _Corrected:
    """A document as it would be if what a correction sets stood in the decision itself."""

    def __init__(
        self, document: "Document", data: dict[str, Any], wrong: int, place: int, asked: dict[str, Any]
    ) -> None:
        self._document = document
        self._asked = asked
        self._wrong = Pointer(("decisions", wrong))
        self._set = Pointer(("decisions", place, "set"))
        decisions = data["decisions"]
        self.data = {**data, "decisions": [*decisions[:wrong], {**decisions[wrong], **asked}, *decisions[wrong + 1 :]]}
        self.touched = document.touched

    def source(self, pointer: Pointer) -> str:
        """The text that a scalar was written with."""
        return self._document.source(self._stands_at(pointer))

    def order(self, pointer: Pointer) -> list[str]:
        """The keys of a map, in the order of the text."""
        return self._document.order(self._stands_at(pointer))

    def in_flow(self, pointer: Pointer) -> bool:
        """Whether a key stands inside `{ }`."""
        return self._document.in_flow(self._stands_at(pointer))

    def faults(self, shape: Shape) -> Iterator[Finding]:
        """What is wrong with the decision because of the correction."""
        from mcred.shape.faults import explain

        as_document: Any = self
        for finding in explain(as_document, self.data, shape):
            at = self._stands_at(finding.pointer)
            if at != finding.pointer:
                finding.pointer = at
                # A repair would be one of the decision that is wrong.
                finding.fix = None
                yield finding

    def _stands_at(self, pointer: Pointer) -> Pointer:
        """Where what is at a pointer stands in the text."""
        inside = pointer[len(self._wrong) :]
        from_set = pointer[: len(self._wrong)] == self._wrong and inside and inside[0] in self._asked
        return Pointer((*self._set, *inside)) if from_set else pointer
