"""The JSON Schemas: what they may use, what they tell an author, and that two validators read them alike."""

import json
import re
import time

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import strategies as st

from mcred.record import KINDS
from mcred.shape.faults import KEYWORDS
from mcred.shape.schemas import STRUCTURAL
from tests.support import ROOT, context, holds

FILES = {path.name.removesuffix(".schema.json"): path for path in sorted((ROOT / "schemas").glob("*.schema.json"))}
SCHEMAS = {name: json.loads(path.read_text()) for name, path in FILES.items()}
RECORDS = sorted({*KINDS, "catalogue"})
"""The schemas of records; others describe what the program writes."""

ALLOWED = frozenset(
    "$schema $id $defs $ref title description examples default type properties patternProperties required "
    "additionalProperties propertyNames items enum const pattern minimum maximum exclusiveMinimum minLength maxLength "
    "minItems maxItems minProperties uniqueItems allOf if then else".split()
)
OWN = frozenset("x-references x-unique x-format x-relation x-typed-by x-expected x-keys x-key-hint".split())
FORMATS = frozenset("date document clause pointer url range text-or-none".split())
RELATIONS = frozenset("requires part_of replaces replaced_by successors credit-towards".split())
TYPED_BY = frozenset("levels statuses regimes".split())


def parts(schema, where=""):
    """Return every schema inside a schema, with its place; what are mere names and values is passed over."""
    if not isinstance(schema, dict):
        return
    yield where, schema
    for key in ("properties", "patternProperties", "$defs"):
        for name, inner in schema.get(key, {}).items():
            yield from parts(inner, f"{where}/{key}/{name}")
    for key in ("items", "additionalProperties", "propertyNames", "then", "else"):
        yield from parts(schema.get(key), f"{where}/{key}")
    for number, inner in enumerate(schema.get("allOf", [])):
        yield from parts(inner, f"{where}/allOf/{number}")


ALL = [(name, where, part) for name in (*RECORDS, "common") for where, part in parts(SCHEMAS[name])]
FIELDS = {
    name: [
        (f"{where}/{key}", field)
        for other, where, part in ALL
        for key, field in part.get("properties", {}).items()
        if other == name and field is not True
    ]
    for name in (*RECORDS, "common")
}
"""Of each file the fields of all its objects, with their places; `true` repeats a field that is said elsewhere."""


def test_there_is_a_schema_for_every_kind():
    assert set(RECORDS) <= set(SCHEMAS)
    assert set(SCHEMAS) - set(RECORDS) >= {"common"}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name):
    schema = SCHEMAS[name]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == FILES[name].name
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema_rs.meta.validate(schema)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_bundle_stands_alone(kind):
    bundle = context().schemas.bundle(kind)
    jsonschema.Draft202012Validator.check_schema(bundle)
    jsonschema_rs.Draft202012Validator(bundle)
    names = set(bundle.get("$defs", {}))
    used = {part["$ref"] for _, part in parts(bundle) if "$ref" in part}
    assert used <= {f"#/$defs/{name}" for name in names}
    assert names == {reference.rpartition("/")[2] for reference in used}, "what nothing refers to is left out"


def test_every_keyword_is_allowed_and_has_a_way_to_be_told():
    used = {key for _, _, part in ALL for key in part}
    assert used <= ALLOWED | OWN
    assert {key for key in used if not key.startswith("x-")} <= set(KEYWORDS) | STRUCTURAL
    assert not set(KEYWORDS) & STRUCTURAL


@pytest.mark.parametrize("name", FIELDS)
def test_a_schema_keeps_to_the_conventions(name):
    for where, part in ((where, part) for other, where, part in ALL if other == name):
        if "$ref" in part:
            local = "#/$defs/" if name == "common" else "common.schema.json#/$defs/"
            assert part["$ref"].startswith((local, "#/$defs/")), where
        if "patternProperties" in part:
            assert list(part["patternProperties"]) == ["^x-"], where
        if "if" in part:
            (test,) = part["if"]["properties"].items()
            assert part["if"] == {"properties": dict([test]), "required": [test[0]]}, where
            assert test[1].keys() in ({"const"}, {"enum"}), where
        types = part.get("type", [])
        assert "null" not in ([types] if isinstance(types, str) else types), where
        variants = [choice["then"] for choice in part.get("allOf", ()) if "then" in choice]
        if "properties" in part and not variants and not where.endswith("/then"):
            assert "additionalProperties" in part, f"{where}: a misspelt field passes"
            if part["additionalProperties"] is False:
                assert "patternProperties" in part, f"{where}: a field of the catalogue's own does not pass"
        for variant in variants:
            target = SCHEMAS[name]["$defs"][variant["$ref"].rpartition("/")[2]] if "$ref" in variant else variant
            assert target["additionalProperties"] is False, where
            assert "patternProperties" in target, where


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_teaches_its_author(name):
    for where, field in FIELDS[name]:
        assert {"title", "description", "examples"} <= field.keys(), where
        assert 1 <= len(field["title"]) <= 60, where
        assert field["title"] == field["title"].strip(" ."), where
        assert 5 <= len(field["description"]) <= 400, where
        assert field["description"].endswith((".", "`", ")")), where
        assert field["examples"], where


