"""`mcred decide`."""

import datetime as dt
import difflib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer

from mcred import decide as deciding
from mcred.cli.completing import ids
from mcred.cli.options import AsOf, Debug, look
from mcred.cli.publishing import put
from mcred.cli.records import Register, open_register
from mcred.cli.show import find
from mcred.dates import today
from mcred.diagnostic import Report, Severity, Source
from mcred.edits import CannotEdit, apply
from mcred.errors import ExitCode, McredError, UsageError
from mcred.record import Record
from mcred.reporters import reporter
from mcred.text import inert
from mcred.validation import Context, Entry, Request, load, validate
from mcred.workspace import Workspace, read_bytes, replace

VALUES = ("MC1", "MC205", "MC206")
"""The rules about values as such: their shape, and what they name."""


def decide(
    id: Annotated[str | None, typer.Argument(metavar="[ID]", help="The record.", autocompletion=ids)] = None,
    act: Annotated[
        str | None, typer.Argument(metavar="[ACT]", help="What was done: listed, status-assigned, corrected …")
    ] = None,
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="What the act carries.")] = None,
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day, or the month or year if no more is known.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="ORGANISATION", help="Who decided.")] = None,
    table: Annotated[
        Path | None, typer.Option("--from", metavar="CSV", help="Several decisions: columns record, act, date, by, …")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the change instead of making it.")] = False,
    as_of: AsOf = None,
    debug: Debug = False,
) -> int:
    """Record a decision: appended to the record, checked before it is written.

    \b
    mcred decide worked-example listed --date 2026-11-20 --by example-qualifications-authority number=9001
    mcred decide worked-example status-assigned --date 2026-11-20 --by example-qualifications-authority \\
        status=expiring until=2028-11-20 'because=Another one takes its place.'
    mcred decide worked-example corrected --date 2026-11-21 --by example-provider \\
        decision=listed-2024-02-12 set.date=2024-02-13 'why=The day was mistyped.'
    mcred decide --from decisions.csv --dry-run

    \b
    Nothing is ever rewritten: a mistake is put right by `corrected` (set.KEY=VALUE, or void=true).
    `mcred schema KIND` tells the keys of each act.
    """  # noqa: D301 - \b keeps click from filling the lines
    register = open_register(as_of)
    wanted = _table(table) if table is not None else _one(id, act, keys or [], date, by)
    if table is not None and id is not None:
        raise UsageError("--from names the records; leave ID and ACT out")
    texts = _decided(register, wanted)
    for path, (old, new) in texts.items():
        put(difference(path, old, new))
    changed = {path: new for path, (_, new) in texts.items()}
    _sound(register, changed)
    if dry_run:
        put("nothing was written (--dry-run)\n")
        return ExitCode.OK
    for path, (old, new) in texts.items():
        replace(register.workspace.base / path, old, new)
        put(f"wrote {path}\n")
    return ExitCode.OK


def _sound(register: Register, changed: dict[str, bytes]) -> None:
    """Refuse decisions that bring errors, be it to another record; those that were there before are no reason.

    Raises:
        UsageError: a value is not one that its key may have, or names a record that is not there.
        McredError: the decisions contradict others, or what is required is missing.
    """
    after = recheck(register.workspace, register.context, changed, None, register.day)
    if not after.number(Severity.ERROR):
        return
    before = recheck(register.workspace, register.context, {}, None, register.day)
    known = {each.fingerprint for each in before.diagnostics}
    told = tuple(each for each in after.diagnostics if each.fingerprint not in known)
    errors = [each for each in told if each.severity is Severity.ERROR]
    if not errors:
        return
    report = after._replace(diagnostics=told, checked=after.checked._replace(files=len(changed), records=len(changed)))
    put(reporter("text")(report, look("auto", verbose=False)))
    places = {(each.path, each.pointer) for each in errors if each.rule.startswith(VALUES)}
    if all((each.path, each.pointer) in places for each in errors):
        raise UsageError("nothing was written: a value is not one that may stand there, as told above")
    raise McredError("nothing was written: the record would have the errors above")


def _one(
    id: str | None, act: str | None, keys: Iterable[str], date: str | None, by: str | None
) -> list[tuple[str, str, dict[str, str]]]:
    if id is None or act is None:
        raise UsageError("name the record and the act, or --from a table")
    given = {}
    for text in keys:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"'{text}' is not KEY=VALUE, such as version=2")
        given[key] = value
    own = {"date": date, "by": by}
    return [(id, act, {**{key: value for key, value in own.items() if value is not None}, **given})]


def _table(path: Path) -> list[tuple[str, str, dict[str, str]]]:
    try:
        text = read_bytes(path).decode("utf-8-sig")
        return deciding.table(text)
    except OSError as error:
        raise McredError(f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise McredError(f"{path} is not UTF-8 text: save it as CSV UTF-8") from error
    except deciding.Refused as error:
        raise UsageError(f"{path}: {error}") from error


def _decided(register: Register, wanted: list[tuple[str, str, dict[str, str]]]) -> dict[str, tuple[bytes, bytes]]:
    """The old and new bytes of each file that decisions change; several about one record one after the other."""
    texts: dict[str, tuple[bytes, bytes]] = {}
    records: dict[str, Record] = {}
    for name, act, given in wanted:
        record = find(register, name)
        record = records.get(record.path, record)
        if record.observed:
            raise McredError(f"'{record.id}' is a copy of what others publish: edit it when their page changes")
        old, now = texts.get(record.path) or (register.workspace.read(record.path),) * 2
        shape = register.context.schemas.shape(record.kind)
        try:
            made = deciding.decision(shape, record, act, given)
            new = apply(now, deciding.changes(record, made))
        except deciding.Contradicted as error:
            raise McredError(f"nothing was written: {name}: {error}") from error
        except (deciding.Refused, CannotEdit) as error:
            raise UsageError(f"{name}: {error}") from error
        texts[record.path] = (old, new)
        again = load(Entry(Source(record.path, new), record.kind), register.context)
        records[record.path] = again or record
    return texts


def difference(path: str, old: bytes, new: bytes) -> str:
    """What changes in a file, as a unified diff."""
    lines = difflib.unified_diff(
        old.decode("utf-8").splitlines(), new.decode("utf-8").splitlines(), path, path, n=1, lineterm=""
    )
    return "".join(inert(line) + "\n" for line in lines)


def recheck(
    catalogue: Workspace,
    known: Context,
    changed: dict[str, bytes],
    reported: Callable[[str], bool] | None,
    day: dt.date | None = None,
) -> Report:
    """What changed files come to in the whole catalogue."""
    walk = catalogue.walk()
    entries = (
        entry._replace(source=entry.source._replace(data=changed.get(entry.source.path, entry.source.data)))
        for entry in catalogue.entries(walk)
    )
    request = Request(
        entries=entries,
        again=lambda path: changed.get(path) or catalogue.read(path),
        files=walk.files,
        misplaced=catalogue.misplaced(walk),
        reported=reported,
        as_of=day or today("UTC"),
    )
    return validate(request, known)
