"""`mcred config`."""

import os
import platform
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

import typer

from mcred import __version__
from mcred.cli.completing import words
from mcred.cli.options import Debug, workspace
from mcred.cli.publishing import put, table
from mcred.dates import zone_exists
from mcred.diagnostic import Anchor, Pointer
from mcred.document import read
from mcred.document.parser import C_PARSER
from mcred.errors import ExitCode, McredError, UsageError
from mcred.query import shown
from mcred.record.kinds import CATALOGUE_FILE
from mcred.settings import FORMAT, TIMEZONE, settings
from mcred.text import as_json, did_you_mean
from mcred.workspace import SHIPPED, Workspace

FORMATS = ("table", "json")
DEFAULTS: dict[str, Any] = {
    "format": FORMAT,
    "timezone": TIMEZONE,
    "languages": ["en"],
    "framework": None,
    "policies": [],
}
"""What holds where catalogue.yaml is silent."""

ENVIRONMENT = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM", "COLUMNS")


class Setting(NamedTuple):
    """A setting, its value, and where it comes from."""

    name: str
    value: Any
    source: str


def config(
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="'table' or 'json'.", autocompletion=words(FORMATS))
    ] = "table",
    debug: Debug = False,
) -> int:
    """Say which settings hold, and where each comes from.

    \b
    mcred config
    mcred config --format json
    """  # noqa: D301 - \b keeps click from filling the lines
    if format not in FORMATS:
        raise UsageError(f"--format: no format '{format}'" + did_you_mean(format, FORMATS))
    found = list(_settings(workspace()))
    if format == "json":
        put(as_json([each._asdict() for each in found]) + "\n")
    else:
        put(table(("setting", "value", "from"), [(each.name, shown(each.value), each.source) for each in found]))
    return ExitCode.OK


def _settings(catalogue: Workspace) -> Iterator[Setting]:
    yield Setting("version", __version__, f"Python {platform.python_version()}")
    yield Setting("catalogue", str(catalogue.root), "found from the current folder upwards")
    yield Setting("repository", str(catalogue.base), "the folder that paths are told from")
    path = catalogue.shown(CATALOGUE_FILE)
    document = read(catalogue.read(path))
    if document.data is None:
        raise McredError(f"{path} cannot be read: `mcred validate {path}` says why")
    data = document.data
    held = settings(data)
    for name in dict.fromkeys([*DEFAULTS, *data]):
        if name in data:
            line = document.locate(Pointer((name,)), Anchor.KEY).line
            value, source = data[name], f"{path}:{line}"
            if name == "timezone" and not zone_exists(held.timezone):
                value, source = TIMEZONE, f"{source} says '{shown(value)}', which is no time zone"
            yield Setting(name, value, source)
        else:
            yield Setting(name, DEFAULTS[name], "default")
    known = catalogue.context(catalogue.walk("policies"))
    yield Setting("frameworks", sorted(known.shipped), "come with mcred")
    own = sorted(set(known.frameworks) - known.shipped)
    if own:
        yield Setting("frameworks of its own", own, catalogue.shown("policies"))
    yield Setting("schemas", str(SHIPPED / "schemas"), "come with mcred")
    folder = catalogue.editor_schemas
    state = "not there: `mcred init --editor` writes them" if not folder.is_dir() else "for the editor"
    if stale := catalogue.editor_schemas_stale:
        state = f"{len(stale)} older than this mcred: `mcred init --editor` writes them anew"
    yield Setting("editor schemas", str(folder), state)
    yield Setting("YAML parser", "libyaml" if C_PARSER else "PyYAML in Python, slower", "as installed")
    for name in ENVIRONMENT:
        if os.environ.get(name):
            yield Setting(name, os.environ[name], "environment")
