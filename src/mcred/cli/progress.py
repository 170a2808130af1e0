"""How far something has come that takes longer than a second; told on a terminal only."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from mcred.text import plural

T = TypeVar("T")

CLEAR = "\r\x1b[K"
"""What makes a terminal forget the line that it shows last."""


def aside(text: str) -> None:
    """Write a line to standard error in the place of how far something has come."""
    sys.stderr.write(f"{CLEAR if sys.stderr.isatty() else ''}{text}\n")


def with_progress(items: Iterable[T], doing: str, noun: str) -> Iterator[T]:
    """The items as they are; on a terminal, standard error says after a second how many there were so far."""
    if not sys.stderr.isatty():
        yield from items
        return
    began = said = time.monotonic()
    try:
        for number, item in enumerate(items, 1):
            if (now := time.monotonic()) - began > 1 and now - said > 0.1:
                sys.stderr.write(f"\r{doing} … {plural(number, noun)}")
                sys.stderr.flush()
                said = now
            yield item
    finally:  # whatever ended it says so on a line of its own
        if said > began:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()
