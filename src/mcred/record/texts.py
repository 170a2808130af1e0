"""All text of a record: at a glance, and with where it stands."""

from typing import Any, NamedTuple

from mcred.record.once import once
from mcred.record.record import Record

Path = tuple[str | int, ...]


class Said(NamedTuple):
    """What a record says, for a glance: what is not in here is in none of its texts, and need not be looked for."""

    text: str
    """All texts, the catalogue's own too, each between two `BETWEEN`."""
    maps: list[dict[str, Any]]
    """All maps; a text in several languages is one."""


BETWEEN = "\0"
"""What stands between two texts, and in none."""


@once
def said(record: Record) -> Said:
    """What a record says, without where."""
    texts: list[str] = [""]
    maps: list[dict[str, Any]] = []
    _gather(record.data, texts, maps)
    return Said(BETWEEN.join([*texts, ""]), maps)


def _gather(holder: Any, texts: list[str], maps: list[dict[str, Any]]) -> None:
    """Add the texts and the maps in a map or a list; most values are texts, and none costs a call."""
    if type(holder) is dict:
        maps.append(holder)
        holder = holder.values()
    for each in holder:
        kind = type(each)
        if kind is str:
            texts.append(each)
        elif kind is dict or kind is list:
            _gather(each, texts, maps)


@once
def texts(record: Record) -> list[tuple[Path, str]]:
    """Each text in the order of the file, but for the catalogue's own keys."""
    return _with_paths(record.data)


def texts_of(record: Record, *fields: str) -> list[tuple[Path, str]]:
    """The same of some fields."""
    return _with_paths({name: value for name, value in record.data.items() if name in fields})


def _with_paths(data: dict[str, Any]) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    _collect(data, (), found)
    return found


def _collect(value: Any, path: Path, found: list[tuple[Path, str]]) -> None:
    if type(value) is dict:
        inner = [(key, each) for key, each in value.items() if not key.startswith("x-")]
    else:
        inner = list(enumerate(value))
    for key, each in inner:
        if type(each) is str:
            found.append(((*path, key), each))
        elif type(each) is dict or type(each) is list:
            _collect(each, (*path, key), found)
