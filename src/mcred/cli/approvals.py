"""Each record beside what it was when the content approval that is in force was recorded."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from mcred.cli.comparison import Comparison
from mcred.cli.sides import Committed, State, held, of_commit
from mcred.diagnostic import Source
from mcred.diff import Changes, Difference, Held, NotCompared, Side, changes
from mcred.document import read
from mcred.history import Commit, Repository
from mcred.record import stem
from mcred.validation import JUDGED, Entry


class Kept(NamedTuple):
    """A file as a commit held it."""

    commit: Commit
    path: str
    blob: str


class Approvals:
    """The content approvals of a catalogue's records, and which commits first held them."""

    def __init__(self, repository: Repository, head: Committed, after: State, day: date) -> None:
        self._repository, self._after, self._day = repository, after, day
        self._head = head
        self._comparison = Comparison(head, after, day)

    def difference(self, ids: tuple[str, ...]) -> Difference:
        """What changed of each record since its approval, of all that have one or of those of some ids."""
        approved: dict[str, tuple[Held, Mapping[str, Any]]] = {}
        refused: list[NotCompared] = []
        for path, kind in self._after.paths.items():
            if (ids and stem(path) not in ids) or (not ids and kind not in JUDGED):
                continue
            found = self._after.held(Entry(Source(path, self._after.read(path)), kind), self._day)
            if found is None:
                refused.append(NotCompared(path, f"it cannot be read in {self._after.side.name}"))
                continue
            last = found.view.latest("content-approved", "issued")
            if last is not None:
                approved[path] = found, found.data["decisions"][last.act.place]
            elif ids:
                refused.append(NotCompared(path, f"no content approval is recorded by {self._day}"))
        told: list[Changes] = []
        kept = self._kept(approved)
        data = dict(self._repository.read(each.blob for found in kept.values() for each in found))
        for path, (now, approval) in approved.items():
            first = _first(kept[path], approval, data)
            if first is None:
                refused.append(NotCompared(path, f"no commit holds {_named(approval)} yet"))
                continue
            entry = Entry(Source(first.path, data[first.blob]), now.record.kind)
            was = held(entry, self._after.context, self._day)
            since = of_commit(self._repository, first.commit.id, _named(approval), self._after.settings.timezone)
            if was is not None:
                told.append(changes(was, now, self._comparison.names)._replace(since=since))
        settings = self._after.settings
        return Difference(
            Side("the content approval of each"),
            self._after.side,
            self._day,
            tuple(self._comparison.touching(each for each in told if each.events or ids)),
            tuple(sorted(refused)),
            settings.title,
            settings.language,
            settings.timezone,
            ids,
        )

    def _kept(self, paths: Iterable[str]) -> dict[str, list[Kept]]:
        """What commits made of some files, the latest first, also under the names that they had."""
        found: dict[str, list[Kept]] = {path: [] for path in paths}
        called = {path: path for path in found}
        commit = self._head.side.commit or "HEAD"
        for each in self._repository.line(commit, self._head.folder) if found else ():
            for file in each.files:
                own = called.get(file.path or "")
                if own is None or file.path is None or file.after is None:
                    continue
                found[own].append(Kept(each, file.path, file.after.id))
                if file.was != file.path:
                    del called[file.path]
                    if file.was is not None:
                        called[file.was] = own
        return found


def _first(kept: Iterable[Kept], approval: Mapping[str, Any], data: Mapping[str, bytes]) -> Kept | None:
    """The commit that first held an approval: back from the last one, as long as they hold it."""
    found = None
    for each in kept:
        held = read(data[each.blob]).data
        if held is None:
            continue
        if not any(_is_same(approval, other) for other in held.get("decisions") or () if isinstance(other, dict)):
            break
        found = each
    return found


def _is_same(approval: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two decisions are one: by id, and where one has none yet by what they say."""
    if "id" in approval and "id" in other:
        return bool(approval["id"] == other["id"])
    return all(approval.get(key) == other.get(key) for key in ("act", "date", "under", "version", "by"))


def _day(approval: Mapping[str, Any]) -> str:
    return str(approval.get("date") or approval.get("under") or "an unknown day")


def _named(approval: Mapping[str, Any]) -> str:
    version = f", version {approval['version']}" if "version" in approval else ""
    return f"the content approval of {_day(approval)}{version}"
