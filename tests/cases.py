"""What tests share that run case files in-process: data without a fault, and the catalogue's organisations."""

from functools import cache
from pathlib import Path
from typing import Any

from mcred.document import read
from tests.support import CATALOGUE


@cache
def load(path: Path) -> Any:
    """The data of a file that has to be without a fault."""
    document = read(path.read_bytes())
    assert not document.faults, (path, [fault.message for fault in document.faults])
    return document.data


@cache
def organisations() -> dict[str, Any]:
    """The organisations of the catalogue, by id."""
    return {path.stem: load(path) for path in sorted((CATALOGUE / "organisations").glob("*.yaml"))}
