"""What a comment of a file is; `comments` finds them."""

from typing import NamedTuple

from mcred.diagnostic import Span


class Comment(NamedTuple):
    """A comment: its text from `#` on, where it stands, and the stretch of the file that it is about.

    Behind something, that is its line; on a line of its own, the key or item that begins next, with all that hangs
    under it. `scope` is None where nothing follows.
    """

    text: str
    span: Span
    scope: Span | None
