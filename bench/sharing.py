"""From how much work on two processes are quicker than one: `python bench/sharing.py`.

What is measured is the record stage alone, in a process that has everything ready (as it is where work is shared out),
without a cache. It takes turns in one process and in several, in copies of this one. A machine with other things to do
tells lies about the time that passes, so that what several need is reckoned from processor time as well: the *way* is
what the first process does by itself and, on top of it, the largest share of the others, as if all had a processor of
their own and the first one had to wait for them.
"""

import argparse
import gc
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import NamedTuple

import generate

from mcred.cli import means
from mcred.cli.examining import Days, Examination
from mcred.cli.means import Means
from mcred.workspace import Workspace

DAY = Days(date(2026, 11, 30))

SIZES = (5, 10, 20, 40, 60, 80, 100, 150, 200, 400, 1000)
"""Records of a catalogue."""

BATCHES = (16, 32, 64, 128, 256, 512)
"""Kilobytes that a process looks at before it hands in what it found."""

PROCESSES = (1, 2, 4, 8, 16)
"""How many share the work; they need batches small enough for all to have several."""

SMALL = 32
"""Kilobytes of such a batch."""

MEASURED = 1000
"""Records that batches and more than two processes are measured with."""


class Took(NamedTuple):
    """What a run took, in seconds: passed, of the first process, of all others together, and the way."""

    passed: float
    own: float
    others: float
    way: float

    @property
    def processor(self) -> float:
        """The processor time of all processes."""
        return self.own + self.others


class Row(NamedTuple):
    """Bytes of records, and what one process and two took for them."""

    size: int
    one: Took
    two: Took


def crossing(rows: Sequence[Row], of: Callable[[Took], float]) -> int | None:
    """The fewest bytes from which on two processes are always quicker; None where they are not for the most."""
    found = None
    for row in sorted(rows, reverse=True):
        if of(row.two) >= of(row.one):
            break
        found = row.size
    return found


def measured(folder: Path, jobs: int, batch: int) -> Took:
    """What the record stage of a catalogue takes in a copy of this process, whose copies share the work."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.write(writing, json.dumps(_looked_at(folder, jobs, batch)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        text = told.read()
    os.waitpid(pid, 0)
    return Took(*json.loads(text))


def _looked_at(folder: Path, jobs: int, batch: int) -> Took:
    means.BATCH, means.WORTH_A_COPY = batch, 0
    began, before = time.perf_counter(), _processor(resource.RUSAGE_SELF)
    catalogue = Workspace(folder / "catalogue")
    walk = catalogue.walk()
    again = catalogue.read
    examination = Examination(catalogue, walk, catalogue.context(walk), DAY, Means(jobs=jobs), again)
    number = sum(1 for _ in examination.entries())
    if number != len(walk.records):
        sys.exit(f"bench: {len(walk.records) - number} records of {folder} cannot be read")
    passed, own = time.perf_counter() - began, _processor(resource.RUSAGE_SELF) - before
    others = _processor(resource.RUSAGE_CHILDREN)
    # Batches are dealt out in turns: the first of the others has the most.
    batches = max(1, -(-_bytes(folder) // batch))
    share = -(-batches // jobs) / batches if jobs > 1 else 0.0
    return Took(passed, own, others, own + others * share)


def _processor(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "catalogue").rglob("*.yaml"))


def taken(runs: Sequence[Took]) -> Took:
    """The medians of some runs."""
    return Took(*map(median, zip(*runs, strict=True)))


def sizes(folder: Path, records: Sequence[int], rounds: int) -> Iterator[Row]:
    """One process against two, by the size of the catalogue."""
    for number in records:
        root = folder / str(number)
        generate.write(root, number)
        one, two = [], []
        for _ in range(rounds):
            # A batch of its own for each process, so that both have something to do.
            one.append(measured(root, 1, means.BATCH))
            two.append(measured(root, 2, min(means.BATCH, max(1, _bytes(root) // 4))))
        yield Row(_bytes(root), taken(one), taken(two))


# --- telling ---------------------------------------------------------------------------------------------------------


def told_by_size(rows: Sequence[Row]) -> str:
    """One process against two, and from where on two are quicker."""
    head = ("kB", "one passed", "one processor", "two passed", "two processor", "two way", "way of one")
    table = [
        (
            f"{row.size / 1000:.0f}",
            *_milliseconds(row.one.passed, row.one.processor, row.two.passed, row.two.processor, row.two.way),
            f"{row.two.way / row.one.way:.2f}",
        )
        for row in rows
    ]
    found = {
        "way": crossing(rows, lambda took: took.way),
        "time that passed": crossing(rows, lambda took: took.passed),
    }
    where = [
        f"by the {what} two are quicker from {size / 1000:.0f} kB on\n" if size else f"by the {what} two never are\n"
        for what, size in found.items()
    ]
    return _table("milliseconds, by kB of records", head, table) + "".join(where)


def told_by_batch(root: Path, rounds: int) -> str:
    """Two processes, by how much each looks at before it hands in what it found."""
    runs = _in_turns(BATCHES, lambda batch: measured(root, 2, batch * 1024), rounds)
    head = ("kB", "passed", "processor", "way")
    table = [(str(batch), *_milliseconds(took.passed, took.processor, took.way)) for batch, took in runs.items()]
    return _table("milliseconds in two processes, by kB of a batch", head, table)


def told_by_processes(root: Path, rounds: int) -> str:
    """More and more processes, and what the first one has to do with all of them."""
    runs = _in_turns(PROCESSES, lambda jobs: measured(root, jobs, SMALL * 1024), rounds)
    head = ("processes", "passed", "processor", "way", "of the first")
    table = [
        (str(jobs), *_milliseconds(took.passed, took.processor, took.way, took.own)) for jobs, took in runs.items()
    ]
    return _table("milliseconds, by the number of processes", head, table)


def _in_turns(values: Sequence[int], run: Callable[[int], Took], rounds: int) -> dict[int, Took]:
    runs: dict[int, list[Took]] = {value: [] for value in values}
    for _ in range(rounds):
        for value, found in runs.items():
            found.append(run(value))
    return {value: taken(found) for value, found in runs.items()}


def _milliseconds(*seconds: float) -> Iterator[str]:
    return (f"{each * 1000:.0f}" for each in seconds)


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A title above rows of numbers in columns."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows)]
    return "\n".join(["", title, "", *lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often all is run (default: 5)")
    parser.add_argument("--records", type=int, nargs="+", default=SIZES, metavar="N", help="sizes of catalogues")
    parser.add_argument("--most", type=int, default=MEASURED, metavar="N", help="records for batches and processes")
    options = parser.parse_args()
    gc.disable()
    with tempfile.TemporaryDirectory(prefix="mcred-bench-") as name:
        folder = Path(name)
        generate.write(folder / "ready", 1)
        _looked_at(folder / "ready", 1, means.BATCH)
        sys.stdout.write(told_by_size(list(sizes(folder, options.records, options.rounds))))
        generate.write(folder / "most", options.most)
        sys.stdout.write(told_by_batch(folder / "most", options.rounds))
        sys.stdout.write(told_by_processes(folder / "most", options.rounds))


if __name__ == "__main__":
    main()
