"""What two states of a catalogue differ in: which files, which records, and whom else that may concern."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from mcred.cli.progress import with_progress
from mcred.cli.sides import State
from mcred.diff import Changes, Difference, Held, Names, NotCompared, Others, changes
from mcred.diff.comparing import references, title
from mcred.record import KINDS, Record, stem
from mcred.record.change import aliases, paired
from mcred.validation import Entry, load

_WORD = re.compile(rb"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What may be the id of a record, wherever it stands in a file."""


class Comparison:
    """Two states of a catalogue as of a day; the first one is a commit."""

    def __init__(self, before: State, after: State, day: date) -> None:
        self.before, self.after, self.day = before, after, day
        self._titles: dict[str, str] = {}
        self.names = Names(self.title, after.settings.language)

    def difference(self, ids: tuple[str, ...] = ()) -> Difference:
        """What they differ in, of all records or of those of some ids."""
        now = {entry.source.path: entry for entry in self.after.unlike(self.before)}
        gone = [path for path in self.before.paths if path in now or path not in self.after.paths]
        was = {entry.source.path: entry for entry in self.before.at(gone)}
        unread: list[NotCompared] = []
        old, new = self._read(self.before, was, unread), self._read(self.after, now, unread)
        unread += [NotCompared(path, f"it cannot be read: {why}") for path, why in self.after.walk.unreadable]
        # What cannot be read on one side is neither new nor gone on the other.
        lost = {stem(each.path) for each in unread}
        pairs = paired(
            (each for path, each in old.items() if stem(path) not in lost),
            (each for path, each in new.items() if stem(path) not in lost),
            lambda each: each.record,
        )
        found = [
            changes(*pair, self.names)
            for pair in with_progress(pairs, "comparing", "record")
            if not ids or _is_of(pair, ids)
        ]
        return Difference(
            self.before.side,
            self.after.side,
            self.day,
            tuple(self.touching(sorted((each for each in found if each.events), key=_order))),
            tuple(each for each in sorted(unread) if not ids or stem(each.path) in ids),
            self.after.settings.title,
            self.after.settings.language,
            self.after.settings.timezone,
            ids,
        )

    def _read(self, state: State, entries: Mapping[str, Entry], unread: list[NotCompared]) -> dict[str, Held]:
        found = {}
        for path, entry in entries.items():
            held = state.held(entry, self.day)
            if held is None:
                unread.append(NotCompared(path, f"it cannot be read in {state.side.name}: {_SAYS_WHY[_is_now(state)]}"))
            else:
                found[path] = held
        return found

    def title(self, id: str) -> str:
        """The title of a record by its id; nothing where there is none."""
        if id not in self._titles:
            record = self.after.record(id)
            self._titles[id] = title(record, self.after.settings.language) if record is not None else ""
        return self._titles[id]

    # --- whom else it may concern -------------------------------------------------------------------------------------

    def touching(self, found: Iterable[Changes]) -> Iterator[Changes]:
        """What changed, with the other records that it may concern."""
        found = [*found]
        records = {each.record: self.after.record(each.record) for each in found if _may_concern_others(each)}
        ids = {name for each in found if each.record in records for name in (each.record, each.was) if name}
        naming = {each.id: each for each in self._naming(ids)} if ids else {}
        named = {target for each in records.values() if each for _, target in references(each)} - naming.keys()
        others = Others([*naming.values(), *filter(None, map(self.after.record, sorted(named)))], self.names.language)
        for each in found:
            told = others.touched(each.record, each.was, records[each.record]) if _may_concern_others(each) else ()
            yield each._replace(touched=tuple(told))

    def _naming(self, ids: set[str]) -> Iterator[Record]:
        """The records whose files hold one of some ids, wherever; few of all need to be read for that."""
        wanted = {id.encode() for id in ids}
        for entry in with_progress(self.after.entries(), "looking for who names them", "file"):
            if entry.kind in KINDS and not wanted.isdisjoint(_WORD.findall(entry.source.data)):
                record = load(entry, self.after.context)
                if record is not None:
                    yield record


def _may_concern_others(each: Changes) -> bool:
    return not each.formal and each.kind in KINDS


def _is_now(state: State) -> bool:
    return state.side.commit is None


_SAYS_WHY = {
    True: "`mcred validate` says why",
    False: "its text is no YAML that mcred reads",
}


def _is_of(pair: tuple[Held | None, Held | None], ids: tuple[str, ...]) -> bool:
    """Whether a record is one of some ids, or had one earlier."""
    return any(each is not None and not {each.record.id, *aliases(each.record)}.isdisjoint(ids) for each in pair)


def _order(each: Changes) -> tuple[str, str]:
    return each.record, each.path
