"""What each record of a catalogue comes to by itself, and all of them together: taken over where no file changed.

Where nothing changed this is no work on each record but to ask the system how its file stands.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from mcred.cli.means import Means, Sharing, key_of
from mcred.cli.progress import with_progress
from mcred.diagnostic import Source
from mcred.store import Found, Roll, Standing, digest, dumped, loaded
from mcred.workspace import Walk, Workspace, read_bytes

if TYPE_CHECKING:
    from mcred.validation import Entry


class Asked(NamedTuple):
    """What is asked of records of some kinds: plain data of each, and what is made of all of these.

    `name` tells it from all else that is kept of the catalogue, and `of` says what the answer depends on besides.
    `whole` is given None for what cannot be read, and makes plain data.
    """

    name: str
    of: str
    kinds: frozenset[str]
    one: "Callable[[Entry], Any]"
    whole: Callable[[Iterable[Any]], Any]


class Gathered(NamedTuple):
    """The answer: the paths of records below the root, what each comes to, packed, and all together."""

    insides: Sequence[str]
    values: Callable[[int], bytes]
    whole: Any

    def one(self, place: int) -> Any:
        """What the record at a place comes to."""
        return loaded(self.values(place))


class _Unread(NamedTuple):
    """A record that has to be read: its place among all, its path below the root, its kind, its size, what it was."""

    place: int
    inside: str
    kind: str
    size: int
    before: Found


def gathered(catalogue: Workspace, walk: Walk, asked: Asked, means: Means) -> Gathered:
    """What is asked of a catalogue by some means; what cannot be read is noted in the walk.

    Of what a commit holds nothing is kept, and one process reads it, since Git gives it in one go.
    """
    if catalogue.recorded is not None:
        return _recorded(catalogue, walk, asked)
    root = str(catalogue.root)
    key, name = key_of(catalogue, walk, f"{catalogue.prefix} {asked.of}"), f"{root} {asked.name}"
    known, standing, kinds = Roll.kept(means.cache, name, key), Standing(), []
    now = means.clock()
    for inside, kind in walk.records:
        if kind not in asked.kinds:
            continue
        try:
            standing.add(inside, os.lstat(f"{root}/{inside}"))
        except OSError as error:
            walk.unreadable.append((catalogue.shown(inside), error.strerror or str(error)))
        else:
            kinds.append(kind)
    roll = known
    if not (means.by_time and known.tells_of(standing, now)):
        found = _Looking(catalogue, walk, asked, means).found(standing, kinds, known, now)
        roll = known.updated(standing, found, lambda values: asked.whole(map(_loaded, values)), means.clock())
    if roll is known:
        Roll.used(means.cache, name)
    else:
        roll.keep(means.cache, name, key)
    return Gathered(standing.paths, lambda place: roll[place].value, roll.whole)


def _recorded(catalogue: Workspace, walk: Walk, asked: Asked) -> Gathered:
    own = Walk(records=[record for record in walk.records if record[1] in asked.kinds])
    insides, values = [], []
    for entry in with_progress(catalogue.entries(own), "reading", "file"):
        insides.append(catalogue.inside_of(entry.source.path))
        values.append(dumped(asked.one(entry)))
    walk.unreadable += own.unreadable
    return Gathered(insides, values.__getitem__, asked.whole(map(loaded, values)))


class _Looking:
    """Records looked at by some means, but for those that surely are as they were."""

    def __init__(self, catalogue: Workspace, walk: Walk, asked: Asked, means: Means) -> None:
        self._catalogue = catalogue
        self._walk = walk
        self._asked = asked
        self._means = means

    def found(self, standing: Standing, kinds: Sequence[str], roll: Roll, now: int) -> list[Found]:
        """What is found in each record; of one that cannot be read nothing."""
        found, unread = [], []
        for place, (before, surely) in enumerate(roll.known(standing, now)):
            found.append(before)
            if not (surely and self._means.by_time):
                unread.append(_Unread(place, standing.paths[place], kinds[place], standing.size(place), before))
        looked = Sharing(self._means.jobs).done(self._look, unread, lambda each: each.size, lambda each: each.kind)
        why_not: dict[int, str] = {}
        for each, (why, at, read, value) in with_progress(looked, "reading", "file"):
            standing.read(each.place, at)
            if why:
                standing.doubt(each.place)
                found[each.place], why_not[each.place] = Found(), why
            elif value:
                found[each.place] = Found(read, value)
        self._walk.unreadable += [
            (self._catalogue.shown(standing.paths[place]), why) for place, why in sorted(why_not.items())
        ]
        return found

    def _look(self, each: _Unread) -> tuple[str, int, bytes, bytes]:
        """Why a record cannot be read; when it was; what stands for its bytes; what it comes to, if it is not known."""
        at = self._means.clock()
        try:
            data = read_bytes(self._catalogue.root / each.inside)
        except OSError as error:
            return error.strerror or str(error), at, b"", b""
        read = digest(data)
        if each.before.digest == read:
            return "", at, read, b""
        from mcred.validation import Entry

        entry = Entry(Source(self._catalogue.shown(each.inside), data), each.kind)
        return "", at, read, dumped(self._asked.one(entry))


def _loaded(value: bytes) -> Any:
    return loaded(value) if value else None
