"""`mcred review` and its commands."""

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from mcred import decide as deciding
from mcred.cli.asking import asked, at_terminal
from mcred.cli.committing import Branch, Commit, WithCommit
from mcred.cli.committing import wanted as to_commit
from mcred.cli.completing import ids
from mcred.cli.deciding import Wanted, read_table, record_decisions
from mcred.cli.options import AsOf, Debug, choice
from mcred.cli.publishing import put, table
from mcred.cli.ready import Places
from mcred.cli.records import Register, open_register
from mcred.cli.show import find
from mcred.errors import ExitCode, McredError, UsageError
from mcred.query import shown
from mcred.record import Record
from mcred.record.reviews import Due
from mcred.record.status import stage
from mcred.reporters.paper import FORMATS as PAPERS
from mcred.reporters.tabular import csv, tsv
from mcred.review.paper import Source, paper
from mcred.review.past import Past, past, plain
from mcred.review.recording import KEYS, Fault, Missing, follows, questions, recorded, remarks
from mcred.text import as_json, did_you_mean, inert, one_of, plural
from mcred.workspace import write

FORMATS = ("table", "tsv", "csv", "json")
OPTIONS = {"input_from": "--input"}
"""The options that are not called like their key."""

Id = Annotated[str | None, typer.Argument(metavar="[ID]", help="The record.", autocompletion=ids)]
Reviewer = Annotated[str | None, typer.Option(metavar="REVIEWER", help="Whose review: 'developer' or 'provider'.")]
By = Annotated[
    str | None,
    typer.Option(
        metavar="ORGANISATION", help="Who reviewed; left out of a developer's review, the developer of that day."
    ),
]
Day = Annotated[str | None, typer.Option(metavar="DATE", help="The day, or the month or year if no more is known.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the change instead of making it.")]


def review() -> None:
    """Record reviews, list those of a record, and report on one.

    \b
    mcred review start worked-example --reviewer developer --date 2026-11-20
    mcred review record worked-example               asks, on a terminal
    mcred review record --from reviews.csv --dry-run
    mcred review list worked-example
    mcred review report worked-example --output review.md
    """  # noqa: D301 - \b keeps click from filling the lines


def start(
    id: Id = None,
    reviewer: Reviewer = None,
    by: By = None,
    date: Day = None,
    dry_run: DryRun = False,
    commit: WithCommit = False,
    branch: Branch = None,
    as_of: AsOf = None,
    debug: Debug = False,
) -> int:
    """Record that a review is under way.

    \b
    mcred review start worked-example --reviewer developer --date 2026-11-20
    mcred review start worked-example --reviewer developer --date 2026-11-20 --commit
    """  # noqa: D301 - \b keeps click from filling the lines
    committing = to_commit(commit, branch)
    name, register = _named(id), open_register(as_of)
    given = {"reviewer": reviewer, "by": by, "date": date}
    _record(register, [_wanted(register, name, "review-started", given)], dry_run, committing)
    return ExitCode.OK


def record(
    id: Id = None,
    reviewer: Reviewer = None,
    by: By = None,
    date: Day = None,
    input: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="Who was heard: an organisation, or in words; as often as wanted."),
    ] = None,
    checked: Annotated[
        list[str] | None,
        typer.Option(
            metavar="QUESTION=ANSWER",
            help="What was found for a question of the framework: 'confirmed', 'changes-needed' or 'not-checked'.",
        ),
    ] = None,
    findings: Annotated[str | None, typer.Option(metavar="TEXT", help="What was found, without names.")] = None,
    outcome: Annotated[
        str | None, typer.Option(metavar="OUTCOME", help="'continue', 'change' or 'discontinue'.")
    ] = None,
    report: Annotated[
        str | None, typer.Option(metavar="PATH", help="The report, a file below the folder of catalogue.yaml.")
    ] = None,
    reported_on: Annotated[str | None, typer.Option(metavar="DATE", help="When it went to the authority.")] = None,
    table: Annotated[
        Path | None, typer.Option("--from", metavar="CSV", help="Several reviews: columns record, reviewer, date, …")
    ] = None,
    dry_run: DryRun = False,
    commit: WithCommit = False,
    branch: Branch = None,
    as_of: AsOf = None,
    debug: Debug = False,
) -> int:
    """Record a completed review, and say when the next is due and what has to be decided.

    \b
    mcred review record worked-example               asks for what is missing, on a terminal
    mcred review record worked-example --reviewer developer --date 2026-11-20 --outcome continue \\
        --checked need=confirmed --input example-industry-board --input 'Two catchment groups'
    mcred review record --from reviews.csv --dry-run

    \b
    It records what the reviewer found, and never what the authority decides: see `mcred decide`.
    """  # noqa: D301 - \b keeps click from filling the lines
    given = {
        "reviewer": reviewer,
        "by": by,
        "date": date,
        "input_from": input or None,
        "checked": _pairs("--checked", checked or []) or None,
        "findings": findings,
        "outcome": outcome,
        "report": report,
        "reported_on": reported_on,
    }
    if table is not None and (id is not None or any(value is not None for value in given.values())):
        raise UsageError("--from names the records and what is known of each review; leave the rest out")
    committing = to_commit(commit, branch)
    name = _named(id) if table is None else ""
    register = open_register(as_of)
    wanted = _rows(register, table) if table is not None else [_wanted(register, name, "review-completed", given)]
    _record(register, wanted, dry_run, committing)
    return ExitCode.OK


