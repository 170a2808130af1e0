"""How far something has come that takes longer than a second; told on a terminal only."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from mcred.text import plural

T = TypeVar("T")


def with_progress(items: Iterable[T], doing: str, noun: str) -> Iterator[T]:
    """The items as they are; on a terminal, standard error says after a second how many there were so far."""
    if not sys.stderr.isatty():
        yield from items
        return
    began = said = time.monotonic()
    number = 0
    for number, item in enumerate(items, 1):
        if (now := time.monotonic()) - began > 1 and now - said > 0.1:
            sys.stderr.write(f"\r{doing} … {plural(number, noun)}")
            sys.stderr.flush()
            said = now
        yield item
    if said > began:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
