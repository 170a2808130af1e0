"""Formats of which each has a module of its own, and perhaps a library that not everybody installs."""

from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

from mcred.errors import McredError


class Format(NamedTuple):
    """A format: what it is for, the ending of its files, and the extra to install for it."""

    help: str
    ending: str
    extra: str = ""


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
