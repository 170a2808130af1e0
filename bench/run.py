"""How fast mcred is, in ratios: `make bench`, or `python bench/run.py --help`.

Times of one machine tell little about another, and a busy machine tells lies. So every figure that has a target is a
ratio of two medians measured in one run, the cases taking turns. docs/performance.md says what the cases are and why.
"""

import argparse
import importlib.metadata
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from typing import NamedTuple

import generate
import peers
import plot

BENCH = Path(__file__).resolve().parent
SCRATCH = BENCH.parent / "build" / "bench"
PYTHON = sys.executable
MCRED = str(Path(PYTHON).with_name("mcred"))

QUICK_TURNS = 5
"""How often a quick case is run in each round; a slow one is run once."""

BUSY = 0.9
"""Below this share of the time that passed, processor time says that other programs had the rest."""

CACHE = tempfile.TemporaryDirectory(prefix="mcred-bench-")
"""The user's cache: outside the repository, as it has to be."""

# Without what would slow Python down or lead it astray, or would make mcred take itself for a part of a hook or of CI.
# Above all Python has to keep the bytecode of what it imports: with PYTHONDONTWRITEBYTECODE each start would compile a
# changed module anew.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MCRED", "GIT_", "PRE_"))},
    "CI": "",
    "XDG_CACHE_HOME": CACHE.name,
}


class Case(NamedTuple):
    """A command to measure, and the folder to run it in; `codes` are the exit codes that say it did its work."""

    command: Sequence[str]
    folder: Path
    quick: bool = False
    codes: tuple[int, ...] = (0,)


class Run(NamedTuple):
    """One run of a command: seconds that passed, seconds of processor time, and the most memory it held, in MB."""

    seconds: float
    processor: float
    memory: float


class Target(NamedTuple):
    """What a case is compared with; `limit` is the most that the ratio may be or, with `more`, the least, if any."""

    base: str
    limit: float | None = None
    more: bool = False

    def met(self, ratio: float) -> bool:
        """Whether a ratio reaches the target."""
        return self.limit is None or (ratio >= self.limit if self.more else ratio <= self.limit)

    def __str__(self) -> str:
        return "" if self.limit is None else f"{'at least' if self.more else 'at most'} {self.limit:g}"


# --- what is measured ------------------------------------------------------------------------------------------------

NOTHING = "python -c pass"
VERSION = "mcred --version"
HELP = "mcred --help"
ALONE = "mcred validate --alone FILE"
FAULTY = "the same of a faulty file"

TARGETS = {
    VERSION: Target(NOTHING, 2),
    HELP: Target(NOTHING, 7),
    ALONE: Target(NOTHING, 8),
    FAULTY: Target(NOTHING),
}


LIMITS = {1000: 3.5, 10_000: 5.0}
"""How many times the limit checking may take in one process, by the number of records."""

SHARED = {1000: 2.8, 10_000: 3.5}
"""The same in two processes."""

UNCHANGED = 0.11
"""How much of it a run may take in which nothing changed."""

STATUS = 4.0
"""How many times `git status` saying which reviews are due may take in the largest catalogue, if nothing changed."""

READ = 0.15
"""The same where every file is read to see that."""

MEMORY = {10_000: 50, 100_000: 180}
"""The most memory that checking so many records may hold, in MB."""

PEERS = {"check-jsonschema": 9.0, "yamllint": 30.0, "ajv-cli": 2.3}
"""How many times as long as mcred each of the others takes for 1,000 records, at least."""

LINEAR = 1.3
"""How much longer than one of 1,000 a record of the largest catalogue may take."""

RENDERED = 10_000
"""Records of the largest catalogue of which documents are written: of more, it takes hours."""


MISSPELT = next(number for number in count(1) if generate.fault(number, 100) == "unknown-field")
"""The first record that, where all are faulty, has a misspelt field: a fault that every validator can see."""


def validating(records: int) -> str:
    """The name of the case that validates so many records."""
    return f"mcred validate, {records:,} records"


def sharing(records: int) -> str:
    """The name of the case that validates them in two processes."""
    return f"the same in two processes, {records:,} records"


