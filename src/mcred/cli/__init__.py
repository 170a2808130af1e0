"""The command line: argv in, one function, a report out, an exit code.

Only this package causes effects. `main` answers `--version` before anything is imported, and turns every error into one
plain line; a bug leaves a file that can be sent on.
"""

import sys

from mcred import __version__


def main() -> None:
    """Run mcred with the arguments of the process."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"mcred {__version__}\n")
        return
    from mcred.cli.running import run

    sys.exit(run(sys.argv[1:]))
