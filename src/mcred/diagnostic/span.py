"""Where something stands in a file."""

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a file: lines and columns from 1, columns in characters (code points), the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
