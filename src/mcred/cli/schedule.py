"""What falls due in a catalogue: each record is looked at by itself, and only what falls due of it is kept."""

import gc
import sys
from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from mcred.cli.gathering import Asked, Gathered, gathered
from mcred.cli.means import Means
from mcred.cli.options import today_there, workspace
from mcred.cli.recalling import recalled
from mcred.cli.targets import newer
from mcred.clocks import Moment
from mcred.record.kinds import FRAMEWORK
from mcred.record.reviews import REVIEWED
from mcred.review import Beyond, Calendar, Group, Item, Packed, Report, Wanted, report, unpacked
from mcred.settings import Settings
from mcred.text import inert, plural
from mcred.workspace import Workspace

if TYPE_CHECKING:
    from mcred.cli.reckoning import Reckoning

KINDS = frozenset((*REVIEWED, "standard", FRAMEWORK))
"""The kinds of record of which something falls due."""

MOST_NAMED = 5
"""Files that could not be read and are named."""


class One(NamedTuple):
    """What falls due of one record.

    `faulty` says that nobody can tell. Of a framework or policy there is a `check` with its id; the items of others
    stand by the days asked about, with the ids of what the record took the place of.
    """

    faulty: bool = False
    framework: str | None = None
    check: tuple[str, Packed | None] | None = None
    days: tuple[tuple[list[Packed], list[str]], ...] = ()


class Whole(NamedTuple):
    """What is known of all records together.

    The places of those of which nobody can tell what falls due; the ids of all organisations; the checks of the
    frameworks in use; and of each of the days the ids of what others took the place of, and the calendar, packed.
    """

    faulty: list[int]
    organisations: list[str]
    checks: list[Packed]
    days: list[tuple[list[str], Any]]


class Due:
    """What falls due of all records, as it is known on a day; what nobody asks for is not looked at."""

    def __init__(self, found: Gathered, number: int) -> None:
        self._found = found
        self._number = number
        whole = Whole(*found.whole)
        self._checks = whole.checks
        gone, calendar = whole.days[number]
        self._gone = frozenset(gone)
        self._calendar = Calendar.unpacked(calendar)

    @property
    def groups(self) -> Iterable[Group]:
        """The groups that have items."""
        return self._calendar.groups

    def items(self, wanted: Wanted) -> list[Item]:
        """The items that are shown, by the paths of their records; those of frameworks last."""
        found = (unpacked(each) for place in self._calendar.within(wanted) for each in self._packed(place))
        return [item for item in found if wanted.shows(item)]

    def beyond(self, wanted: Wanted, today: date) -> Beyond:
        """How many items are chosen and not shown."""
        return self._calendar.beyond(wanted, today)

    def _packed(self, place: int) -> list[Packed]:
        # The checks of frameworks stand in the calendar behind all records.
        if place == len(self._found.insides):
            return self._checks
        return awaited(One(*self._found.one(place)).days[self._number][0], self._gone)


def awaited(items: list[Packed], gone: Collection[str]) -> list[Packed]:
    """What is left of the items where other records took the place of some: those are not brought under new rules."""
    return [item for item in items if item[_KIND] != "transition" or item[_RECORD] not in gone]


_KIND, _RECORD = map(Item._fields.index, ("kind", "record"))


class Schedule(NamedTuple):
    """What falls due: on the day, and as it was known on an earlier day if one was asked for."""

    day: date
    settings: Settings
    due: Due
    earlier: Due | None
    unread: list[str]
    """The paths of records that could not be read, or where what a review falls due by is at fault."""
    organisations: list[str]
    recorded: Moment | None
    """The commit that was read, if one was."""

    def report(self, wanted: Wanted, since: date | None = None) -> Report:
        """The report on what is wanted of it, since an earlier day if one was asked for."""
        shown, beyond = self.due.items(wanted), self.due.beyond(wanted, self.day)
        if since is None or self.earlier is None:
            return report(shown, self.day, wanted, beyond=beyond)
        return report(shown, self.day, wanted, since, self.earlier.items(wanted.earlier(self.day, since)), beyond)


def schedule(
    as_of: date | None,
    since: date | None,
    at: str | None = None,
    keep: bool = True,
    by_time: bool = True,
    jobs: int | None = None,
) -> Schedule:
    """Say what falls due in the catalogue of the current folder, as it lies there or was recorded."""
    gc.disable()
    catalogue = workspace(at=at)
    if keep:
        recalled(catalogue)
    newer(catalogue)
    day = as_of or today_there(catalogue.settings.timezone)
    # What was found for another day has a place of its own, so that it does not push out what is found for today.
    name = f"due-reviews as of {as_of} since {since}" if as_of or since else "due-reviews"
    found = due_in(catalogue, day, since, name, Means.given(catalogue, keep, by_time, jobs))
    tell(found.unread, catalogue)
    return found


def due_in(catalogue: Workspace, day: date, since: date | None, name: str, means: Means) -> Schedule:
    """Say what falls due in a catalogue by some means; `name` is that of what is kept for later runs."""
    walk = catalogue.walk()
    days = [day, since] if since is not None else [day]

    @cache
    def reckoning() -> "Reckoning":
        # With it comes all that reads and judges records: it is imported where a file has to be looked at.
        from mcred.cli.reckoning import Reckoning

        return Reckoning(catalogue, walk, days)

    one, whole = lambda entry: reckoning().one(entry), lambda values: reckoning().whole(values)
    found = gathered(catalogue, walk, Asked(name, str(days), KINDS, one, whole), means)
    told = Whole(*found.whole)
    unread = [catalogue.shown(found.insides[place]) for place in told.faulty]
    unread += [path for path, _ in walk.unreadable]
    due = [Due(found, number) for number in range(len(days))]
    earlier = due[1] if since is not None else None
    return Schedule(day, catalogue.settings, due[0], earlier, unread, told.organisations, catalogue.recorded)


def tell(unread: list[str], catalogue: Workspace) -> None:
    """Say on standard error which records could not be read."""
    if not unread:
        return
    names = ", ".join(inert(PurePosixPath(path).name) for path in unread[:MOST_NAMED])
    more = f" and {len(unread) - MOST_NAMED} more" if len(unread) > MOST_NAMED else ""
    says = "is left out, because it has faults" if len(unread) == 1 else "are left out, because they have faults"
    sys.stderr.write(
        f"mcred: {plural(len(unread), 'record')} {says}: {names}{more} (`{catalogue.validating()}` says which)\n"
    )
