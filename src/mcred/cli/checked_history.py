"""What changes did wrong along the first-parent line of HEAD, and is so still."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from mcred.cli.progress import with_progress
from mcred.cli.recorded import Recorded
from mcred.cli.revisions import day_at, made_on, start
from mcred.clocks import Moment
from mcred.diagnostic import Checked, Diagnostic, Report, Source
from mcred.document import read
from mcred.history import Blob, Changed, Commit, Repository
from mcred.record import Catalogue, folder_kind, stem
from mcred.record.change import aliases
from mcred.validation import Altered, Changes, Context, Entry, changed, load
from mcred.workspace import Workspace


class Judged(NamedTuple):
    """A commit that changed records, and the files that it changed, as they were and as it left them."""

    commit: Commit
    altered: list[Altered]
    earlier: Mapping[str, Entry]


class Wrong(NamedTuple):
    """A commit that did something wrong on a day: what, and what of it is so still at HEAD."""

    commit: Commit
    day: date
    did: list[Diagnostic]
    still: list[Diagnostic]


def checked_history(catalogue: Workspace, since: str | None, day: date) -> Report:
    """What the commits of the line did wrong that is so at HEAD; of those after a revision or a day, if one is named.

    Each commit is judged alone. What it did wrong is told where the record as it was before still tells it of what
    HEAD has: what was put right later is no fault any more.

    Raises:
        McredError: the revision names no commit, or the clone lacks what would tell.
    """
    repository, timezone = Repository(catalogue.base), catalogue.settings.timezone
    first = start(repository, since, timezone)
    base = repository.merge_base(first) if first is not None else None
    head = Recorded(repository, repository.commit("HEAD"), catalogue)
    line = [*repository.line(head.commit, "" if catalogue.prefix == "." else catalogue.prefix, base)][::-1]
    context = catalogue.context(catalogue.walk())
    names = Names(head, catalogue, line, context)
    wrongs: list[Wrong] = []
    for judged in with_progress(_judged(repository, catalogue, line), "checking", "commit"):
        when = day_at(judged.commit.time, timezone)
        if did := _told(judged.altered, judged, context, when, head):
            kept = [Altered(each.before, names.at_head(each)) for each in judged.altered]
            same = {names.about(each) for each in did}
            still = [each for each in _told(kept, judged, context, when, head) if names.about(each) in same]
            wrongs.append(Wrong(judged.commit, when, did, still))
    found: dict[str, Diagnostic] = {}
    for place, wrong in reversed([*enumerate(wrongs)]):
        for each in wrong.still:
            if not any(_puts_right(each, earlier, names.about) for earlier in wrongs[:place]):
                found.setdefault(each.fingerprint, _in(each, wrong.commit, wrong.day))
    diagnostics = sorted(found.values(), key=lambda each: each.order)
    number = len({path for commit in line for file in commit.files if _kind(catalogue, path := file.path or file.was)})
    moment = Moment(head.commit, made_on(repository, head.commit, timezone))
    return Report(tuple(diagnostics), Checked(number, number), as_of=day, recorded=moment, line=_lines(head))


class Names:
    """What became of the files of records by HEAD, under whatever name."""

    def __init__(self, head: Recorded, catalogue: Workspace, line: Iterable[Commit], context: Context) -> None:
        self._head, self._context = head, context
        self._now = {stem(path): Entry(Source(path, b""), kind) for path, kind in _records(head, catalogue)}
        self._became = {
            stem(file.was): stem(file.path)
            for commit in line
            for file in commit.files
            if file.was and file.path and stem(file.was) != stem(file.path)
        }

    def now(self, name: str) -> str:
        """What a record is called by now that had a name once; where it is gone, the last name that it is known by."""
        passed = set()
        while name not in self._now and name not in passed:
            passed.add(name)
            name = self._became.get(name) or self._aliases.get(name) or name
        return name

    @cached_property
    def _aliases(self) -> dict[str, str]:
        """The names of the records at HEAD by the ids that they had earlier."""
        found = {}
        for entry in self._head.entries():
            record = load(entry, self._context) if b"aliases" in entry.source.data else None
            found.update({alias: stem(entry.source.path) for alias in (aliases(record) if record else ())})
        return found

    def about(self, found: Diagnostic) -> tuple[str, str]:
        """What a finding is about: the rule, and the record by its name at HEAD."""
        return found.rule, self.now(stem(found.path))

    def at_head(self, altered: Altered) -> Entry | None:
        """What became of a file that a commit changed."""
        names = [self.now(stem(each.source.path)) for each in (altered.after, altered.before) if each is not None]
        found = next((self._now[name] for name in names if name in self._now), None)
        if found is None:
            return None
        return found._replace(source=Source(found.source.path, self._head.read(found.source.path)))


def _puts_right(found: Diagnostic, earlier: Wrong, about: Callable[[Diagnostic], tuple[str, str]]) -> bool:
    """Whether what a commit did is no more than to take back what an earlier one had done there."""
    there = any(
        about(each) == about(found) and found.pointer[: len(each.pointer)] == each.pointer for each in earlier.did
    )
    return there and not any(about(each) == about(found) and each.pointer == found.pointer for each in earlier.still)


def _told(altered: Iterable[Altered], judged: Judged, context: Context, day: date, head: Recorded) -> list[Diagnostic]:
    return changed(Changes(altered, judged.earlier), context, day, Catalogue(()), head.read)


def _lines(head: Recorded) -> Callable[[str, int], str]:
    """The lines of files at HEAD."""
    document = lru_cache(maxsize=16)(lambda path: read(head.read(path)))
    return lambda path, number: document(path).lines.line(number)


def _records(head: Recorded, catalogue: Workspace) -> Iterator[tuple[str, str]]:
    return ((catalogue.shown(inside), kind) for inside, kind in head.walk.records)


def _kind(catalogue: Workspace, path: str | None) -> str | None:
    """The kind of the record at a path; None where there may be none."""
    return folder_kind(catalogue.inside_of(path)) if path is not None and path.endswith(".yaml") else None


def _judged(repository: Repository, catalogue: Workspace, line: Sequence[Commit]) -> Iterator[Judged]:
    """The commits of a line, the oldest first, with what is to be judged of them; the bytes of all are read at once."""
    gone: dict[str, Changed] = {}
    steps: list[tuple[Commit, list[Changed], list[Changed]]] = []
    for commit in line:
        # What is only new can do no wrong, but for taking an id that was another's.
        fresh = not any(file.before for file in commit.files)
        files = [file for file in commit.files if not fresh or stem(file.path or "") in gone]
        steps.append((commit, files, [gone[name] for file in files if (name := stem(file.path or "")) in gone]))
        gone |= {stem(file.was): file for file in commit.files if file.was and stem(file.was) != stem(file.path or "")}
    wanted = (
        blob.id for _, *both in steps for files in both for file in files for blob in (file.before, file.after) if blob
    )
    data = dict(repository.read(wanted))

    def entry(path: str | None, blob: Blob | None) -> Entry | None:
        kind = _kind(catalogue, path)
        return Entry(Source(path, data[blob.id]), kind) if path and kind and blob is not None else None

    unreadable: dict[str, Entry] = {}
    for commit, files, earlier in steps:
        altered = [
            _since_readable(Altered(entry(file.was, file.before), entry(file.path, file.after)), unreadable)
            for file in files
        ]
        before = (entry(file.was, file.before) for file in earlier)
        yield Judged(
            commit, [each for each in altered if any(each)], {stem(each.source.path): each for each in before if each}
        )


def _since_readable(altered: Altered, unreadable: dict[str, Entry]) -> Altered:
    """A file with what it was when it could be read last; `unreadable` keeps that while it cannot, by its name."""
    before, after = altered
    if before is not None:
        before = unreadable.pop(stem(before.source.path), before)
        if after is not None and read(after.source.data).data is None:
            unreadable[stem(after.source.path)] = before
    return Altered(before, after)


def _in(found: Diagnostic, commit: Commit, when: date) -> Diagnostic:
    """A finding that says in which commit it came."""
    return found._replace(
        message=f"{found.message} (since {commit.id[:12]} of {when})",
        arguments={**found.arguments, "commit": commit.id, "committed": when.isoformat()},
    )
