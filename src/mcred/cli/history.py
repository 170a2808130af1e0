"""`mcred history`."""

from typing import Annotated

import typer

from mcred.cli.checked_history import checked_history
from mcred.cli.options import AsOf, Colour, Debug, FailOn, Format, look, today_there, workspace
from mcred.cli.publishing import publish, put
from mcred.cli.targets import newer
from mcred.diagnostic import Severity
from mcred.errors import ExitCode
from mcred.text import inert


def history() -> None:
    """Look at what was recorded when.

    \b
    mcred history worked-example           a record's story: what was decided when, and when that was recorded
    mcred history check                    what commits did wrong, from the first one on
    mcred history check --since v2026.1    from a revision on
    """  # noqa: D301 - \b keeps click from filling the lines


def check(
    since: Annotated[str | None, typer.Option(metavar="REV|DATE", help="Only the commits after it.")] = None,
    format: Format = "text",
    as_of: AsOf = None,
    fail_on: FailOn = "error",
    color: Colour = "auto",
    debug: Debug = False,
) -> int:
    """Say what earlier commits did wrong that is so still: MC501 to MC509.

    \b
    mcred history check
    mcred history check --since v2026.1 --format json
    """  # noqa: D301 - \b keeps click from filling the lines
    catalogue = workspace()
    newer(catalogue)
    report = checked_history(catalogue, since, as_of or today_there(catalogue.settings.timezone))
    if format == "text" and not report.checked.files:
        after = f" after '{inert(since)}'" if since is not None else ""
        put(f"nothing to check: no commit of the first-parent line of HEAD{after} changes a record\n")
    else:
        publish(report, format, (), look(color, verbose=False), quiet=False)
    return ExitCode.FINDINGS if report.fails(None if fail_on == "never" else Severity(fail_on)) else ExitCode.OK
