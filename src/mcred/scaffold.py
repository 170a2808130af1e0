"""New records from the schemas: what is needed filled in, everything else there as a comment with what it is for."""

import re
from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from mcred.edits import block, flow
from mcred.shape import Shape

ID = re.compile(r"(?=.{2,80}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
"""What an id looks like."""

WIDTH = 110


def editor_line(path: str) -> str:
    """The line by which an editor finds the schema; the path is relative to the record."""
    return f"# yaml-language-server: $schema={path.replace(chr(92), '/')}\n"


def record(kind: str, id: str, shape: Shape, editor: str, framework: str | None = None) -> str:
    """A record that validates as it stands; taking the `# ` away from a field gives a valid field too."""
    fields = shape.fields(shape.schema, {})
    given = _given(kind, id, fields, shape.schema.get("required", []), framework)
    lines = [
        editor.rstrip("\n"),
        f"## {_sentence(shape.schema['description'])}",
        "## Take '# ' away from the fields you fill in, and delete the others. `mcred validate` says what is wrong.",
        *([f"## `mcred ready {id}` says what is still missing."] if "stage" in given else []),
        *(f"{key}: {flow(value)}" for key, value in given.items()),
    ]
    for key, field in fields.items():
        if key not in given:
            lines += ["", *_offered(key, shape.resolved(field))]
    return "\n".join(lines) + "\n"


def _given(kind: str, id: str, fields: dict[str, Any], required: list[str], framework: str | None) -> dict[str, Any]:
    given: dict[str, Any] = {"id": id}
    title = id.replace("-", " ")
    for key in fields:
        if key == "title" and key in required:
            given[key] = title[:1].upper() + title[1:]
        elif key == "framework" and key in required:
            given[key] = framework or "none"
        elif key == "stage":
            given[key] = "draft"
        elif key in required and key != "id":
            given[key] = fields[key].get("examples", [""])[0]
    return {key: given[key] for key in ("id", "title", *given) if key in given}


def _sentence(text: str) -> str:
    return text if len(text) < WIDTH else text.split(". ", maxsplit=1)[0].rstrip(".") + "."


def _wrapped(text: str) -> list[str]:
    """Lines of a text, never broken inside backticks."""
    kept = re.sub(r"`[^`]*`", lambda match: match[0].replace(" ", "\0"), text)
    return [line.replace("\0", " ") for line in wrap(kept, WIDTH, break_long_words=False, break_on_hyphens=False)]


def _offered(key: str, field: dict[str, Any]) -> Iterator[str]:
    """A field as comments: what it is for, then an example to fill in."""
    for line in _wrapped(field.get("description", field.get("title", key))):
        yield f"## {line}"
    yield from (f"# {line}" for line in block(key, field.get("examples", [""])[0]))


def example(value: Any) -> str:
    """A value as an example of its own: a list of objects has one a line."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "\n".join(f"- {flow(item)}" for item in value)
    return flow(value)


def catalogue_file(title: str, framework: str, timezone: str, editor: str) -> str:
    """`catalogue.yaml` of a new catalogue."""
    return f"""{editor}# This file marks the root of a catalogue; records lie in the folders beside it: `mcred new`.
format: 1
title: {flow(title)}
timezone: {timezone}                # whose calendar says what day it is
languages: [en]                           # the first is the one in which rules hold
framework: {framework}                          # of new records
"""


def editor_settings(folders: dict[str, str], root: str) -> dict[str, Any]:
    """Settings for VS Code: each folder's schema, and what keeps records as they should be."""
    return {
        "yaml.schemas": {
            ".mcred/schemas/catalogue.schema.json": f"{root}/catalogue.yaml",
            **{f".mcred/schemas/{kind}.schema.json": f"{folder}/**/*.yaml" for kind, folder in folders.items()},
        },
        "yaml.yamlVersion": "1.2",
        "yaml.schemaStore.enable": False,
        "yaml.format.enable": False,
        "[yaml]": {"editor.insertSpaces": True, "editor.tabSize": 2, "editor.quickSuggestions": {"strings": True}},
        "files.encoding": "utf8",
        "files.eol": "\n",
    }