def again(records: int) -> str:
    """The name of the case that validates them once more, and nothing changed."""
    return f"the same, nothing changed, {records:,} records"


def reading(records: int) -> str:
    """The name of the case that validates them once more, and reads every file to see that nothing changed."""
    return f"the same, every file read, {records:,} records"


def due(records: int) -> str:
    """The name of the case that says which reviews of so many records are due."""
    return f"mcred due-reviews, {records:,} records"


def due_again(records: int) -> str:
    """The name of the case that says it once more, and nothing changed."""
    return f"mcred due-reviews, nothing changed, {records:,} records"


def status(records: int) -> str:
    """The name of the case in which Git looks at the same files."""
    return f"git status, {records:,} records"


def scanning(records: int) -> str:
    """The name of the case that only reads and scans them."""
    return f"limit, {records:,} records"


def listing(records: int) -> str:
    """The name of the case that lists those of a level."""
    return f"mcred list level=3, {records:,} records"


def listing_again(records: int) -> str:
    """The name of the case that lists them once more, and nothing changed."""
    return f"mcred list level=3, nothing changed, {records:,} records"


def checking(records: int) -> str:
    """The name of the case that asks whether all documents are what they should be."""
    return f"mcred render --check, {records:,} records"


def by(peer: str, records: int) -> str:
    """The name of the case of another validator."""
    return f"{peer}, {records:,} records"


def rendering(records: int) -> str:
    """The name of the case that writes a listing of each of so many records into an empty folder."""
    return f"mcred render, {records:,} records"


def unchanged(records: int) -> str:
    """The name of the case that renders them again, and finds nothing to write."""
    return f"the same once more, {records:,} records"


COMMITS = 2000
"""Commits over 1,000 records, of which most change one."""

LOGGED = f"git log, {COMMITS:,} commits"
LAST = "the last change of each file by mcred"
RECORDED = "mcred validate --at REV, 1,000 records"
BLOBS = "git cat-file --batch, then mcred validate"

PAGES = "1,000 pages by mcred, from views"
BARE = "the same in Jinja2 alone"


def start_cases(records: Path, faulty: Path) -> dict[str, Case]:
    """How long it takes until mcred does anything, and one file."""
    alone = [MCRED, "validate", "--alone", f"catalogue/{generate.record_path(MISSPELT)}"]
    return {
        NOTHING: Case([PYTHON, "-c", "pass"], records, quick=True),
        VERSION: Case([MCRED, "--version"], records, quick=True),
        HELP: Case([MCRED, "--help"], records, quick=True),
        ALONE: Case(alone, records, quick=True),
        FAULTY: Case(alone, faulty, quick=True, codes=(1,)),
    }


def record_cases(folder: Path, records: int) -> dict[str, Case]:
    """A catalogue validated from nothing, and the least that this could take."""
    return {
        scanning(records): Case([PYTHON, str(BENCH / "limit.py"), "catalogue"], folder),
        validating(records): Case([MCRED, "validate", "--no-cache", "--jobs", "1"], folder),
        sharing(records): Case([MCRED, "validate", "--no-cache", "--jobs", "2"], folder),
        again(records): Case([MCRED, "validate"], folder),
        reading(records): Case([MCRED, "validate", "--no-stat-cache"], folder),
        due(records): Case([MCRED, "due-reviews", "--no-cache", "--jobs", "1"], folder),
        due_again(records): Case([MCRED, "due-reviews"], folder),
        status(records): Case(["git", "status"], folder),
        listing(records): Case([MCRED, "list", "level=3", "--no-cache", "--jobs", "1"], folder),
        listing_again(records): Case([MCRED, "list", "level=3"], folder),
    }


def document_cases(folder: Path, records: int) -> dict[str, Case]:
    """The documents of a catalogue, written and looked at again."""
    return {
        rendering(records): Case(["sh", "-c", 'rm -rf fresh; exec "$0" render --output fresh', MCRED], folder),
        unchanged(records): Case([MCRED, "render", "--output", "kept"], folder),
        checking(records): Case([MCRED, "render", "--check", "--output", "kept"], folder),
    }


