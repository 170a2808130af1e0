"""What all tests share: golden files."""

import os
from pathlib import Path

import pytest

UPDATE = "--update-golden"


def pytest_addoption(parser):
    parser.addoption(
        UPDATE,
        action="store_true",
        help="write what the program says into the golden files; read the difference in git",
    )


def pytest_configure(config):
    if config.getoption(UPDATE) and os.environ.get("CI", "").lower() in ("1", "true"):
        raise pytest.UsageError(f"{UPDATE}: golden files are rewritten by a person who reads them, not by CI")


@pytest.fixture
def golden(request):
    """Compare a text with the golden file at a path."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption(UPDATE):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.is_file(), f"{path.name} is missing: run pytest {UPDATE}, and read what it wrote"
        assert text == path.read_text(encoding="utf-8")

    return compare
