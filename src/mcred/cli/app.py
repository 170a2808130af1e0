"""The list of commands. A command's module is imported only when it runs."""

import gc
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

from mcred.text import did_you_mean


class Listed(NamedTuple):
    """A command: the module of `mcred.cli` that holds it, its function, and its first line of help.

    `meant` is the command of a group that is meant where none of it is named.
    """

    module: str
    function: str
    help: str
    meant: str = ""


COMMANDS = {
    "validate": Listed("validate", "validate", "Say what is wrong in the catalogue, and where."),
    "new": Listed("new", "new", "Begin a record: a commented file that is right from the start."),
    "list": Listed("list", "list_records", "List records: filters and columns over fields and derived values."),
    "show": Listed("show", "show", "Show one record: what it is, what was decided, and what follows."),
    "diff": Listed(
        "diff",
        "diff",
        "Say what changed, in the words of the field: outcomes, credits, decisions, and what follows from them.",
    ),
    "log": Listed(
        "log", "log", "Say what was recorded: the register's change log, from what the commits did to the records."
    ),
    "decide": Listed("decide", "decide", "Record a decision: appended to the record, checked before it is written."),
    "review": Listed("review", "review", "Record reviews, list those of a record, and report on one."),
    "review start": Listed("review", "start", "Record that a review is under way."),
    "review record": Listed(
        "review", "record", "Record a completed review, and say when the next is due and what has to be decided."
    ),
    "review list": Listed(
        "review", "list_reviews", "List the reviews of a record: what came of each, and when the next was due by it."
    ),
    "review report": Listed(
        "review",
        "report",
        "Write a report on the review under way, else on the last one: what was answered, and what is still open.",
    ),
    "history": Listed("history", "history", "Look at what was recorded when.", "record"),
    "history record": Listed(
        "story", "story", "Tell a record's story: what was decided when, and when that was recorded."
    ),
    "history check": Listed("history", "check", "Say what earlier commits did wrong that is so still: MC501 to MC509."),
    "reconcile": Listed(
        "reconciling", "reconcile", "Compare a saved list of the published register with the catalogue."
    ),
    "fix": Listed(
        "fix", "fix", "Repair what is sure to be meant: misspelt fields, missing quotes, letters in pieces, line ends."
    ),
    "ready": Listed("ready", "ready", "Say what is still missing in a record, clause by clause."),
    "why": Listed("ready", "why", "Explain one verdict, also a pass: which act, day, edition, rule and value."),
    "frameworks": Listed("rulebooks", "frameworks", "Show frameworks: what they ask, and what of it is covered how."),
    "compare-levels": Listed(
        "compare_levels",
        "compare_levels",
        "Compare a level with those of other frameworks, where a body published how they stand to each other.",
    ),
    "conformance": Listed(
        "conformance", "conformance", "Run case files about the rules, and tell what differs from what they expect."
    ),
    "due-reviews": Listed(
        "due_reviews", "due_reviews", "Say which reviews are overdue, which fall due, and which have no date."
    ),
    "transition": Listed(
        "transition",
        "transition",
        "Say which earlier awards are reviewed to bring them under new rules, why, and when that is due.",
    ),
    "render": Listed(
        "render",
        "render",
        "Write documents: listings, application packs, review reports and others, as pages or for programs.",
    ),
    "stats": Listed("stats", "stats", "Count the catalogue, and how complete it is."),
    "init": Listed("init", "init", "Begin a catalogue in an empty folder."),
    "config": Listed("config", "config", "Say which settings hold, and where each comes from."),
    "cache": Listed("cache", "cache", "Say what is kept between runs, and clear it."),
    "cache info": Listed(
        "cache", "info", "Say where what is kept between runs lies, how much it is, and whether it is used here."
    ),
    "cache clear": Listed(
        "cache", "clear_cache", "Take away what is kept between runs; the next run looks at everything anew."
    ),
    "completion": Listed("completion", "completion", "Print what makes a shell complete mcred's commands."),
    "baseline": Listed("baseline", "baseline", "Keep the faults that are known already, so that only new ones fail."),
    "baseline create": Listed("baseline", "create", "Enter all faults of today as known, in a new baseline."),
    "baseline update": Listed(
        "baseline", "update", "Bring the baseline up to date: take out what is gone, and enter nothing new."
    ),
    "baseline prune": Listed("baseline", "prune", "Take out of the baseline what is gone, and nothing else."),
    "baseline show": Listed("baseline", "show", "List the known faults."),
    "explain": Listed("explain", "explain", "Explain a rule: what, why, and how to put it right."),
    "rules": Listed("rules", "rules", "List the rules."),
    "ignores": Listed(
        "ignores", "ignores", "List the comments that ignore a finding: where, which rules, until when, and why."
    ),
    "schema": Listed("schema", "schema", "Print the JSON Schema of a kind of record, or of the report."),
}
"""Every command; one of two words belongs to the group of the first.

The first line of its function's docstring is the help given here (a test holds them together).
"""


class Commands(TyperGroup):
    """A group that knows the names of its commands and imports one only when it is asked for."""

    table: Mapping[str, str] = {}
    """The name of each command as it is typed after the group's, and its whole name."""
    meant: str = ""
    """The command that is meant where none is named; `history ID` is `history record ID`."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, or None."""
        return load(self.table[cmd_name]) if cmd_name in self.table else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the arguments begin with."""
        if args and args[0] not in self.table and self.meant:
            return super().resolve_command(ctx, [self.meant, *args])
        if args and args[0] not in self.table:
            raise typer.BadParameter(f"no command '{args[0]}'" + did_you_mean(args[0], self.table), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that is named; where none is, show what there is."""
        done = super().invoke(ctx)
        if ctx.invoked_subcommand is None:
            typer.echo(ctx.get_help())
        return done

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list in the help, from the table: nothing is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[whole].help) for name, whole in self.table.items()])


def load(name: str) -> Any:
    """The command of a whole name, or the group."""
    listed = COMMANDS[name]
    function = getattr(import_module(f"mcred.cli.{listed.module}"), listed.function)
    if not gc.isenabled():  # see `mcred.cli.program`
        gc.freeze()
        gc.enable()
    inside = {whole.removeprefix(f"{name} "): whole for whole in COMMANDS if whole.startswith(f"{name} ")}
    if inside:
        return _group(function, inside, listed.meant)
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name.rpartition(" ")[2])(function)
    return typer.main.get_command(app)


def command() -> Any:
    """The whole program."""
    return _group(mcred, {name: name for name in COMMANDS if " " not in name})


def _group(function: Callable[..., Any], table: Mapping[str, str], meant: str = "") -> Any:
    """A group of commands, with the function whose docstring and options are its own."""
    app = typer.Typer(cls=Commands, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback(invoke_without_command=True)(function)
    made: Any = typer.main.get_command(app)
    made.table, made.meant = table, meant
    return made


def mcred(version: bool = typer.Option(False, "--version", "-V", help="Print the version.")) -> Any:
    """Keep a register of micro-credentials as plain YAML in Git, and check it.

    \b
    mcred validate                      what is wrong in this catalogue, and where
    mcred validate FILE                 the same for one file
    mcred new micro-credential NAME     begin a record
    mcred list level=3 stage=approved   choose records
    mcred show worked-example           everything about one
    mcred explain MC102                 what a rule means, and how to put it right
    """  # noqa: D301 - \b keeps click from filling the lines
    if version:
        from mcred import __version__

        typer.echo(f"mcred {__version__}")
        raise typer.Exit
