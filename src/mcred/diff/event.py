"""The type of an event: one thing that a change did to a record."""

from typing import Any, NamedTuple

from mcred.diagnostic import Pointer


class Word(NamedTuple):
    """A piece of a text that was reworded: `kept`, `gone` or `new`."""

    what: str
    text: str


class Event(NamedTuple):
    """One thing that a change did: to what of a record, and what it did.

    `subject` is the record itself, one of a list (`outcome`, `decision`), or a field as the file names it. `what` is
    done to the subject as a whole, or `changed`, `reworded` (of a decision `rewritten`) to something in it, which
    `field` names then.
    """

    subject: str
    what: str
    record: str
    message: str
    heading: str
    """The message without what stood and what stands there."""
    pointer: Pointer = Pointer()
    """Where it stands in the record as it is; of what is gone, where it stood."""
    before: Any = None
    after: Any = None
    item: str = ""
    """Which one of a list: its id, or what it is known by."""
    field: str = ""
    """What of the subject; empty where it is meant as a whole."""
    words: tuple[Word, ...] = ()
    significant: bool | None = None
    """Whether the framework says that such a change needs a new approval; None where it says nothing."""

    @property
    def kind(self) -> str:
        """Its name, such as `credits-changed` or `outcome-reworded`."""
        return f"{self.subject}-{self.what}"


DONE = (
    *("added", "removed", "renamed", "changed", "reworded", "moved", "reordered"),
    *("split", "joined", "replaced", "rewritten", "identified", "reformatted"),
)
"""All that may be done to a subject."""
