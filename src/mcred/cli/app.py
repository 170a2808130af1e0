"""The list of commands. A command's module is imported only when it runs."""

from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

from mcred.text import did_you_mean


class Listed(NamedTuple):
    """A command: the module of `mcred.cli` that holds it, its function, and its first line of help."""

    module: str
    function: str
    help: str


COMMANDS = {
    "validate": Listed("validate", "validate", "Say what is wrong in the catalogue, and where."),
    "new": Listed("new", "new", "Begin a record: a commented file that is right from the start."),
    "list": Listed("list", "list_records", "List records: filters and columns over fields and derived values."),
    "show": Listed("show", "show", "Show one record: what it is, what was decided, and what follows."),
    "decide": Listed("decide", "decide", "Record a decision: appended to the record, checked before it is written."),
    "fix": Listed(
        "fix", "fix", "Repair what is sure to be meant: misspelt fields, missing quotes, letters in pieces, line ends."
    ),
    "ready": Listed("ready", "ready", "Say what is still missing in a record, clause by clause."),
    "why": Listed("ready", "why", "Explain one verdict, also a pass: which act, day, edition, rule and value."),
    "frameworks": Listed("rulebooks", "frameworks", "Show frameworks: what they ask, and what of it is covered how."),
    "conformance": Listed(
        "conformance", "conformance", "Run case files about the rules, and tell what differs from what they expect."
    ),
    "due-reviews": Listed(
        "due_reviews", "due_reviews", "Say which reviews are overdue, which fall due, and which have no date."
    ),
    "stats": Listed("stats", "stats", "Count the catalogue, and how complete it is."),
    "init": Listed("init", "init", "Begin a catalogue in an empty folder."),
    "config": Listed("config", "config", "Say which settings hold, and where each comes from."),
    "completion": Listed("completion", "completion", "Print what makes a shell complete mcred's commands."),
    "explain": Listed("explain", "explain", "Explain a rule: what, why, and how to put it right."),
    "rules": Listed("rules", "rules", "List the rules."),
    "schema": Listed("schema", "schema", "Print the JSON Schema of a kind of record, or of the report."),
}
"""Every command; the first line of its function's docstring is the help given here (a test holds them together)."""


class Commands(TyperGroup):
    """A group that knows the names of its commands and imports one only when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, or None."""
        return load(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the arguments begin with."""
        if args and args[0] not in COMMANDS:
            raise typer.BadParameter(f"no command '{args[0]}'" + did_you_mean(args[0], COMMANDS), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list in the help, from the table: nothing is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, listed.help) for name, listed in COMMANDS.items()])


def load(name: str) -> Any:
    """The command of a name."""
    listed = COMMANDS[name]
    function = getattr(import_module(f"mcred.cli.{listed.module}"), listed.function)
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name)(function)
    return typer.main.get_command(app)


def command() -> Any:
    """The whole program."""
    app = typer.Typer(cls=Commands, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback(invoke_without_command=True)(mcred)
    return typer.main.get_command(app)


def mcred(ctx: typer.Context, version: bool = typer.Option(False, "--version", "-V", help="Print the version.")) -> Any:
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
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())
