"""No country is in the program: its words are in the files of frameworks and organisations, and nowhere in the code.

What is looked for comes from those files, so that another country is looked for as soon as it has one. Docstrings are
left out: those of commands are their help, whose examples name the frameworks that come with mcred.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cases import load
from tests.support import CATALOGUE, ROOT

FRAMEWORKS = [load(path) for path in sorted((ROOT / "schemas/frameworks").glob("*.yaml"))]
TABLES = [load(path) for path in sorted((ROOT / "schemas/level-references").glob("*.yaml"))]
ORGANISATIONS = [load(path) for path in sorted((CATALOGUE / "organisations").glob("*.yaml"))]
CODE = sorted((ROOT / "src").rglob("*.py"))

COMMON = {
    "micro-credential": "the kind of record that all of this is about",
    "listing": "a document, and what stands in any register",
    "approval": "the format's own word for the act",
    "approval to deliver": "the format's own word for the act",
    "CI": "the variable by which a service for automatic checks is known",
}
"""Words of a framework that are also words of the format."""


def forms(text: Any) -> list[str]:
    return list(text.values()) if isinstance(text, dict) else [text] if isinstance(text, str) else []


def words() -> Iterator[str]:
    """The ids, titles, terms and countries of all frameworks, and the ids, titles and countries of organisations."""
    for head in FRAMEWORKS:
        yield from (head["id"], *forms(head["title"]), *head.get("countries", ()))
        for text in (*head.get("terms", {}).values(), *(other["text"] for other in head.get("other_terms", ()))):
            yield from forms(text)
        regimes = head["regimes"] if isinstance(head.get("regimes"), list) else ()
        editions = (edition for each in head.get("instruments", ()) for edition in each["editions"])
        yield from (each["id"] for each in (*regimes, *editions))
    for table in TABLES:
        yield from (table["from"], table["to"], *forms(table.get("from_title")), *forms(table.get("to_title")))
    for each in ORGANISATIONS:
        names = (each["title"], *each.get("other_titles", ()))
        yield from (each["id"], *(form for name in names for form in forms(name)))
        if "country" in each:
            yield each["country"]


WORDS = sorted(set(words()) - COMMON.keys())


def said(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string of a module but its docstrings, and every name, each with its line."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | statements:
            yield node.lineno, node.value
        for key in ("id", "name", "attr", "arg"):
            if isinstance(name := getattr(node, key, None), str):
                yield getattr(node, "lineno", 0), name.replace("_", "-")


@pytest.fixture(scope="module")
def pattern():
    """Return what finds any of the words, whole and as they are written; a code of two letters only where it stands alone."""
    codes, longer = ([re.escape(word) for word in WORDS if (len(word) == 2) is short] for short in (True, False))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(longer)})(?![\w-])|^(?:{'|'.join(codes)})$")


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT / "src").as_posix())
def test_the_code_names_no_country(path: Path, pattern):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [(line, match[0]) for line, text in said(tree) for match in pattern.finditer(text)]
    assert found == []


def test_what_is_looked_for_would_be_found(pattern):
    code = (
        'if level == "nzqcf" or country == "FJ":\n    nz_2023 = re.compile("pqf|aqf")\n    say("micro-qualification")\n'
    )
    found = [match[0] for _, text in said(ast.parse(code)) for match in pattern.finditer(text)]
    assert sorted(found) == ["FJ", "aqf", "micro-qualification", "nz-2023", "nzqcf", "pqf"]


def test_no_word_is_let_pass_for_nothing():
    code = "\n".join(text for path in CODE for _, text in said(ast.parse(path.read_text(encoding="utf-8"))))
    assert [word for word in COMMON if word not in {*words()} or word not in code] == []
