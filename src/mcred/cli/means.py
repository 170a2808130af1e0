"""By what means a catalogue is looked at: what an earlier run kept, and processes to share the work out among.

Whatever goes wrong with the cache or with a process costs time and nothing else.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from mcred.cli.progress import aside
from mcred.cli.recalling import cache_of
from mcred.hashing import blake2b
from mcred.processes.pool import processors, shared
from mcred.record import FRAMEWORK
from mcred.store import digest, dumped, loaded
from mcred.workspace import Walk, Workspace, program_digest

BATCH = 64 * 1024
"""Bytes of records that a process looks at before it hands in what it found.

From 16 to 256 kB that made no difference (`bench/sharing.py`); small ones share the work out more evenly.
"""

FILES = 100
"""Files that it looks at at most before: of small ones it finds more than they are large."""

MOST_JOBS = 8
"""Processes that a run divides its work among unless it is told otherwise."""

WORTH_A_COPY = 128 * 1024
"""Bytes of records from which on two processes are done clearly sooner than one, as measured by `bench/sharing.py`."""

_Item = TypeVar("_Item")


class Means(NamedTuple):
    """With what a catalogue is looked at.

    A cache or none, and whether size and times tell in it that a file is as it was; how many processes there are; and
    a clock of nanoseconds, the one that files get their times from.
    """

    cache: Path | None = None
    by_time: bool = True
    jobs: int = 1
    clock: Callable[[], int] = time.time_ns

    @classmethod
    def given(cls, catalogue: Workspace, cache: bool = True, by_time: bool = True, jobs: int | None = None) -> "Means":
        """What the options of a command say; where they say nothing, what is best on this machine."""
        environment = os.environ
        # A service checks a fresh checkout, whose times tell nothing.
        by_time = by_time and environment.get("CI", "").lower() in ("", "0", "false")
        # A hook runs while somebody waits, beside other hooks.
        hooked = any(name in environment for name in ("GIT_INDEX_FILE", "PRE_COMMIT"))
        most = 1 if hooked else jobs or min(processors(), MOST_JOBS)
        return cls(cache_of(catalogue) if cache else None, by_time, most)


def key_of(catalogue: Workspace, walk: Walk, asked: object) -> str:
    """All that results depend on besides the bytes of a file: mcred itself, what all are judged by, what is asked."""
    sum_ = blake2b(f"{program_digest()} {asked}\n".encode(), digest_size=16)
    sum_.update(digest(catalogue.written))
    for kind in (FRAMEWORK, "organisation"):
        for source in catalogue.sources(walk, kind):
            sum_.update(f"{source.path} {len(source.data)}\n".encode())
            sum_.update(source.data)
    return sum_.hexdigest()


class Sharing:
    """Work on files, shared out among so many processes where it is much."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._told = False

    def done(
        self,
        work: Callable[[_Item], object],
        items: Sequence[_Item],
        size: Callable[[_Item], int],
        kind: Callable[[_Item], object] = lambda item: None,
    ) -> Iterator[tuple[_Item, Any]]:
        """What work on each of some files comes to; `size` is how many bytes a file has, `kind` what it needs.

        What the first of each kind needs, frameworks above all, is made ready here, so that no copy has to make it.
        """
        first = {kind(item): place for place, item in reversed([*enumerate(items)])}.values()
        for place in sorted(first):
            yield items[place], work(items[place])
        batches = list(_batches([item for place, item in enumerate(items) if place not in first], size))
        jobs = self._jobs if sum(size(item) for batch in batches for item in batch) >= WORTH_A_COPY else 1
        done = shared(lambda batch: dumped([work(each) for each in batch]), batches, jobs, self._lost)
        for place, results in done:
            yield from zip(batches[place], loaded(results), strict=True)

    def _lost(self) -> None:
        """Say on standard error, the first time, that a process died."""
        if not self._told:
            aside("mcred: a process ended before its work was done; the rest is done without it")
        self._told = True


def _batches(items: Sequence[_Item], size: Callable[[_Item], int]) -> Iterator[list[_Item]]:
    """Files in stretches of about as many bytes, and of not too many files."""
    batch: list[_Item] = []
    filled = 0
    for each in items:
        batch.append(each)
        filled += size(each)
        if filled >= BATCH or len(batch) >= FILES:
            yield batch
            batch, filled = [], 0
    if batch:
        yield batch
