"""The command line: argv in, one function, a report out, an exit code.

Only this package causes effects. What is imported here is what Python's own start imports, so that as little as can be
goes before the first line in which Ctrl-C ends in peace. `main` answers `--version` before anything else is imported,
and turns every error into one plain line; a bug leaves a file that can be sent on.
"""

import gc
import os
import sys

from mcred import __version__


def program() -> None:
    """Run mcred as a process of its own, which ends at once.

    Python takes itself apart for as long as it took to start, only to give back what the system takes back anyway. What
    was written is out by then.
    """
    code = 0
    try:
        # Of what is imported nothing is ever let go: looking for garbage in it only takes time, until a command begins.
        gc.disable()
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except KeyboardInterrupt:  # Ctrl-C before there is a command that could be stopped
        _said("mcred: stopped\n")
        code = 130
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except BrokenPipeError:
            continue
        except OSError:
            code = code or 3
    os._exit(code)


def main() -> None:
    """Run mcred with the arguments of the process."""
    if sys.argv[1:] in (["--version"], ["-V"]) and _printed(f"mcred {__version__}\n"):
        return
    from mcred.cli.running import run

    sys.exit(run(sys.argv[1:]))


def _said(text: str) -> None:
    """Write a text to standard error, if there is one."""
    try:
        sys.stderr.write(text)
    except (OSError, AttributeError):
        return


def _printed(text: str) -> bool:
    """Whether a text could be written, or nobody reads it; else what knows how to say so takes over."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        return True
    except (OSError, AttributeError):
        return False
    return True
