"""`mcred conformance`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from mcred.cli.options import Debug
from mcred.cli.publishing import put
from mcred.conformance import KINDS, Difference, Known, Outcome, frameworks_of, misshapen, summed
from mcred.document import read as read_document
from mcred.errors import ExitCode, McredError, UsageError
from mcred.text import as_json, did_you_mean, inert, one_of, plural
from mcred.workspace import context, find, level_tables, read_bytes

FORMATS = ("text", "json")


def conformance(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Case files.")],
    format: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help="'text' or 'json'.")] = "text",
    debug: Debug = False,
) -> int:
    """Run case files about the rules, and tell what differs from what they expect.

    \b
    mcred conformance tests/frameworks/nzqcf/*.yaml

    \b
    Exit codes: 0 all agree, 1 something differs.
    """  # noqa: D301 - \b keeps click from filling the lines
    if format not in FORMATS:
        raise UsageError(f"--format: no format '{format}'" + did_you_mean(format, FORMATS))
    catalogue = find(Path.cwd())
    here = catalogue.context(catalogue.walk()) if catalogue else context()
    known = Known(here.books, here.organisations, level_tables(here))
    read = {file: _read(file) for file in files}
    bases = {file.parent / str(each["base"]) for file, each in read.items() if "base" in each}
    found = summed(result for file in files if file not in bases for result in _run(file, read[file], known))
    put(_json(found) if format == "json" else _text(found))
    return ExitCode.FINDINGS if found.differ else ExitCode.OK


def _run(path: Path, file: Mapping[str, Any], known: Known) -> Iterator[tuple[str, list[Difference]]]:
    kind = str(file.get("kind"))
    if kind not in KINDS:
        raise McredError(
            f"{path}: cases of kind '{kind}' are not known to this mcred; there is {one_of(KINDS)}"
            + did_you_mean(kind, KINDS)
        )
    wrong = misshapen(file)
    if wrong is not None:
        raise McredError(f"{path}: {wrong}")
    base = _read(path.parent / str(file["base"])) if "base" in file else {}
    for framework in frameworks_of(file):
        if framework not in known.books:
            raise McredError(f"{path}: no framework '{framework}'" + did_you_mean(framework, known.books))
    for name, differences in KINDS[kind].run(file, base, known):
        yield f"{path}: {name}", differences


def _read(path: Path) -> Mapping[str, Any]:
    try:
        document = read_document(read_bytes(path))
    except OSError as error:
        raise McredError(f"cannot read {path}: {error.strerror or error}") from error
    if document.data is None or document.faults:
        first = document.faults[0]
        line = first.span.line if first.span else 1
        raise McredError(f"{path}:{line}: {first.message}")
    return document.data


def _text(found: Outcome) -> str:
    lines = []
    for each in found.differ:
        lines += [f"{each.case}: {each.about}: expected {each.expected}, found {each.found}", f"  {each.because}"]
    lines.append(f"{plural(found.cases, 'case')}: {found.agreed} agree, {found.cases - found.agreed} differ")
    return "".join(inert(line) + "\n" for line in lines)


def _json(found: Outcome) -> str:
    document = {"cases": found.cases, "agreed": found.agreed, "differ": [each._asdict() for each in found.differ]}
    return as_json(document, default=str) + "\n"