def page_cases(folder: Path) -> dict[str, Case]:
    """Pages from views that are there already: what the templates take, and what mcred adds to that."""
    views = folder / "views"
    command = [MCRED, "render", "--document", "listing", "--format", "json", "--output", str(views)]
    subprocess.run(command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, check=True)
    script = [PYTHON, str(BENCH / "pages.py")]
    return {BARE: Case([*script, "bare", str(views)], folder), PAGES: Case([*script, "mcred", str(views)], folder)}


def history_cases(folder: Path) -> dict[str, Case]:
    """What a repository recorded, and what Git alone takes to hand it out."""
    old = f"HEAD~{COMMITS // 2}"
    listed = subprocess.run(
        ["git", "ls-tree", "-r", "--full-tree", old, "--", "catalogue"], cwd=folder, stdout=subprocess.PIPE, check=True
    )
    ids = [line.split()[2] for line in listed.stdout.splitlines()]
    (folder / "ids").write_bytes(b"".join(id + b"\n" for id in ids))
    checking = [MCRED, "validate", "--no-cache", "--jobs", "1"]
    script = [PYTHON, str(BENCH / "history.py")]
    return {
        LOGGED: Case([*script, "bare", str(folder)], folder, quick=True),
        LAST: Case([*script, "mcred", str(folder)], folder, quick=True),
        BLOBS: Case(["sh", "-c", 'git cat-file --batch <ids && exec "$@"', "sh", *checking], folder),
        RECORDED: Case([MCRED, "validate", "--at", old], folder),
    }


def peer_case(peer: peers.Peer, folder: Path, numbers: Iterable[int], schema: Path, code: int = 0) -> Case:
    """The same files and schema in another validator, which looks at each file alone."""
    files = [f"catalogue/{generate.record_path(number)}" for number in numbers]
    return Case(peer.command(files, schema), folder, codes=(code,) if code else peer.codes)


# --- what is needed for it -------------------------------------------------------------------------------------------


def corpus(name: str, records: int, faulty: int = 0, commits: int = 0) -> Path:
    """A folder with a generated catalogue, made anew where the generator has changed."""
    folder = SCRATCH / name
    stamp = folder / "made-by"
    made_by = (BENCH / "generate.py").read_text(encoding="utf-8")
    wanted = f"{records} records, {faulty} % faulty, {commits} commits\n{made_by}"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        say(f"writing {records:,} records")
        shutil.rmtree(folder, ignore_errors=True)
        generate.write(folder, records, faulty)
        generate.commit(folder, records, commits)
        stamp.write_text(wanted, encoding="utf-8")
    return folder


def printed_schema() -> Path:
    """The schema of a micro-credential as mcred prints it, in a file."""
    file = SCRATCH / "micro-credential.schema.json"
    command = [MCRED, "schema", "micro-credential"]
    file.write_bytes(subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=True).stdout)
    return file


# --- measuring -------------------------------------------------------------------------------------------------------