def _local(value):
    return json.loads(json.dumps(value).replace("common.schema.json#/$defs/", "#/$defs/"))


@pytest.mark.parametrize("name", FIELDS)
def test_the_examples_of_a_field_are_valid(name):
    defs = _local({**SCHEMAS["common"]["$defs"], **SCHEMAS[name].get("$defs", {})})
    for where, field in FIELDS[name]:
        schema = {**_local(field), "$defs": defs}
        slow, quick = jsonschema.Draft202012Validator(schema), jsonschema_rs.Draft202012Validator(schema)
        for example in field["examples"]:
            assert [error.message for error in slow.iter_errors(example)] == [], (where, example)
            assert quick.is_valid(example), (where, example)
            assert _dates_exist(example), (where, example)


def _dates_exist(value):
    return not re.search(r"\b[0-9]{4}-(02-3[01]|(04|06|09|11)-31)\b", json.dumps(value))


def test_marks_say_what_the_code_knows():
    for _name, where, part in ALL:
        references = part.get("x-references", [])
        if isinstance(references, str):
            assert re.fullmatch(r"#/[a-z_]+(/\*/[a-z_]+)?", references), where
        else:
            assert set(references) <= set(KINDS), where
        assert part.get("x-format", "url") in FORMATS, where
        assert part.get("x-relation", "requires") in RELATIONS, where
        assert part.get("x-typed-by", "levels") in TYPED_BY, where
        if "x-unique" in part:
            assert "array" in part.get("type", ()), where


PATTERNS = sorted({part["pattern"] for _, _, part in ALL if "pattern" in part} | {"^x-"})
COMMON = re.compile(
    r"(?:[^\\\[\](){}.*+?|^$]|\\[\\tnr.*+?|(){}\[\]^$/-]|\[\^?(?:[^\\\]]|\\[\\tnr\]\[^-])+\]|[()|^$*+?]|\.|\(\?:|\{[0-9]+(?:,[0-9]*)?\})*"
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_keeps_to_what_both_engines_read_alike(pattern):
    assert COMMON.fullmatch(pattern), "only literals, classes in brackets, groups and counts"
    assert not re.search(r"\\[wWdDsSbBpPAZz]|\(\?[^:]|\(\?P|\\[0-9]", pattern)


@holds(
    st.sampled_from(PATTERNS),
    st.one_of(
        st.text(max_size=12),
        st.text("abcxyzABC0129-/~_. \t\r\nāé:htps*", max_size=16),
        st.sampled_from(
            [
                "2026-11-22",
                "2026-11",
                "2026",
                "rest",
                "en",
                "mi-NZ",
                "NZD",
                "https://a.b/c",
                "/a/0/-",
                "a-b-c",
                "x-own",
                "90d",
            ]
        ),
    ),
    quick=400,
    thorough=5000,
)
def test_a_pattern_means_the_same_to_both_validators(pattern, text):
    from mcred.shape.explainer import explainer

    schema = {"pattern": pattern}
    assert explainer(schema).is_valid(text) == jsonschema_rs.Draft202012Validator(schema).is_valid(text)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_takes_no_time_on_a_long_text(pattern):
    for text in (
        "a" * 100_000,
        "a-" * 50_000 + "!",
        "0" * 100_000 + "!",
        "/a" * 50_000 + "~",
        " " * 100_000,
        "a b " * 25_000 + "\n",
    ):
        began = time.process_time()
        re.search(pattern, text)
        assert time.process_time() - began < 0.25


def test_a_root_asks_for_no_more_than_what_makes_a_draft():
    required = {kind: set(SCHEMAS[kind].get("required", [])) for kind in RECORDS}
    assert required["micro-credential"] == {"id", "title", "framework"}
    assert required["standard"] == {"id"}
    for kind in set(RECORDS) - {"micro-credential", "standard", "catalogue", "framework", "group"}:
        assert {"id", "title"} <= required[kind], kind
        assert required[kind] <= {"id", "title", "framework"}, kind


def test_every_object_lets_fields_of_the_catalogues_own_pass():
    for kind in RECORDS:
        assert "^x-" in SCHEMAS[kind]["patternProperties"], kind
