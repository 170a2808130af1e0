"""Reading a record: bytes to plain data, the place of every key and value, and the faults of the text itself."""

from mcred.document.comments import Comment
from mcred.document.decoding import Lines
from mcred.document.reading import Document, lines, read

__all__ = ["Comment", "Document", "Lines", "lines", "read"]
