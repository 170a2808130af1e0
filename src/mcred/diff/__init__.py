"""What a change comes to in the field's terms: events, from the plain data of a record before and after it.

Pure: values in, values out. Whoever asks says where the two came from.
"""

from mcred.diff.event import Event, Word
from mcred.diff.events import events
from mcred.diff.pairing import Held, Pair, paired
from mcred.diff.wording import reworded

__all__ = ["Event", "Held", "Pair", "Word", "events", "paired", "reworded"]
