"""Formats: what they are called, and the module of each, which perhaps needs a library that not everybody installs."""

from collections.abc import Collection, Mapping
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

from mcred.errors import McredError


class Format(NamedTuple):
    """A format: what it is for, the ending of its files, and the extra to install for it."""

    help: str
    ending: str
    extra: str = ""


_ALSO = {"md": "markdown", "markdown": "md"}
"""Formats that go by two names."""


def meant(name: str, formats: Collection[str]) -> str:
    """The name by which a format is known among some, be it called by that or by its other one; else as it is."""
    other = _ALSO.get(name, name)
    return other if name not in formats and other in formats else name


def module(package: str, name: str, formats: Mapping[str, Format]) -> ModuleType:
    """The module of a format in a package; it, and the library it is for, are imported only now.

    Raises:
        McredError: the extra that the format needs is not installed.
    """
    try:
        return import_module(f"{package}.{name}")
    except ModuleNotFoundError as missing:
        if not formats[name].extra:
            raise
        install = f"pip install 'mcred-register[{formats[name].extra}]'"
        raise McredError(f"the format {name} needs more: {install}") from missing
