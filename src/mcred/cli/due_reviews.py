"""`mcred due-reviews`."""

import sys
from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated

import typer

from mcred.cli.options import AsOf, At, Colour, Debug, Jobs, NoCache, NoStatCache, choice, day, look
from mcred.cli.publishing import outputs, put_bytes, save
from mcred.cli.schedule import schedule
from mcred.errors import ExitCode, UsageError
from mcred.reporters.due import FORMATS, Sheet, workload, writer
from mcred.review import GROUPS, KINDS, LOADS, NONE, SORTS, Wanted, after, span
from mcred.text import did_you_mean, one_of

CUSTODIES = ("own", "observed", "all")
BINARY = ("xlsx",)
"""The formats that no terminal shows."""

FAILING = ("never", "overdue", "due")
WITHIN = "90d"
"""How far a report looks ahead where nobody says; what has no date it then only counts."""


def within(text: str) -> str:
    """A span of time such as 90d, 12w, 3m or 1y."""
    if span(text) is None:
        raise typer.BadParameter(f"'{text}' is not a span of days, weeks, months or years such as 90d, 12w, 3m or 1y")
    return text


def due_reviews(
    within: Annotated[
        str | None,
        typer.Option(parser=within, metavar="SPAN", help="So far ahead, the last day included: 90d, 12w, 3m, 1y."),
    ] = None,
    until: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help="Up to this day, itself included.")
    ] = None,
    since: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help="Only what a report of this day did not show.")
    ] = None,
    kind: Annotated[
        str | None, choice(KINDS, "kind", "--kind", metavar="KIND", help="Only what is of this kind", several=True)
    ] = None,
    lead: Annotated[
        str | None, typer.Option(metavar="ROLE", help="Only what this role leads; `none`: what has no lead.")
    ] = None,
    organisation: Annotated[
        str | None, typer.Option(metavar="ID", help="Only where this organisation has to act.")
    ] = None,
    level: Annotated[str | None, typer.Option(metavar="LEVEL", help="Only records at this level.")] = None,
    custody: Annotated[
        str, choice(CUSTODIES, "custody", "--custody", metavar="CUSTODY", help="Whose records", several=True)
    ] = "own",
    by: Annotated[
        str | None, choice(LOADS, "way", "--by", metavar="WHAT", help="Show how much falls due, instead of what, by")
    ] = None,
    level_load: Annotated[
        bool, typer.Option("--spread", help="Propose earlier days that level the load, none later than due.")
    ] = False,
    group_by: Annotated[
        str, choice(GROUPS, "group", "--group-by", metavar="WHAT", help="Group the rows by")
    ] = "bucket",
    sort: Annotated[str, choice(SORTS, "order", "--sort", metavar="WHAT", help="Sort the rows by")] = "due",
    limit: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Show so many rows, and say of how many.")
    ] = None,
    format: Annotated[
        str | None, choice(FORMATS, "format", "--format", "-f", metavar="FORMAT", help="How to print")
    ] = None,
    output: Annotated[
        list[str] | None, typer.Option(metavar="FORMAT=FILE", help="Also write it to a file; as often as wanted.")
    ] = None,
    fail_on: Annotated[
        str, choice(FAILING, "such word", "--fail-on", metavar="WHAT", help="Exit with 1 where something is so")
    ] = "never",
    as_of: AsOf = None,
    at: At = None,
    jobs: Jobs = None,
    no_cache: NoCache = False,
    no_stat_cache: NoStatCache = False,
    color: Colour = "auto",
    debug: Debug = False,
) -> int:
    """Say which reviews are overdue, which fall due, and which have no date.

    \b
    mcred due-reviews                              overdue, and due within 90 days
    mcred due-reviews --within 1y                  a year ahead, and what has no date
    mcred due-reviews --lead programme-manager     what one role has to do
    mcred due-reviews --since 2026-11-15           what is new since that day
    mcred due-reviews --output xlsx=due.xlsx       a workbook for a meeting
    mcred due-reviews --format ics >reviews.ics    a calendar
    mcred due-reviews --by month                   how much falls due when

    \b
    `mcred why ID review` tells how a date came about. On a terminal a table, piped tab-separated.
    """  # noqa: D301 - \b keeps click from filling the lines
    if within is not None and until is not None:
        raise UsageError("--within and --until both say how far to look; leave one out")
    format = format or ("table" if sys.stdout.isatty() else "tsv")
    appearance = look(color, verbose=False)
    files = outputs(output or (), FORMATS)
    found = schedule(as_of, since, at, not no_cache, not no_stat_cache, jobs)
    if since is not None and since > found.day:
        raise UsageError(f"--since: {since} lies after {found.day}, the day of the report")
    groups, told = found.due.groups, by is not None or level_load
    ahead = span(within or ("" if until is not None or told else WITHIN))
    wanted = Wanted(
        until=until or (_ahead(found.day, *ahead) if ahead is not None else None),
        undated=within is not None or until is not None or custody == "observed" or told,
        kinds=_words(kind) or frozenset(KINDS) - {"standard"},
        leads=_known("lead", lead, (NONE, *(group.lead for group in groups))),
        organisations=_known(
            "organisation", organisation, (*found.organisations, *(group.organisation for group in groups))
        ),
        levels=_known("level", level, (group.level for group in groups)),
        custodies=frozenset(CUSTODIES[:2]) if custody == "all" else _words(custody),
        sort=sort,
        limit=None if told else limit,
    )
    made = found.report(wanted, since)
    sheet = Sheet(
        made,
        title=found.settings.title,
        timezone=found.settings.timezone,
        language=found.settings.languages[0] if found.settings.languages else "en",
        base_url=found.settings.base_url,
        recorded=found.recorded,
        unread=len(found.unread),
        by=group_by,
    )
    made_of = _figures(by, level_load) if told else writer
    shown = format not in BINARY or format not in (name for name, _ in files)
    printed = made_of(format)(sheet._replace(look=appearance)) if shown else b""
    # All of them are made before the first is written: what cannot be made leaves nothing behind.
    save([(path, made_of(name)(sheet)) for name, path in files], lambda: _print(printed, format) if shown else None)
    fails = {"never": False, "overdue": made.counts["overdue"] > 0, "due": made.due > 0}[fail_on]
    return ExitCode.FINDINGS if fails else ExitCode.OK


