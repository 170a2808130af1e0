"""What falls due in a catalogue: each record is read once, and only what falls due of it is kept."""

import gc
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import NamedTuple

from mcred.cli.options import today_there, workspace
from mcred.cli.progress import with_progress
from mcred.cli.targets import newer
from mcred.clocks import Moment
from mcred.diagnostic import Pointer
from mcred.frameworks import Case
from mcred.record import FRAMEWORK, Record, View
from mcred.record.reviews import REVIEWED, at_fault
from mcred.review import Item, items, of_framework, of_standard, of_transition, replaced, transitions
from mcred.settings import Settings
from mcred.text import inert, plural
from mcred.validation import Context, Loaded, load_with_places, view_of
from mcred.workspace import Workspace

MOST_NAMED = 5
"""Files that could not be read and are named."""


class Schedule(NamedTuple):
    """What falls due: on the day, and as it was known on an earlier day."""

    day: date
    settings: Settings
    items: list[Item]
    earlier: list[Item]
    unread: list[str]
    """The paths of records that could not be read, or where what a review falls due by is at fault."""
    organisations: frozenset[str]
    recorded: Moment | None
    """The commit that was read, if one was."""


def schedule(as_of: date | None, since: date | None, at: str | None = None) -> Schedule:
    """Read the catalogue of the current folder, as it lies there or was recorded, and say what falls due in it."""
    gc.disable()
    catalogue = workspace(at=at)
    newer(catalogue)
    walk = catalogue.walk()
    known = catalogue.context(walk)
    day = as_of or today_there(catalogue.settings.timezone)
    found = Schedule(day, catalogue.settings, [], [], [], frozenset(known.organisations), catalogue.recorded)
    frameworks = {catalogue.settings.framework, *catalogue.settings.policies}
    own: dict[str, Item | None] = {}
    gone: set[str] = set()
    gone_then: set[str] = set()
    for entry in with_progress(catalogue.entries(walk), "reading", "file"):
        if entry.kind not in (*REVIEWED, "standard", FRAMEWORK):
            continue
        loaded = load_with_places(entry, known)
        if loaded is None or undecidable(loaded.record, known):
            found.unread.append(entry.source.path)
        elif entry.kind == FRAMEWORK:
            item = of_framework(loaded.record.id, loaded.record.data, entry.source.path)
            own[loaded.record.id] = _placed(item, loaded) if item is not None else None
        else:
            frameworks.add(loaded.record.framework)
            view = view_of(loaded.record, known, day)
            found.items.extend(_placed(item, loaded) for item in _items(view, known))
            gone.update(replaced(view))
            if since is not None:
                view = view_of(loaded.record, known, since)
                found.earlier.extend(_items(view, known))
                gone_then.update(replaced(view))
    found.items[:] = _awaited(found.items, gone)
    found.earlier[:] = _awaited(found.earlier, gone_then)
    found.unread.extend(path for path, _ in walk.unreadable)
    checks = [item for name in sorted(filter(None, frameworks)) if (item := _framework(name, own, known)) is not None]
    found.items.extend(checks)
    if since is not None:
        found.earlier.extend(checks)
    tell(found.unread, catalogue)
    return found


def undecidable(record: Record, known: Context) -> bool:
    """Whether nobody can say when a record falls due before a fault in it is mended.

    One is a framework that does not exist: of that no rule is known either, but that is not what its author means.
    """
    lost = record.kind in REVIEWED and record.framework is not None and record.framework not in known.frameworks
    return lost or at_fault(record)


def _items(view: View, known: Context) -> Iterator[Item]:
    if view.record.kind == "standard":
        if (item := of_standard(view)) is not None:
            yield item
        return
    yield from items(view)
    book = known.books.get(view.record.framework or "")
    if book is not None:
        case = Case(view.record, book, view.organisations, view.day, language=known.language)
        yield from filter(None, (of_transition(view, answer) for answer in transitions(case)))


def _awaited(items: list[Item], gone: set[str]) -> list[Item]:
    """What is left of the items where other records took the place of some: those are not brought under new rules."""
    return [item for item in items if item.kind != "transition" or item.record not in gone]


def _placed(item: Item, loaded: Loaded) -> Item:
    """An item with the line of the fact that decides it; where none does, of the record's id."""
    return item._replace(line=loaded.document.locate(item.due.pointer or Pointer(("id",))).line)


def _framework(name: str, own: Mapping[str, Item | None], known: Context) -> Item | None:
    """When the data of a framework or policy in use is to be checked; what comes with mcred has no path here."""
    if name in own:
        return own[name]
    book = known.books.get(name)
    return of_framework(name, book.data, "") if book is not None else None


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
