"""The two clocks of a register: what was in force on a day, and what its repository had recorded of it."""

from datetime import date
from typing import NamedTuple


class Moment(NamedTuple):
    """A commit from which a catalogue is read: its id, and the day on which it was made, in the catalogue's zone."""

    commit: str
    day: date

    def __str__(self) -> str:
        return f"{self.commit[:12]} of {self.day}"


class Clocks(NamedTuple):
    """The day that something is told of, and what it is read from: the commit that recorded it, or what lies there."""

    day: date
    recorded: Moment | None

    def __str__(self) -> str:
        return f"{self.day}, recorded at {self.recorded}" if self.recorded is not None else str(self.day)

    def plain(self) -> dict[str, str | None]:
        """Both as data that a program reads."""
        return {
            "as_of": self.day.isoformat(),
            "recorded_at": self.recorded.commit if self.recorded is not None else None,
        }
