"""All text of a record, with where it stands."""

from typing import Any

from mcred.record.once import once
from mcred.record.record import Record

Path = tuple[str | int, ...]


@once
def texts(record: Record) -> list[tuple[Path, str]]:
    """Each text in the order of the file, but for the catalogue's own keys."""
    found: list[tuple[Path, str]] = []
    _collect(record.data, (), found)
    return found


def _collect(value: Any, path: Path, found: list[tuple[Path, str]]) -> None:
    """Add the texts in a map or a list; most values are texts, and none costs a call."""
    if type(value) is dict:
        inner = [(key, each) for key, each in value.items() if not key.startswith("x-")]
    else:
        inner = list(enumerate(value))
    for key, each in inner:
        if type(each) is str:
            found.append(((*path, key), each))
        elif type(each) is dict or type(each) is list:
            _collect(each, (*path, key), found)
