"""The pages on the record format are those that the schemas make, and leave nothing out."""

import json
import re

import pytest

from mcred.document import read
from mcred.record.derived import TABLE
from tests.support import ROOT
from tools import docs_format

FOLDER = docs_format.FOLDER
PAGES = docs_format.pages()
DESCRIBED = docs_format.described()

FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def schema(kind):
    return json.loads((ROOT / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_schemas_make(name, golden):
    golden(FOLDER / f"{name}.md", PAGES[name])


def test_there_is_no_other_page_and_all_are_listed():
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted([*PAGES, "README"])
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in PAGES if f"]({name}.md)" not in listed] == []


@pytest.mark.parametrize("kind", DESCRIBED)
def test_every_field_is_told_with_its_title_description_and_examples(kind):
    told = re.split(r"^## `(.+)`$", PAGES[kind], flags=re.MULTILINE)[1:]
    sections = dict(zip(told[::2], told[1::2], strict=True))
    fields = schema(kind)["properties"]
    assert list(sections)[: len(fields)] == list(fields)
    for key, field in fields.items():
        assert f"**{field['title']}.**" in sections[key]
        assert field["description"] in sections[key]
        examples = [read(each.encode()).data for each in FENCE.findall(sections[key])]
        assert examples == [{key: example} for example in field["examples"]], key
        assert examples, key


def keys_of(part):
    """Every key that a schema lets an object have, at any depth, with its schema."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("properties", "$defs"):
                yield from value.items() if key == "properties" else ()
                for each in value.values():
                    yield from keys_of(each)
            elif key in ("items", "then", "additionalProperties", "allOf"):
                for each in value if isinstance(value, list) else [value]:
                    yield from keys_of(each)


@pytest.mark.parametrize("kind", [*DESCRIBED, "common"])
def test_no_key_is_left_out_at_any_depth(kind):
    page = PAGES.get(kind) or PAGES["parts"] + PAGES["decisions"]
    all_keys = [(key, field["description"]) for key, field in keys_of(schema(kind)) if isinstance(field, dict)]
    assert len(all_keys) > 5
    beside = set(re.findall(r"`([a-z_]+)`", " ".join(re.findall(r"\(with (.+?)\) \|", page))))
    assert [key for key, text in all_keys if docs_format.cell(text) not in page and key not in beside] == []


def parts():
    for name, part in schema("common")["$defs"].items():
        yield pytest.param(docs_format.OF_DECISIONS.get(name, part["title"]), part, id=name)


@pytest.mark.parametrize(("heading", "part"), list(parts()))
def test_every_key_of_a_part_is_told(heading, part):
    page = PAGES["decisions" if heading in docs_format.OF_DECISIONS.values() else "parts"]
    sections = re.split(rf"^##+ {re.escape(heading)}(?: \(.+\))?$", page, flags=re.MULTILINE)[1:]
    assert any(section.startswith(f"\n\n{part['description']}") for section in sections) or page == PAGES["decisions"]
    keys = part.get("properties", {})
    assert any(all(row(section, *each) for each in keys.items()) for section in sections)


def row(section, key, field):
    """Whether a key has its row in the table of a section, or stands in the row of the date that it is about."""
    date = key.removesuffix("_is").removesuffix("_source")
    if re.search(rf"^\| `{date}`(?:, needed)? \(with [^|]*`{key}`", section, re.MULTILINE):
        return True
    told = re.escape(docs_format.cell(field["description"]))
    return re.search(rf"^\| `{key}`(?:, needed)?(?: \(.+?\))? \| .+ \| {told}", section, re.MULTILINE)


@pytest.mark.parametrize("name", docs_format.OF_DECISIONS)
def test_every_act_is_told_with_its_own_keys(name):
    part = schema("common")["$defs"][name]
    section = PAGES["decisions"].partition(f"## {docs_format.OF_DECISIONS[name]}\n")[2]
    for each in part["allOf"]:
        act = each["if"]["properties"]["act"]["const"]
        told = re.split(rf"^### `{act}`.*$", section, maxsplit=1, flags=re.MULTILINE)[1].partition("\n##")[0]
        assert docs_format.ACTS[act] in told
        own = [key for key, field in each["then"]["properties"].items() if isinstance(field, dict)]
        rows = re.findall(r"^\| (.+?) \|", told.partition("|---|\n")[2], re.MULTILINE)
        assert [key for each in rows for key in re.findall("`(.+?)`", each)] == own


def test_acts_are_those_of_the_schemas():
    defs = schema("common")["$defs"]
    acts = [act for name in docs_format.OF_DECISIONS for act in defs[name]["properties"]["act"]["enum"]]
    assert set(docs_format.ACTS) == set(acts)


def test_every_derived_value_is_told():
    told = re.findall(r"^\| `([a-z_]+)` \|.* \*\*(.+?)\.\*\* (.+) \|$", PAGES["derived"], re.MULTILINE)
    assert told == [(name, field.title, field.description) for name, field in TABLE.items()]


def test_no_type_is_left_without_words():
    for name, page in PAGES.items():
        assert not re.search(r"\| +\||\*\*\.|None|\{'", page.replace("**None.**", "").replace("| None ", "")), name


def test_the_command_says_what_it_would_write_and_writes_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(docs_format, "ROOT", tmp_path)
    monkeypatch.setattr(docs_format, "FOLDER", tmp_path)
    assert docs_format.main() == 0
    assert docs_format.main("--check") == 0
    (tmp_path / "parts.md").write_text("something else\n")
    capsys.readouterr()
    assert docs_format.main("--check") == 1
    assert capsys.readouterr().out == "parts.md is not what would be written\n"
    assert docs_format.main() == 0
    assert (tmp_path / "parts.md").read_text(encoding="utf-8") == PAGES["parts"]
    assert docs_format.main("--chekc") == 2
