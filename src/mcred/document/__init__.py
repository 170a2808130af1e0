"""Reading a record: bytes to plain data, the place of every key and value, and the faults of the text itself.

The parser is imported when the first file is read: a run that takes everything over from an earlier one reads none.
"""

from typing import TYPE_CHECKING

from mcred.document.comment import Comment
from mcred.document.decoding import Lines, begun

if TYPE_CHECKING:
    from mcred.document.reading import Document

__all__ = ["Comment", "Document", "Lines", "lines", "read"]


def read(data: bytes) -> "Document":
    """Read one file. Any bytes give a document; what is wrong with them stands in its `faults`."""
    from mcred.document.reading import read as reading

    return reading(data)


def lines(data: bytes) -> Lines:
    """The lines of one file, as `read` has them."""
    return begun(data).lines