def measure(case: Case) -> Run:
    """Run a command to its end; what it prints goes nowhere."""
    began = time.perf_counter()
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(case.command, cwd=case.folder, env=ENVIRONMENT, stdout=nowhere, stderr=nowhere)
    # wait4 tells what this one child used; getrusage would tell the largest of all children so far.
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in case.codes:
        command = " ".join(case.command[:4])
        sys.exit(f"bench: {command} ended with {process.returncode} instead of {case.codes[0]}, in {case.folder}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, megabytes(usage.ru_maxrss))


def megabytes(memory: int) -> float:
    """Memory as the system counts it: macOS in bytes, others in KiB."""
    return memory / 1e6 if sys.platform == "darwin" else memory * 1024 / 1e6


def take_turns(cases: Mapping[str, Case], rounds: int) -> dict[str, list[Run]]:
    """Run every case once to warm up, then all of them in each round."""
    quick = [name for name, case in cases.items() if case.quick]
    slow = [name for name, case in cases.items() if not case.quick]
    say("warming up")
    for case in cases.values():
        measure(case)
    runs: dict[str, list[Run]] = {name: [] for name in cases}
    for number in range(1, rounds + 1):
        say(f"round {number} of {rounds}")
        for name in (*quick * QUICK_TURNS, *slow):
            runs[name].append(measure(cases[name]))
    return runs


# --- telling ---------------------------------------------------------------------------------------------------------

HEAD = ("case", "median", "memory", "ratio", "by processor", "of", "target", "")


def table(runs: Mapping[str, list[Run]], targets: Mapping[str, Target]) -> tuple[list[tuple[str, ...]], int]:
    """A row for each case, and how many targets were missed."""
    seconds = {name: median(run.seconds for run in found) for name, found in runs.items()}
    processor = {name: median(run.processor for run in found) for name, found in runs.items()}
    # A child begins as a copy of this process, and what it holds counts from there: less than that is not seen.
    own = megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * 1.1
    rows: list[tuple[str, ...]] = []
    missed = 0
    for name, found in runs.items():
        held = max(run.memory for run in found)
        row = [name, duration(seconds[name]), f"{held:.0f} MB" if held > own else ""]
        if name in targets:
            target = targets[name]
            ratio = seconds[name] / seconds[target.base]
            missed += not target.met(ratio)
            verdict = "" if target.limit is None else "met" if target.met(ratio) else "MISSED"
            by_processor = processor[name] / processor[target.base]
            row += [f"{ratio:.1f}", f"{by_processor:.1f}", target.base, str(target), verdict]
        rows.append((*row, *[""] * (len(HEAD) - len(row))))
    return rows, missed


def totals(runs: Mapping[str, list[Run]], sizes: Sequence[int]) -> tuple[list[tuple[str, ...]], int]:
    """Rows for what is no ratio of two cases: memory, and whether a record takes as long in a large catalogue."""
    rows: list[tuple[str, ...]] = []
    missed = 0

    def add(what: str, value: str, met: bool, target: str) -> None:
        nonlocal missed
        missed += not met
        rows.append((what, value, "", "", "", "", target, "met" if met else "MISSED"))

    for size, most in MEMORY.items():
        if size in sizes:
            held = max(run.memory for run in runs[validating(size)])
            add(f"memory of {validating(size)}", f"{held:.0f} MB", held <= most, f"at most {most} MB")
    if 1000 in sizes and max(sizes) > 1000:
        first, last = (median(run.processor for run in runs[validating(size)]) / size for size in (1000, max(sizes)))
        what = f"a record of {max(sizes):,}, against one of 1,000"
        add(what, f"{last / first:.2f}", last / first <= LINEAR, f"at most {LINEAR}")
    return rows, missed


def plots(runs: Mapping[str, list[Run]], sizes: Sequence[int], names: Iterable[str]) -> dict[str, str]:
    """Time and memory against the number of records, as drawings by file name."""
    series = {"mcred validate": validating, "mcred due-reviews": due, "the limit": scanning}
    series |= {name: partial(by, name) for name in names}

    def values(of: Callable[[Run], float]) -> dict[str, dict[int, float]]:
        return {
            name: {size: median(map(of, runs[case(size)])) for size in sizes if case(size) in runs}
            for name, case in series.items()
        }

    return {
        "performance-time.svg": plot.svg("Processor time against records", "s", values(lambda run: run.processor)),
        "performance-memory.svg": plot.svg("Memory against records", "MB", values(lambda run: run.memory)),
    }


def duration(seconds: float) -> str:
    """Seconds as a person reads them."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def aligned(rows: Iterable[tuple[str, ...]]) -> str:
    """Rows in columns: the second to the fifth hold numbers, which stand to the right."""
    lines = [HEAD, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "".join(
        "  ".join(
            cell.rjust(width) if place in range(1, 5) else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        + "\n"
        for line in lines
    )


def heading(rounds: int, others: Iterable[peers.Peer]) -> str:
    """What is measured, and with what."""
    parts = [f"mcred {importlib.metadata.version('mcred-register')}", f"Python {platform.python_version()}"]
    parts += [f"{name} {importlib.metadata.version(name)}" for name in ("PyYAML", "jsonschema-rs", "typer")]
    parts += [f"{peer.name} {peer.version}" for peer in others]
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    return f"{', '.join(parts)}\n{machine}; {rounds} rounds\n"


def busy(runs: Mapping[str, list[Run]]) -> str:
    """A warning where other programs took much of the time."""
    every = [run for found in runs.values() for run in found]
    share = sum(run.processor for run in every) / sum(run.seconds for run in every)
    if share >= BUSY:
        return ""
    return (
        f"\nThe machine was busy: the cases had a processor {share:.0%} of the time. Measure again when it is idle.\n"
    )


def say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often all is run (default: 5)")
    parser.add_argument("--no-peers", action="store_true", help="without other validators, which take longest")
    parser.add_argument("--no-documents", action="store_true", help="without documents, which take long too")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=(100, 1000), metavar="N", help="how many records catalogues have"
    )
    parser.add_argument("--plots", type=Path, metavar="FOLDER", help="draw time and memory against records there")
    parser.add_argument("--strict", action="store_true", help="end with 1 where a target is missed")
    options = parser.parse_args()

    SCRATCH.mkdir(parents=True, exist_ok=True)
    sizes = sorted(options.sizes)
    cases, targets = chosen_cases(sizes, not options.no_documents)
    others = [] if options.no_peers else peers.installed(SCRATCH, ENVIRONMENT, say)
    cases |= peer_cases(others, sizes, targets)
    runs = take_turns(cases, options.rounds)
    rows, missed = table(runs, targets)
    more, more_missed = totals(runs, sizes)
    sys.stdout.write(f"{heading(options.rounds, others)}\n{aligned([*rows, *more])}{busy(runs)}")
    if options.plots:
        for name, drawing in plots(runs, sizes, [peer.name for peer in others]).items():
            (options.plots / name).write_text(drawing, encoding="utf-8")
    if (missed or more_missed) and options.strict:
        sys.exit(1)


def chosen_cases(sizes: Sequence[int], documents: bool) -> tuple[dict[str, Case], dict[str, Target]]:
    """The cases of mcred itself, and their targets."""
    records, faulty = corpus("records-1000", 1000, commits=1), corpus("faulty", MISSPELT, faulty=100)
    cases, targets = start_cases(records, faulty), dict(TARGETS)
    for size in sizes:
        folder = corpus(f"records-{size}", size, commits=1)
        cases |= record_cases(folder, size)
        targets[validating(size)] = Target(scanning(size), LIMITS.get(size))
        targets[sharing(size)] = Target(scanning(size), SHARED.get(size))
        targets[again(size)] = Target(validating(size), UNCHANGED)
        targets[reading(size)] = Target(validating(size), READ)
        targets[due(size)] = Target(validating(size), 1.2)
        # Of few records what is left is the start of Python, beside which Git's own is nothing.
        targets[due_again(size)] = Target(status(size), STATUS if size >= 100_000 else None)
        targets[listing(size)] = Target(validating(size))
        targets[listing_again(size)] = Target(listing(size))
        if documents and 1000 <= size <= RENDERED:
            cases |= document_cases(folder, size)
            targets[rendering(size)] = Target(validating(size))
            targets[unchanged(size)] = targets[checking(size)] = Target(rendering(size), 0.2)
    cases |= history_cases(corpus("history", 1000, commits=COMMITS))
    targets[LAST], targets[RECORDED] = Target(LOGGED, 1.5), Target(BLOBS, 2)
    if documents:
        cases |= page_cases(records)
        targets[PAGES] = Target(BARE, 2)
    return cases, targets


def peer_cases(others: Iterable[peers.Peer], sizes: Sequence[int], targets: dict[str, Target]) -> dict[str, Case]:
    """The cases of other validators; none of them is given more than 1,000 files on its command line."""
    cases, schema, faulty = {}, printed_schema(), corpus("faulty", MISSPELT, faulty=100)
    for peer in others:
        # A validator that finds nothing is the quickest of all: this one has to find what FAULTY has mcred find.
        if peer.sees_fields:
            measure(peer_case(peer, faulty, [MISSPELT], schema, code=1))
        for size in (each for each in sizes if each <= 1000):
            cases[by(peer.name, size)] = peer_case(
                peer, corpus(f"records-{size}", size, commits=1), range(1, size + 1), schema
            )
            least = PEERS[peer.name] if size == 1000 else None
            targets[by(peer.name, size)] = Target(validating(size), least, more=True)
    return cases


if __name__ == "__main__":
    main()
