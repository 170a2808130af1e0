"""`mcred show`."""

from typing import Annotated

import typer

from mcred.cli.card import card
from mcred.cli.completing import ids, words
from mcred.cli.frameworks import counting_for
from mcred.cli.options import AsOf, At, Debug
from mcred.cli.publishing import put
from mcred.cli.records import Register, open_register
from mcred.errors import ExitCode, McredError, UsageError
from mcred.query import Row, parts
from mcred.record import Record, derive
from mcred.record.derived import plain
from mcred.text import as_json, did_you_mean, inert, one_of
from mcred.workspace import level_tables

FORMATS = ("text", "json")


def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of a record, or an earlier id.", autocompletion=ids)],
    as_of: AsOf = None,
    at: At = None,
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help=f"{one_of(FORMATS)}.", autocompletion=words(FORMATS))
    ] = "text",
    debug: Debug = False,
) -> int:
    """Show one record: what it is, what was decided, and what follows.

    \b
    mcred show worked-example
    mcred show worked-example --as-of 2025-06-30     as it was in force on that day
    mcred show example-industry-board                what it develops, delivers, endorses
    """  # noqa: D301 - \b keeps click from filling the lines
    if format not in FORMATS:
        raise UsageError(f"--format: no format '{format}'; there is {one_of(FORMATS)}" + did_you_mean(format, FORMATS))
    register = open_register(as_of, at)
    record = find(register, id)
    view = register.view(record)
    row = Row(record, derive(view))
    if format == "json":
        put(_json(register, row))
    else:
        put("".join(inert(line) + "\n" for line in card(register, row, view)))
    return ExitCode.OK


def find(register: Register, name: str) -> Record:
    """The record of an id or an earlier id.

    Raises:
        McredError: there is none; the message names the nearest.
    """
    if name in register.records:
        return register.records[name]
    for record in register.records.values():
        if any(alias == name for _, alias in record.items("aliases")):
            return record
    for path in register.unread:
        if path.rpartition("/")[2] == f"{name}.yaml":
            raise McredError(f"{path} cannot be read: `{register.workspace.validating(path)}` says why")
    raise McredError(f"no record '{name}'" + did_you_mean(name, register.records))


def _json(register: Register, row: Row) -> str:
    document = {
        "schema": "mcred-record/1",
        **register.clocks.plain(),
        "kind": row.record.kind,
        "path": row.record.path,
        "record": row.record.data,
        "derived": plain(row.derived),
        "from": {name: [str(pointer) for pointer in each.pointers] for name, each in row.derived.items()},
        "uncertain": [name for name in row.derived if row.uncertain(name)],
        "rules": [
            {
                "act": count.act or None,
                "day": [day.isoformat() for day in count.day] if count.by != "undated" else None,
                "by": count.by,
                "editions": [
                    {"id": edition.id, "instrument": instrument.id, "title": instrument.title}
                    for instrument, edition in count.rules
                ],
            }
            for count in counting_for(register, row.record)
        ],
        "levels": [each.plain() for each in level_tables(register.context).published(row.record)],
    }
    if row.record.kind == "organisation":
        found = parts(row.record.id, register.views())
        document["parts"] = {name: [part._asdict() for part in of_name] for name, of_name in found.items()}
    return as_json(document, default=str) + "\n"
