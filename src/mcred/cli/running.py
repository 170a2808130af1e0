"""Running a command: its errors become one plain line and an exit code."""

import os
import sys
from collections.abc import Sequence
from typing import Any

from mcred import __version__
from mcred.errors import ExitCode, McredError
from mcred.text import did_you_mean, inert


def run(arguments: Sequence[str]) -> int:
    """Run mcred, and give the exit code."""
    _open_streams()
    debug = "--debug" in arguments
    try:
        return _run(list(arguments))
    except KeyboardInterrupt:
        _say("stopped")
        return ExitCode.INTERRUPTED
    except McredError as error:
        _say(str(error))
        return error.exit_code
    except BrokenPipeError:
        silence()
        return ExitCode.OK
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        if debug:
            _trace()
        else:
            _say(f"the system does not let mcred go on: {where}{error.strerror or error}")
        return ExitCode.FAILED
    except Exception as error:  # noqa: BLE001 - a bug is told as one, whatever it raises
        if debug:
            _trace()
        else:
            _say(f"this is a bug in mcred ({type(error).__name__}); {_bug_report(arguments)}")
        return ExitCode.BUG


def _open_streams() -> None:
    """Give a stream that was closed before we started a place to write to."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))


def _run(arguments: list[str]) -> int:
    import typer

    from mcred.cli.app import command

    if "_MCRED_COMPLETE" in os.environ:
        from typer._completion_classes import completion_init

        completion_init()  # without it click knows none of the scripts that `mcred completion` prints

    # typer carries click inside itself, under a name of its own; the bases of its public errors are click's.
    bases: Any = typer.BadParameter.__mro__
    usage_error, click_error = bases[1], bases[2]
    try:
        code = command().main(arguments, prog_name="mcred", standalone_mode=False)
    except typer.Exit as exit:
        return exit.exit_code
    except SystemExit:  # click's answer where nobody reads the help it prints
        silence()
        return ExitCode.OK
    except typer.Abort:
        raise KeyboardInterrupt from None
    except usage_error as error:
        _say(usage(error))
        return ExitCode.USAGE
    except click_error as error:
        _say(str(error))
        return ExitCode.FAILED
    if code == ExitCode.INTERRUPTED:  # typer's own answer to Ctrl+C, given without a word
        raise KeyboardInterrupt
    return int(code) if isinstance(code, int) else ExitCode.OK


def usage(error: Any) -> str:
    """A usage error of click as one line that says how it should be."""
    context, param = error.ctx, getattr(error, "param", None)
    if hasattr(error, "option_name") and hasattr(error, "possibilities"):
        options = [name for each in context.command.params for name in each.opts] if context else []
        message = f"no option '{error.option_name}'" + did_you_mean(error.option_name, [*options, "--help"])
    elif hasattr(error, "param_type"):
        name = param.human_readable_name if param else "an argument"
        message = f"{name} is missing"
    elif param is not None:
        option = param.opts[0] if param.opts[0].startswith("-") else param.human_readable_name
        message = f"{option}: {error.message}"
    else:
        message = error.message[:1].lower() + error.message[1:]
    return f"{message.rstrip('.')} (see `{context.command_path if context else 'mcred'} --help`)"


def _say(message: str) -> None:
    try:
        sys.stderr.write(f"mcred: {inert(message)}\n")
    except (OSError, ValueError):
        silence()


def silence() -> None:
    """Nobody reads what we write any more: let the interpreter end without a word about it."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


def _trace() -> None:
    import traceback

    sys.stderr.write(traceback.format_exc())


def _bug_report(arguments: Sequence[str]) -> str:
    """Write down what is needed to find a bug, and say where."""
    import platform
    import tempfile
    import traceback

    text = (
        f"mcred {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"arguments: {list(arguments)}\n\n{traceback.format_exc()}"
    )
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="mcred-bug-", suffix=".txt", delete=False
        ) as file:
            file.write(text)
    except OSError:
        return "run again with --debug to see where"
    return f"please send {file.name} to the project, or run again with --debug"