def list_reviews(
    id: Id = None,
    as_of: AsOf = None,
    format: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help=f"{one_of(FORMATS)}.")] = "table",
    debug: Debug = False,
) -> int:
    """List the reviews of a record: what came of each, and when the next was due by it.

    \b
    mcred review list worked-example
    mcred review list worked-example --format json
    """  # noqa: D301 - \b keeps click from filling the lines
    if format not in FORMATS:
        raise UsageError(f"--format: no format '{format}'; there is {one_of(FORMATS)}" + did_you_mean(format, FORMATS))
    if id is None:
        raise UsageError("name the record; `mcred due-reviews` lists what is due in all of them")
    register = open_register(as_of)
    about = _reviewable(register, id)
    found = past(register.view(about))
    if format == "json":
        document = {
            "schema": "mcred-reviews/1",
            "record": about.id,
            "as_of": register.day.isoformat(),
            "reviews": [plain(each) for each in found],
        }
        put(as_json(document) + "\n")
    else:
        put({"table": table, "tsv": tsv, "csv": csv}[format](HEAD, [_cells(each) for each in found]))
        if format == "table" and sys.stdout.isatty():
            put(f"\n{plural(len(found), 'review')} (as of {register.day})\n")
    return ExitCode.OK


def report(
    id: Id = None,
    as_of: AsOf = None,
    format: Annotated[str, choice(PAPERS, "format", "--format", "-f", metavar="FORMAT", help="How to print")] = "md",
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it to a new file instead of printing it.")
    ] = None,
    debug: Debug = False,
) -> int:
    """Write a report on the review under way, else on the last one: what was answered, and what is still open.

    \b
    mcred review report worked-example
    mcred review report worked-example --output review.md

    \b
    It has a layout of its own and is not the authority's form.
    """  # noqa: D301 - \b keeps click from filling the lines
    name, register = _named(id), open_register(as_of)
    about = _reviewable(register, name)
    view = register.view(about)
    come = stage(view).value
    if come not in ("approved", "removed"):
        raise McredError(f"'{about.id}' has no review: it is {come}, and only what is approved is reviewed")
    book = register.context.books.get(about.framework or "")
    text = partial(shown, language=register.language)
    source = Source(view, book.clauses if book else (), text, Places(register, about).place)
    written = PAPERS[format](paper(source))
    if output is None:
        put(written)
        return ExitCode.OK
    try:
        write(output, written)
    except FileExistsError as error:
        raise McredError(f"{output} is there already, and somebody may have filled it in; name another file") from error
    put(f"wrote {output}\n")
    return ExitCode.OK


HEAD = ("date", "reviewer", "organisation", "outcome", "input", "answer", "next due")


def _cells(each: Past) -> tuple[str, ...]:
    return (
        each.date,
        each.reviewer,
        each.organisation or "",
        each.outcome or "under way",
        "; ".join(each.input),
        each.answer or "",
        _next(each.due),
    )


def _next(due: Due | None) -> str:
    if due is None:
        return ""
    if due.because == "expiring-ends":
        return f"none: its status ends {due.written}"
    return due.written + (" (provisional)" if "provisional" in due.assumed else "")


def _reviewable(register: Register, name: str) -> Record:
    """The record of an id, of a kind that is reviewed."""
    about = find(register, name)
    try:
        deciding.known(register.context.schemas.shape(about.kind), about, "review-completed")
    except deciding.Refused as error:
        raise UsageError(f"{name}: {error}") from error
    return about


# --- what was given --------------------------------------------------------------------------------------------------


def _named(id: str | None) -> str:
    if id is None:
        raise UsageError("name the record (`mcred due-reviews` lists what is due)")
    return id


def _pairs(option: str, texts: Iterable[str]) -> dict[str, str]:
    """The answers to questions, each written QUESTION=ANSWER, several in one text with commas between."""
    found: dict[str, str] = {}
    for text in (part.strip() for each in texts for part in re.split("[,;\n]", each)):
        name, equals, answer = (part.strip() for part in text.partition("="))
        if not equals and text:
            raise UsageError(f"{option}: '{text}' is not QUESTION=ANSWER, such as need=confirmed")
        if name in found:
            raise UsageError(f"{option}: '{name}' is answered twice")
        if text:
            found[name] = answer
    return found


