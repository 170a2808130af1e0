"""Each record beside what it was when the content approval that is in force was recorded."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from mcred.cli.comparison import Comparison
from mcred.cli.line import Kept, Line
from mcred.cli.sides import WORKING_TREE, State, held, of_commit, state
from mcred.diagnostic import Source
from mcred.diff import Changes, Difference, Held, NotCompared, Side, changes
from mcred.document import read
from mcred.history import Repository
from mcred.record import stem
from mcred.record.change import aliases
from mcred.validation import JUDGED, Entry
from mcred.workspace import Workspace


class Approvals:
    """The content approvals of a catalogue's records, and which commits first held them."""

    def __init__(self, repository: Repository, head: State, after: State, day: date) -> None:
        self._repository, self.after, self._day = repository, after, day
        self._head = head
        self._comparison = Comparison(head, after, day)

    def difference(self, ids: tuple[str, ...]) -> Difference:
        """What changed of each record since its approval, of all that have one or of those of some ids."""
        approved: dict[str, tuple[Held, Mapping[str, Any]]] = {}
        refused: list[NotCompared] = []
        wanted = {self.after.path_of(id) for id in ids}
        for path, kind in self.after.paths.items():
            if path not in wanted if ids else kind not in JUDGED:
                continue
            found = self.after.held(Entry(Source(path, self.after.read(path)), kind), self._day)
            if found is None:
                refused.append(NotCompared(path, f"it cannot be read in {self.after.side.name}"))
                continue
            last = found.view.latest("content-approved", "issued")
            if last is not None:
                approved[path] = found, found.data["decisions"][last.act.place]
            elif ids:
                refused.append(NotCompared(path, f"no content approval is recorded by {self._day}"))
        told: list[Changes] = []
        line = Line(self._repository, self.after.catalogue, self._head.side.commit or "HEAD")
        committed = {path: self._committed(path, now) for path, (now, _) in approved.items()}
        left = line.kept(committed.values())
        kept = {path: left[at_head] for path, at_head in committed.items()}
        data = dict(self._repository.read(each.blob for found in kept.values() for each in found if each.blob))
        for path, (now, approval) in approved.items():
            first = _first(kept[path], approval, data)
            if self._repository.shallow and first is not None and first == kept[path][-1]:
                refused.append(
                    NotCompared(
                        path, f"this clone is shallow, and may lack the commit that first held {_named(approval)}"
                    )
                )
                continue
            if first is None:
                refused.append(NotCompared(path, f"no commit holds {_named(approval)} yet"))
                continue
            entry = Entry(Source(first.path, data[first.blob]), now.record.kind)
            was = held(entry, self.after.context, self._day)
            since = of_commit(self._repository, first.commit.id, _named(approval), self.after.settings.timezone)
            if was is not None:
                told.append(changes(was, now, self._comparison.names)._replace(since=since))
        settings = self.after.settings
        return Difference(
            Side("the content approval of each"),
            self.after.side,
            self._day,
            tuple(self._comparison.touching(each for each in told if each.events or ids)),
            tuple(sorted(refused)),
            settings.title,
            settings.language,
            settings.timezone,
            ids,
        )

    def _committed(self, path: str, now: Held) -> str:
        """Where the commit has a record, which may have been moved or renamed since."""
        names = [stem(path), *aliases(now.record)]
        known = (self._head.by_id[name] for name in names if name in self._head.by_id)
        return path if path in self._head.paths else next(known, path)


def _first(kept: Iterable[Kept], approval: Mapping[str, Any], data: Mapping[str, bytes]) -> Kept | None:
    """The commit that first held an approval: back from the last one, as long as they hold it."""
    found = None
    for each in kept:
        if not each.blob:
            break
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


def approvals(catalogue: Workspace, day: date, revision: str | None = None) -> Approvals:
    """What records, as they lie there or as a revision holds them, can be set beside what was approved.

    Raises:
        McredError: there is no repository, or no such revision.
    """
    repository = Repository(catalogue.base)
    recorded = catalogue.recorded.commit if catalogue.recorded is not None else None
    asked = revision if revision is not None else recorded
    head = state(catalogue, asked if asked is not None else "HEAD", "A")
    return Approvals(repository, head, head if asked is not None else State(catalogue, Side(WORKING_TREE)), day)
