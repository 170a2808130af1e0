"""What ends a run: the exit codes, and the error that says mcred could not do its job."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ends; the highest that applies wins, whatever the output format."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    FAILED = 3
    BUG = 4
    INTERRUPTED = 130


class McredError(Exception):
    """mcred could not do its job: one plain line for the user, never a traceback.

    A fault in a record is not one of these: it is a finding of the report.
    """

    exit_code = ExitCode.FAILED


class Unreadable(McredError):
    """A file that there is, or was a moment ago, cannot be read; its path, and why."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"cannot read {path}: {why}")
        self.path = path
        self.why = why


class UsageError(McredError):
    """The command line or the settings ask for something that does not exist."""

    exit_code = ExitCode.USAGE
