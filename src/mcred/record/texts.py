"""All text of a record, with where it stands."""

from typing import Any

from mcred.record.record import Record

Path = tuple[str | int, ...]


def texts(record: Record) -> list[tuple[Path, str]]:
    """Each text in the order of the file, but for the catalogue's own keys; worked out once for a record."""
    if "texts" not in record.kept:
        found: list[tuple[Path, str]] = []
        _collect(record.data, (), found)
        record.kept["texts"] = found
    made: list[tuple[Path, str]] = record.kept["texts"]
    return made


def _collect(value: Any, path: Path, found: list[tuple[Path, str]]) -> None:
    if type(value) is str:
        found.append((path, value))
    elif type(value) is dict:
        for key, inner in value.items():
            if not key.startswith("x-"):
                _collect(inner, (*path, key), found)
    elif type(value) is list:
        for place, inner in enumerate(value):
            _collect(inner, (*path, place), found)
