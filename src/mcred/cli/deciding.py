"""Recording decisions: appended to their records, shown, checked in the whole catalogue, and written all or none."""

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mcred import decide as deciding
from mcred.cli.committing import Commit, Recorded, message
from mcred.cli.options import look
from mcred.cli.publishing import put, put_pieces
from mcred.cli.records import Register
from mcred.cli.show import find
from mcred.dates import today
from mcred.diagnostic import Report, Severity, Source
from mcred.document.limits import LARGEST
from mcred.edits import CannotEdit, apply
from mcred.errors import McredError, UsageError
from mcred.history import File, Recording
from mcred.record import Record
from mcred.reporters import reporter
from mcred.text import inert
from mcred.validation import Context, Entry, Request, load, validate
from mcred.workspace import Workspace, alone, read_bytes, replace

VALUES = ("MC1", "MC205", "MC206")
"""The rules about values as such: their shape, and what they name."""


class Wanted(NamedTuple):
    """A decision to be recorded: about which record, the act, and what it carries once the record is known.

    `where` says where it was asked for, such as a line of a table; nothing for the command line.
    """

    record: str
    act: str
    keys: Callable[[Record], Mapping[str, Any]]
    where: str = ""


def record_decisions(
    register: Register, wanted: Iterable[Wanted], dry_run: bool, commit: Commit | None = None
) -> list[Recorded]:
    """Append decisions to their records, show what changes, and write it unless it is a dry run or brings an error.

    Where a commit is wanted, one is made of these files; whatever stands in its way is told before anything is written.

    Raises:
        UsageError: a value is not one that its key may have, or names a record that is not there.
        McredError: a decision contradicts others, or what is required is missing.
    """
    texts: dict[str, tuple[bytes, bytes]] = {}
    records: dict[str, Record] = {}
    recorded: list[Recorded] = []
    for each in wanted:
        made = _appended(register, each, texts, records)
        records[made.record.path] = made.record
        recorded.append(made)
    for path, (old, new) in texts.items():
        put(difference(path, old, new))
    _sound(register, {path: new for path, (_, new) in texts.items()})
    files = [File(path, old, new) for path, (old, new) in texts.items()]
    recording = Recording(register.workspace.base, files, commit.branch) if commit is not None and files else None
    if dry_run:
        put("nothing was written (--dry-run)\n")
        return recorded
    for path, (old, new) in texts.items():
        replace(register.workspace.base / path, old, new)
        put(f"wrote {path}\n")
    if recording is not None:
        with alone(register.workspace.base):
            done = recording.commit(message(recorded))
        put(f"committed as {done.commit[:12]} on the branch '{inert(done.branch)}'\n")
    return recorded


def _appended(
    register: Register, wanted: Wanted, texts: dict[str, tuple[bytes, bytes]], records: Mapping[str, Record]
) -> Recorded:
    """One decision and its record with it; `texts` has the old and new bytes of each file, `records` what they hold."""
    where = f"{wanted.where}: " if wanted.where else ""
    try:
        return _decided(register, wanted, texts, records)
    except deciding.Contradicted as error:
        raise McredError(f"nothing was written: {where}{wanted.record}: {error}") from error
    except (deciding.Refused, CannotEdit) as error:
        raise UsageError(f"{where}{wanted.record}: {error}") from error
    except McredError as error:
        raise type(error)(f"{where}{error}") from error


def _decided(
    register: Register, wanted: Wanted, texts: dict[str, tuple[bytes, bytes]], records: Mapping[str, Record]
) -> Recorded:
    record = find(register, wanted.record)
    record = records.get(record.path, record)
    if record.observed:
        raise McredError(f"'{record.id}' is a copy of what others publish: edit it when their page changes")
    shape = register.context.schemas.shape(record.kind)
    deciding.known(shape, record, wanted.act)
    made = deciding.decision(shape, record, wanted.act, wanted.keys(record))
    old, now = texts.get(record.path) or (register.workspace.read(record.path),) * 2
    new = apply(now, deciding.changes(record, made))
    texts[record.path] = (old, new)
    return Recorded(load(Entry(Source(record.path, new), record.kind), register.context) or record, made)


def _sound(register: Register, changed: dict[str, bytes]) -> None:
    """Refuse decisions that bring errors, be it to another record, and tell of warnings.

    What was there before is neither a reason nor told.

    Raises:
        UsageError: a value is not one that its key may have, or names a record that is not there.
        McredError: the decisions contradict others, or what is required is missing.
    """
    after = recheck(register.workspace, register.context, changed, None, register.day)
    if not after.number(Severity.ERROR) and not after.number(Severity.WARNING):
        return
    before = recheck(register.workspace, register.context, {}, None, register.day)
    known = {each.fingerprint for each in before.diagnostics}
    told = tuple(each for each in after.diagnostics if each.fingerprint not in known)
    if all(each.severity is Severity.NOTE for each in told):
        return
    report = after._replace(diagnostics=told, checked=after.checked._replace(files=len(changed), records=len(changed)))
    put_pieces(reporter("text")(report, look("auto", verbose=False)))
    errors = [each for each in told if each.severity is Severity.ERROR]
    if not errors:
        return
    places = {(each.path, each.pointer) for each in errors if each.rule.startswith(VALUES)}
    if all((each.path, each.pointer) in places for each in errors):
        raise UsageError("nothing was written: a value is not one that may stand there, as told above")
    raise McredError("nothing was written: the record would have the errors above")


def read_table(path: Path) -> str:
    """The text of a table that decisions are to be taken from.

    Raises:
        McredError: it cannot be read, is too large to be taken whole, or is not UTF-8.
    """
    try:
        data = read_bytes(path)
    except OSError as error:
        raise McredError(f"cannot read {path}: {error.strerror or error}") from error
    if len(data) > LARGEST:
        raise McredError(f"{path} is larger than {LARGEST // 1024} KiB: take it in parts")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise McredError(f"{path} is not UTF-8 text: save it as CSV UTF-8") from error


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
