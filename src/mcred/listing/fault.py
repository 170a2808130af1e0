"""Why there is no document: what is wrong with a template, and what a format cannot say."""

from mcred.errors import McredError


class TemplateFault(McredError):
    """A template cannot be made a document: which one, at which line, and why.

    `line` counts from 1; 0 says that nobody knows it.
    """

    def __init__(self, reason: str, template: str = "", line: int = 0) -> None:
        super().__init__(reason, template, line)
        self.reason, self.template, self.line = reason, template, line

    def __str__(self) -> str:
        where = f"{self.template}, line {self.line}" if self.line else self.template
        return f"{where}: {self.reason}" if where else self.reason


class CannotBeWritten(McredError):
    """One document cannot be written in one format, though others can."""
