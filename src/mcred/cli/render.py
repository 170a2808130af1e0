"""`mcred render`."""

import gc
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from mcred.cli.completing import ids
from mcred.cli.options import AsOf, At, Debug, today_there
from mcred.cli.printing import CHANGED, Press, Wanted
from mcred.cli.progress import with_progress
from mcred.cli.publishing import put
from mcred.cli.shelf import Shelf, opened
from mcred.errors import ExitCode, UsageError
from mcred.formats import meant
from mcred.history import Repository
from mcred.listing.documents import CHOICES, DOCUMENTS, USUAL
from mcred.listing.formats import FORMATS
from mcred.query import OPERATORS
from mcred.text import did_you_mean, inert, one_of, plural
from mcred.workspace.output import Outcome, Output
from mcred.workspace.stamps import Stamp

FORMAT = "html"
OUTPUT = Path("out")
MOST_NAMED = 20
"""Files that a run names one by one."""


def render(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID|FILTER]...",
            help=f"Ids, and filters as `mcred list` takes them (FIELD, one of {' '.join(OPERATORS)}, a value). "
            "Nothing: every record.",
            autocompletion=ids,
        ),
    ] = None,
    document: Annotated[
        list[str] | None,
        typer.Option(
            "--document", "-d", metavar="NAME", help=f"{one_of(DOCUMENTS)}. Nothing: the usual one of a kind."
        ),
    ] = None,
    format: Annotated[
        list[str] | None,
        typer.Option("--format", "-f", metavar="FORMAT", help=f"{one_of(FORMATS)}; as often as wanted."),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write into.")] = OUTPUT,
    language: Annotated[
        str | None, typer.Option(metavar="LANGUAGE", help=f"{one_of(CHOICES)}. Nothing: the catalogue's first.")
    ] = None,
    as_of: AsOf = None,
    at: At = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 where a document would change or is missing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also render records that have errors; their documents say so.")
    ] = False,
    debug: Debug = False,
) -> int:
    """Write documents: listings, application packs, review reports and others, as pages or for programs.

    \b
    mcred render                                     every record's usual document, and the index
    mcred render worked-example --format pdf         one listing, to hand in
    mcred render worked-example -d application -d review-report -f docx
    mcred render level=3 custody=own --language both
    mcred render --check                             are the documents in the folder what they should be?

    \b
    Each document is a template; one of the same name in `templates/` beside `catalogue/` takes its place.
    Exit codes: 0 all is written, or as it should be; 1 something is not.
    """  # noqa: D301 - \b keeps click from filling the lines
    formats = _known(format or [FORMAT], FORMATS, "--format: no format")
    documents = _known(document or [], DOCUMENTS, "--document: no document")
    _known([language] if language is not None else [], CHOICES, "--language: no language")
    catalogue, walk = opened(at)
    day = as_of or today_there(catalogue.settings.timezone)
    asked = as_of is not None or at is not None
    wanted = Wanted(documents, formats, language, force)
    made_by = [*(names or []), repr(wanted), str(day), str(asked), str(catalogue.recorded)]
    if any(CHANGED in DOCUMENTS[name].parts for name in documents):
        made_by.append(Repository(catalogue.base).commit("HEAD"))
    stamp = Stamp(catalogue, walk, output, made_by)
    folder = Output(output)
    if (left := stamp.files()) is not None:
        put(_counted({Outcome.UNCHANGED: left}, check))
        return ExitCode.OK
    _spare_the_collector()
    shelf = Shelf(catalogue, walk, day, asked)
    chosen = shelf.choose(names or [], [*USUAL])
    made: dict[Outcome, list[str]] = {outcome: [] for outcome in Outcome}
    with closing(Press(shelf, wanted)) as press:
        for file in with_progress(press.files(chosen), "writing" if not check else "comparing", "document"):
            made[folder.compare(*file) if check else folder.write(*file)].append(file.path)
    told = {outcome: [folder.shown(path) for path in paths] for outcome, paths in made.items()}
    put(_counted(told, check))
    for line in press.refused:
        sys.stderr.write(f"mcred: {inert(line)}\n")
    stale = check and (made[Outcome.CHANGED] or made[Outcome.NEW])
    if press.refused or stale:
        return ExitCode.FINDINGS
    stamp.leave(path for paths in made.values() for path in paths)
    return ExitCode.OK


def _counted(made: Mapping[Outcome, list[str]], check: bool) -> str:
    found = {outcome: made.get(outcome, []) for outcome in Outcome}
    return "".join(f"{inert(line)}\n" for line in (_checked(found) if check else _written(found)))


def _spare_the_collector() -> None:
    """Look for what nothing refers to any more rarely, and never among what is kept for the whole run."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _known(words: Sequence[str], among: Iterable[str], what: str) -> tuple[str, ...]:
    """Words of an option, each of them known; one that stands twice counts once.

    Raises:
        UsageError: one is not.
    """
    known = [*among]
    asked = [meant(word, known) for word in words]
    for word in asked:
        if word not in known:
            raise UsageError(f"{what} '{word}'; there is {one_of(known)}" + did_you_mean(word, known))
    return tuple(dict.fromkeys(asked))


def _written(made: Mapping[Outcome, list[str]]) -> Iterator[str]:
    """What was written, file by file while they are few, and how many were as they should be."""
    wrote = sorted([*made[Outcome.NEW], *made[Outcome.CHANGED]])
    yield from (f"wrote {path}" for path in wrote[:MOST_NAMED])
    if len(wrote) > MOST_NAMED:
        yield f"and {len(wrote) - MOST_NAMED:,} more"
    yield f"wrote {len(wrote):,}, unchanged {len(made[Outcome.UNCHANGED]):,}"


def _checked(made: Mapping[Outcome, list[str]]) -> Iterator[str]:
    """What would be written, every file of it: this is what CI shows."""
    for outcome, says in ((Outcome.NEW, "is missing"), (Outcome.CHANGED, "would change")):
        yield from (f"{path} {says}" for path in made[outcome])
    stale = len(made[Outcome.NEW]) + len(made[Outcome.CHANGED])
    yield f"{plural(stale, 'document')} to write, unchanged {len(made[Outcome.UNCHANGED]):,}"