def _print(data: bytes, format: str) -> None:
    if format in BINARY and sys.stdout.isatty():
        raise UsageError(f"{format} is not for a terminal: write it to a file with --output {format}=FILE")
    put_bytes(data)


def _figures(by: str | None, level_load: bool) -> Callable[[str], Callable[[Sheet], bytes]]:
    """What writes how much falls due, or what could come earlier, in a format."""

    def made(name: str) -> Callable[[Sheet], bytes]:
        if name not in workload.FORMATS:
            raise UsageError(f"how much falls due is not written as {name}; there is {one_of(workload.FORMATS)}")
        return lambda sheet: workload.write(sheet, "spread" if level_load else str(by), name)

    return made


def _ahead(day: date, amount: int, unit: str) -> date:
    """The last day of a span; what lies beyond the calendar is its last day."""
    return after(day, amount, unit) or date.max


def _words(text: str | None) -> frozenset[str]:
    return frozenset(text.split(",")) if text else frozenset()


def _known(what: str, text: str | None, among: Iterable[object]) -> frozenset[str]:
    """The words of an option, each of which occurs in the catalogue.

    Raises:
        UsageError: one does not.
    """
    words = _words(text)
    known = sorted({str(each) for each in among if each is not None}) if words else []
    for word in sorted(words):
        if word not in known:
            raise UsageError(f"--{what}: no {what} '{word}'; there is {one_of(known)}" + did_you_mean(word, known))
    return words
