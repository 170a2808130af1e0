"""What changes did wrong along the first-parent line of HEAD, and is so still."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from mcred.cli.at import day_at
from mcred.cli.recorded import Recorded
from mcred.clocks import Moment
from mcred.diagnostic import Checked, Diagnostic, Report, Source
from mcred.document import read
from mcred.history import Blob, Commit, Repository
from mcred.record import Catalogue, folder_kind, stem
from mcred.validation import Altered, Changes, Context, Entry, changed
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
    """What the commits of the line did wrong that is so at HEAD; of those after a revision, where one is named.

    Each commit is judged alone. What it did wrong is told where the record as it was before still tells it of what
    HEAD has: what was put right later is no fault any more.
    """
    repository = Repository(catalogue.base)
    head = Recorded(repository, repository.commit("HEAD"), catalogue)
    context = catalogue.context(catalogue.walk())
    now = {stem(path): Entry(Source(path, b""), kind) for path, kind in _records(head, catalogue)}
    wrongs: list[Wrong] = []
    number = 0
    for judged in _judged(repository, catalogue, since):
        number += len(judged.altered)
        when = day_at(judged.commit.time, catalogue.settings.timezone)
        if did := _told(judged.altered, judged, context, when, head):
            kept = [Altered(each.before, _at_head(each, now, head)) for each in judged.altered]
            same = {_about(each) for each in did}
            still = [each for each in _told(kept, judged, context, when, head) if _about(each) in same]
            wrongs.append(Wrong(judged.commit, when, did, still))
    found: dict[str, Diagnostic] = {}
    for place, wrong in reversed([*enumerate(wrongs)]):
        for each in wrong.still:
            if not any(_puts_right(each, earlier) for earlier in wrongs[:place]):
                found.setdefault(each.fingerprint, _in(each, wrong.commit, wrong.day))
    diagnostics = sorted(found.values(), key=lambda each: each.order)
    moment = Moment(head.commit, day_at(repository.about(head.commit).time, catalogue.settings.timezone))
    return Report(tuple(diagnostics), Checked(number, number), as_of=day, recorded=moment, line=_lines(head))


def _about(found: Diagnostic) -> tuple[str, str]:
    return found.rule, stem(found.path)


def _puts_right(found: Diagnostic, earlier: Wrong) -> bool:
    """Whether what a commit did is no more than to take back what an earlier one had done there."""
    there = any(
        _about(each) == _about(found) and found.pointer[: len(each.pointer)] == each.pointer for each in earlier.did
    )
    return there and not any(_about(each) == _about(found) and each.pointer == found.pointer for each in earlier.still)


def _told(altered: Iterable[Altered], judged: Judged, context: Context, day: date, head: Recorded) -> list[Diagnostic]:
    return changed(Changes(altered, judged.earlier), context, day, Catalogue(()), head.read)


def _lines(head: Recorded) -> Callable[[str, int], str]:
    """The lines of files at HEAD."""
    document = lru_cache(maxsize=16)(lambda path: read(head.read(path)))
    return lambda path, number: document(path).lines.line(number)


def _records(head: Recorded, catalogue: Workspace) -> Iterator[tuple[str, str]]:
    return ((catalogue.shown(inside), kind) for inside, kind in head.walk.records)


def _judged(repository: Repository, catalogue: Workspace, since: str | None) -> Iterator[Judged]:
    """The commits of the line with what they changed, the oldest first, and the bytes of all read at once."""
    folder = "" if catalogue.prefix == "." else catalogue.prefix
    start = repository.merge_base(since) if since is not None else None
    line = [*repository.line(repository.commit("HEAD"), folder, start)][::-1]
    wanted = (blob.id for commit in line for file in commit.files for blob in (file.before, file.after) if blob)
    data = dict(repository.read(wanted))

    def entry(path: str | None, blob: Blob | None) -> Entry | None:
        kind = folder_kind(catalogue.inside_of(path)) if path is not None and path.endswith(".yaml") else None
        return Entry(Source(path, data[blob.id]), kind) if path and kind and blob is not None else None

    gone: dict[str, Entry] = {}
    for commit in line:
        altered = [Altered(entry(file.was, file.before), entry(file.path, file.after)) for file in commit.files]
        # What is only new can do no wrong, but for taking an id that was another's.
        fresh = not any(each.before for each in altered)
        yield Judged(
            commit,
            [each for each in altered if any(each) and not (fresh and each.after and _name(each.after) not in gone)],
            dict(gone),
        )
        gone |= {_name(each.before): each.before for each in altered if each.before and not each.after}


def _name(entry: Entry) -> str:
    return stem(entry.source.path)


def _at_head(altered: Altered, now: Mapping[str, Entry], head: Recorded) -> Entry | None:
    """What became of a file by now: the record of the name that the commit gave it, else of its earlier one."""
    names = [_name(each) for each in (altered.after, altered.before) if each is not None]
    found = next((now[name] for name in names if name in now), None)
    return found._replace(source=Source(found.source.path, head.read(found.source.path))) if found else None


def _in(found: Diagnostic, commit: Commit, when: date) -> Diagnostic:
    """A finding that says in which commit it came."""
    return found._replace(
        message=f"{found.message} (since {commit.id[:12]} of {when})",
        arguments={**found.arguments, "commit": commit.id, "committed": when.isoformat()},
    )
