"""The schemas that editors read refuse and accept what mcred's own do; no editor is needed to see that."""

import json
from functools import cache

import jsonschema_rs
import pytest

from mcred.document import read
from mcred.record import KINDS, folder_kind
from mcred.workspace import editor_schemas, schemas
from tests.support import ROOT, real_records

EDITOR = {kind: json.loads(text) for kind, text in editor_schemas()}

WRONG = (
    0,
    -1.5,
    2026,
    "",
    " ",
    "a word",
    "two\nlines",
    "2026-13",
    True,
    [],
    [1],
    ["a", "a"],
    {},
    {"none": "why"},
    {"no": 1},
)
"""Values that are right here and wrong there."""


@cache
def validators(kind):
    return jsonschema_rs.Draft202012Validator(EDITOR[kind]), jsonschema_rs.Draft202012Validator(schemas().bundle(kind))


def agree(kind, data):
    editor, own = validators(kind)
    return editor.is_valid(data) == own.is_valid(data)


@pytest.mark.parametrize("kind", EDITOR)
def test_an_editor_accepts_and_refuses_the_same_values(kind):
    """Every value of a record, replaced by each of some others and taken out; in a few records of each kind."""
    assert validators(kind)[1].is_valid({"id": 1}) is False
    of_kind = [data for path, data in real_records().items() if (folder_kind(path) or "catalogue") == kind]
    most = max(of_kind, key=len, default=b"")
    for data in [most, *of_kind[::8]]:
        record = read(data).data
        assert agree(kind, record)
        for changed in variations(record or {}):
            assert agree(kind, record), changed


def variations(record):
    """Change a record in place, one value at a time; each is put back before the next."""
    pending = [record]
    while pending:
        place = pending.pop()
        for key, value in list(place.items() if isinstance(place, dict) else enumerate(place)):
            for other in WRONG:
                place[key] = other
                yield key, other
            place[key] = value
            if isinstance(place, dict):
                del place[key]
                yield key, None
                place[key] = value
            if isinstance(value, dict | list):
                pending.append(value)


@pytest.mark.parametrize("kind", KINDS)
def test_examples_are_right_for_an_editor_too(kind):
    schema = schemas().shape(kind).schema
    for key, field in schema["properties"].items():
        for example in field["examples"]:
            assert agree(kind, {**dict.fromkeys(schema["required"], "an-id"), key: example}), key


def test_the_page_on_editors_names_the_version_that_is_tested():
    locked = json.loads((ROOT / "tests" / "editor" / "package.json").read_text(encoding="utf-8"))
    version = locked["dependencies"]["yaml-language-server"]
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    assert f"version {version.rpartition('.')[0]} of it" in page
