"""`mcred new`."""

import os
import re
from typing import Annotated

import typer

from mcred.cli.completing import kinds
from mcred.cli.options import Debug, workspace
from mcred.cli.publishing import put
from mcred.cli.targets import newer
from mcred.errors import ExitCode, McredError, UsageError
from mcred.record import KINDS
from mcred.scaffold import ID, editor_line, record
from mcred.text import did_you_mean, one_of, slug
from mcred.workspace import Workspace, context, refuse_links, schema_text, schemas, write


def new(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=f"{one_of(KINDS)}.", autocompletion=kinds)],
    id: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Its id for ever: lower-case letters, digits and hyphens, such as farm-water."
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the record instead of writing it.")] = False,
    debug: Debug = False,
) -> int:
    """Begin a record: a commented file that is right from the start.

    \b
    mcred new micro-credential farm-water
    mcred new organisation hill-country-training --dry-run
    """  # noqa: D301 - \b keeps click from filling the lines
    if kind not in KINDS:
        raise UsageError(f"no kind '{kind}'; there is {one_of(KINDS)}" + did_you_mean(kind, KINDS))
    if not ID.fullmatch(id):
        meant = slug(id)
        raise UsageError(
            f"'{id}' is no id: it has 2 to 80 lower-case letters a to z, digits and single hyphens"
            + (f"; did you mean '{meant}'?" if ID.fullmatch(meant) else "")
        )
    catalogue = workspace()
    newer(catalogue)
    _free(catalogue, id)
    path = catalogue.root / KINDS[kind] / f"{id}.yaml"
    schema = catalogue.editor_schemas / f"{kind}.schema.json"
    text = record(
        kind,
        id,
        schemas().shape(kind),
        editor_line(os.path.relpath(schema, path.parent)),
        catalogue.settings.framework,
    )
    if dry_run:
        put(text)
        return ExitCode.OK
    refuse_links(catalogue.root, [path])
    try:
        write(path, text)
    except FileExistsError:
        raise McredError(
            f"{catalogue.shown(f'{KINDS[kind]}/{id}.yaml')} is there already; nothing was written"
        ) from None
    shown = os.path.relpath(path)
    wrote = f"wrote {shown}\n"
    if not schema.exists():
        write(schema, schema_text(kind), overwrite=True)
        wrote += f"wrote {os.path.relpath(schema)}, from which your editor knows the fields\n"
    put(f"{wrote}next: fill it in, then  mcred validate {shown}\n")
    return ExitCode.OK


def _free(catalogue: Workspace, id: str) -> None:
    """Refuse an id that names something already, also as an earlier id."""
    walk = catalogue.walk()
    if id in context().shipped:
        raise McredError(f"'{id}' is a framework that comes with mcred; choose another id")
    alias = re.compile(rf"^aliases:.*(?:\n[ -].*)*?[\[\s,'\"-]{re.escape(id)}(?:[\],\s'\"]|$)".encode(), re.MULTILINE)
    for entry in catalogue.entries(walk):
        path = entry.source.path
        if path.rpartition("/")[2] == f"{id}.yaml" or (
            id.encode() in entry.source.data and alias.search(entry.source.data)
        ):
            what = "is taken by" if path.endswith(f"/{id}.yaml") else "is an earlier id in"
            raise McredError(f"'{id}' {what} {path}; an id names one thing for ever: choose another")
