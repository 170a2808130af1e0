"""Options that commands share, and what the process tells about where output goes."""

import os
import shutil
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mcred.cli.completing import words
from mcred.dates import ImpossibleDate, days, today
from mcred.diagnostic import RULES, Severity, rule_id, rule_named
from mcred.errors import McredError, UsageError
from mcred.formats import meant
from mcred.reporters import FORMATS, Look
from mcred.text import did_you_mean, one_of

if TYPE_CHECKING:
    from mcred.validation import Context
    from mcred.workspace import Workspace


def day(text: str) -> date:
    """A day written as 2026-11-22."""
    try:
        found = days(text)
    except ImpossibleDate as error:
        raise typer.BadParameter(str(error)) from error
    except ValueError as error:
        raise typer.BadParameter(f"'{text}' is not a day such as 2026-11-22") from error
    if found.first != found.last:
        raise typer.BadParameter(f"'{text}' is more than one day; write one such as {found.last}")
    return found.first


def choice(of: Iterable[str], what: str, *names: str, metavar: str, help: str, several: bool = False) -> Any:
    """An option whose value is one of some words, or `several` of them with commas between; its help lists them."""
    known = tuple(of)

    def parsed(text: str) -> str:
        parts = [meant(part, known) for part in (text.split(",") if several else [text])]
        for part in parts:
            if part not in known:
                raise typer.BadParameter(f"no {what} '{part}'; there is {one_of(known)}" + did_you_mean(part, known))
        return ",".join(parts)

    offered = words(known)
    return typer.Option(
        *names, parser=parsed, metavar=metavar, help=f"{help}: {one_of(known)}.", autocompletion=offered
    )


def today_there(timezone: str) -> date:
    """Today in the catalogue's zone; in a zone that nobody knows, which is a finding of catalogue.yaml, by UTC."""
    try:
        return today(timezone)
    except ValueError:
        return today("UTC")


def severity(text: str) -> str:
    """A severity at which a run fails, or `never`."""
    words = [*(each.value for each in Severity), "never"]
    if text not in words:
        raise typer.BadParameter(f"no severity '{text}'; there is {one_of(words)}" + did_you_mean(text, words))
    return text


def selected(texts: Iterable[str]) -> frozenset[str]:
    """The names of rules given by id or name, several in one text with commas between.

    Raises:
        UsageError: there is no such rule.
    """
    names = set()
    for text in (part.strip() for each in texts for part in each.split(",")):
        rule = rule_named(text) if "." in text else rule_id(text)
        if rule is None:
            raise UsageError(no_rule(text))
        names.add(rule.name)
    return frozenset(names)


def known_clauses(names: Iterable[str], context: "Context") -> None:
    """Refuse a clause that no framework in use has; of one that cannot be read nobody knows which it has.

    Raises:
        UsageError: it is named, and is none.
    """
    named = [name for name in names if "." in name and name.partition(".")[0] not in context.broken]
    known = [clause.id for book in context.books.values() for clause in book.clauses] if named else []
    for name in named:
        if name not in known:
            raise UsageError(f"no clause '{name}'" + did_you_mean(name, known))


def no_rule(text: str) -> str:
    """The message that there is no such rule."""
    ids = {rule.id for rule in RULES.values()}
    return (
        f"no rule '{text}'"
        + did_you_mean(text, ids if text[:2].upper() == "MC" else RULES)
        + " (`mcred rules` lists them)"
    )


Format = Annotated[str, choice(FORMATS, "format", "--format", "-f", metavar="FORMAT", help="How to print")]
AsOf = Annotated[
    date | None, typer.Option("--as-of", parser=day, metavar="DATE", help="As on this day instead of today.")
]
At = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="REV|DATE", help="As the repository recorded it: at a revision, or by the end of a day."
    ),
]
FailOn = Annotated[
    str,
    typer.Option(
        "--fail-on",
        parser=severity,
        metavar="SEVERITY",
        help="Exit with 1 from this severity on: error, warning, note or never.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", metavar="NUMBER", min=1, help="Processes to share the work out among."),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Take nothing over from earlier runs, and keep nothing for later ones.")
]
NoStatCache = Annotated[
    bool, typer.Option("--no-stat-cache", help="Read every file to see whether it changed, as in CI.")
]
Debug = Annotated[bool, typer.Option("--debug", help="On a bug in mcred, show where it happened.")]
Colour = Annotated[str, typer.Option("--color", metavar="WHEN", help="Colour: auto, always or never.")]


def workspace(paths: Iterable[Path] = (), at: str | None = None) -> "Workspace":
    """The catalogue of the current folder, else of the first path named; as it lies there, or as it was recorded.

    Raises:
        McredError: there is none, or none was recorded `at` that revision or date.
    """
    from mcred.workspace import find

    starts = [Path.cwd(), *(path if path.is_dir() else path.parent for path in paths)]
    if found := next(filter(None, map(find, starts)), None):
        return _recorded(found, at) if at is not None else found
    raise McredError(f"no catalogue here: neither {starts[0]} nor a folder above it holds catalogue/catalogue.yaml")


def _recorded(catalogue: "Workspace", at: str) -> "Workspace":
    from mcred.cli.at import recorded

    return recorded(catalogue, at)


def look(colour: str, verbose: bool) -> Look:
    """How a report on standard output is to look."""
    if colour not in ("auto", "always", "never"):
        raise UsageError(f"--color: no '{colour}'; there is 'auto', 'always' or 'never'")
    terminal = sys.stdout.isatty()
    if colour == "auto":
        if os.environ.get("NO_COLOR"):
            coloured = False
        elif os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE"):
            coloured = True
        else:
            coloured = terminal and os.environ.get("TERM") != "dumb"
    else:
        coloured = colour == "always"
    width = shutil.get_terminal_size().columns if terminal else 0
    return Look(verbose=verbose, colour=coloured, width=width, encoding=sys.stdout.encoding or "utf-8")
