"""Work divided among processes that are copies of this one.

A copy (fork) shares what is in memory already, frameworks and schemas made ready, and starts in a millisecond. Where
the system has no fork, or a thread that the copy would lack, the work is done here.
"""

import os
import select
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NoReturn, TypeVar

Batch = TypeVar("Batch")


def processors() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def can_copy() -> bool:
    """Whether a copy of this process would be able to work."""
    return hasattr(os, "fork") and threading.active_count() == 1


def shared(
    work: Callable[[Batch], bytes],
    batches: Sequence[Batch],
    jobs: int,
    lost: Callable[[], None] = lambda: None,
) -> Iterator[tuple[int, bytes]]:
    """What the work on each batch comes to, with the batch's place, as it is done by so many processes.

    What a process that died still owed is done here, after `lost` was called. When the caller stops asking, or is
    stopped, so are the processes.
    """
    jobs = min(jobs, len(batches)) if can_copy() else 1
    if jobs < 2:
        yield from enumerate(map(work, batches))
        return
    workers: dict[int, _Worker] = {}
    try:
        left = _begun(work, batches, jobs, workers)
        # Not `select` itself, which knows no number of a pipe above 1,023.
        ready = select.poll()
        for pipe in workers:
            ready.register(pipe, select.POLLIN)
        while workers:
            for pipe, _ in ready.poll():
                yield from workers[pipe].handed_in()
                if workers[pipe].done:
                    ready.unregister(pipe)
                    worker = workers.pop(pipe)
                    worker.end()
                    left += worker.owes
                    if worker.owes:
                        lost()
        yield from ((place, work(batches[place])) for place in left)
    finally:
        for worker in workers.values():
            worker.kill()


def _begun(
    work: Callable[[Batch], bytes], batches: Sequence[Batch], jobs: int, workers: "dict[int, _Worker]"
) -> list[int]:
    """Share the batches out among processes, each by its pipe; the places of those for which there was no room."""
    left: list[int] = []
    for first in range(jobs):
        places = list(range(first, len(batches), jobs))
        with _undisturbed():
            worker = _started(work, batches, places, workers)
            if worker is not None:
                workers[worker.pipe] = worker
        if worker is None:
            left += places
    return left


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let Ctrl-C wait: it would reach a copy that takes itself for the first process, or leave one nobody knows of."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_LENGTH = 8
"""Bytes before each result that say how long it is."""


class _Worker:
    """A process, where to read what it hands in, and the places of the batches that it still owes."""

    def __init__(self, pid: int, pipe: int, owes: list[int]) -> None:
        self._pid = pid
        self.pipe = pipe
        self.owes = owes
        self.done = False
        """Whether it hands in nothing more."""
        self._read = bytearray()

    def handed_in(self) -> Iterator[tuple[int, bytes]]:
        """The results that are whole by now, each with its place."""
        data = os.read(self.pipe, 1 << 20)
        self.done = not data
        read = self._read
        read += data
        while len(read) >= _LENGTH:
            end = _LENGTH + int.from_bytes(read[:_LENGTH], "big")
            if len(read) < end:
                return
            result = bytes(read[_LENGTH:end])
            del read[:end]
            yield self.owes.pop(0), result

    def kill(self) -> None:
        """Stop it at once."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self.end()

    def end(self) -> None:
        """Let the system forget it."""
        os.close(self.pipe)
        with suppress(ChildProcessError):
            os.waitpid(self._pid, 0)


def _started(
    work: Callable[[Batch], bytes], batches: Sequence[Batch], places: list[int], others: Iterable[int]
) -> _Worker | None:
    """A process for the batches at some places, or None where the system has no room for another one."""
    try:
        reading, writing = os.pipe()
    except OSError:
        return None
    try:
        pid = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return None
    if not pid:
        for pipe in (reading, *others):
            os.close(pipe)
        _work_off(work, [batches[place] for place in places], writing)
    os.close(writing)
    return _Worker(pid, reading, places)


def _work_off(work: Callable[[Batch], bytes], batches: Sequence[Batch], pipe: int) -> NoReturn:
    """What the copy does: it ends here, and nothing of it is seen but what it hands in."""
    # Ctrl-C reaches all processes: the first one ends the others, which would else look as if they had died.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for batch in batches:
            done = work(batch)
            left = memoryview(len(done).to_bytes(_LENGTH, "big") + done)
            while left:
                left = left[os.write(pipe, left) :]
    except BaseException:  # noqa: BLE001 - the first process does it again, and tells what is wrong with it
        os._exit(1)
    os._exit(0)