def _rows(register: Register, path: Path) -> Iterable[Wanted]:
    """The reviews of a table: a column for each option, and one for each question of a framework."""
    names = [name for framework in register.context.frameworks.values() for name in questions(framework.head)]
    columns = {name: f"checked.{name}" for name in names} | {key.replace("_", "-"): key for key in KEYS}
    columns = {"record": "record", "id": "record", "input": "input_from"} | columns

    def called(heading: str) -> str:
        name = re.sub(r"[\s_-]+", "-", heading.casefold()).removeprefix("checked.").strip("-")
        return columns.get(name, heading)

    try:
        headings, lines = deciding.rows(read_table(path), lambda names: [*map(called, names)])
    except deciding.Refused as error:
        raise UsageError(f"{path}: {error}") from error
    unknown = next((name for name in headings if name and name not in columns.values()), None)
    if unknown is not None:
        raise UsageError(
            f"{path}: line 1: no column '{unknown}'; there is {one_of(columns, 30)}" + did_you_mean(unknown, columns)
        )
    if not lines:
        raise UsageError(f"{path}: there is no review in it")
    for line, cells in lines:
        where = f"{path}: line {line}"
        if "record" not in cells:
            raise UsageError(f"{where}: column 'record' says whose review it is, and is empty")
        yield _wanted(register, cells.pop("record"), "review-completed", _row(where, cells), where)


def _row(where: str, cells: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {key: text for key, text in cells.items() if not key.startswith("checked")}
    if "input_from" in given:
        given["input_from"] = [part.strip() for part in re.split("[;\n]", given["input_from"]) if part.strip()]
    own = [f"{key.removeprefix('checked.')}={text}" for key, text in cells.items() if key.startswith("checked.")]
    given["checked"] = _pairs(f"{where}: column 'checked'", [*own, cells.get("checked", "")])
    return given


# --- what is recorded ------------------------------------------------------------------------------------------------


def _wanted(register: Register, name: str, act: str, given: Mapping[str, Any], where: str = "") -> Wanted:
    """The decision that a review becomes, once its record is known."""
    known = {key: value for key, value in given.items() if value is not None and value != {}}

    def keys(about: Record) -> dict[str, Any]:
        view = register.view(about)
        if "report" in known:
            known["report"] = _below_root(register, known["report"])
        try:
            return recorded(view, act, known)
        except Missing:
            if where or not at_terminal():
                raise
        return recorded(view, act, asked(view, act, known, register.language))

    return Wanted(name, act, _telling(keys, where), where)


def _telling(keys: Callable[[Record], dict[str, Any]], where: str) -> Callable[[Record], dict[str, Any]]:
    """What a review carries, with its faults told in the words of the command line or of the table."""

    def called(key: str) -> str:
        key, _, question = key.partition(".")
        if where:
            return f"column '{question or {'input_from': 'input'}.get(key, key)}'"
        return OPTIONS.get(key, f"--{key.replace('_', '-')}") + (f" {question}" if question else "")

    def tell(about: Record) -> dict[str, Any]:
        try:
            return keys(about)
        except Missing as missing:
            *others, last = map(called, missing.keys)
            told = f"{', '.join(others)} and {last} are" if others else f"{last} is"
            raise UsageError(f"{told} missing") from missing
        except Fault as fault:
            if fault.contradicts:
                raise McredError(f"nothing was written: {fault}") from fault
            raise UsageError(f"{called(fault.key)}: {fault}") from fault

    return tell


def _below_root(register: Register, text: str) -> str:
    """The path of a report from the catalogue's root, also where it was given from the current folder."""
    if text.startswith("{") or (register.workspace.root / text).is_file():
        return text
    inside = register.workspace.inside(Path(text)) if Path(text).is_file() else None
    if inside is None:
        files = register.workspace.walk().files
        raise Fault("report", f"no file '{text}' in the catalogue" + did_you_mean(text, files))
    return inside


def _record(register: Register, wanted: Iterable[Wanted], dry_run: bool, commit: Commit | None) -> None:
    """Record reviews, and say of each what follows."""
    done = record_decisions(register, wanted, dry_run, commit)
    last = {each.record.path: each.record for each in done}
    for each in done:
        view = register.view(last[each.record.path])
        lines = [*remarks(view, each.decision), *follows(view, each.decision)]
        about = f"{view.record.id}: " if len(done) > 1 else ""
        put("".join(f"{'' if line.startswith(' ') else about}{inert(line)}\n" for line in lines))
