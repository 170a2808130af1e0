"""What a change comes to in the field's terms: events, from the plain data of a record before and after it.

Pure: values in, values out. Whoever asks says where the two came from.
"""

from mcred.diff.comparing import Held, Names, Others, changes
from mcred.diff.difference import Changes, Consequence, Difference, NotCompared, Ruling, Side, Touched
from mcred.diff.event import Event, Word
from mcred.diff.events import events
from mcred.diff.wording import reworded

__all__ = [
    "Changes",
    "Consequence",
    "Difference",
    "Event",
    "Held",
    "Names",
    "NotCompared",
    "Others",
    "Ruling",
    "Side",
    "Touched",
    "Word",
    "changes",
    "events",
    "reworded",
]
