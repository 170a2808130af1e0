"""What an author sees while typing, asked of the language server that editors run.

Texts are those of a file in a catalogue that `mcred init` began; `|` is the cursor.
"""

import json
import re

import pytest

from mcred.edits import flow
from mcred.record import KINDS
from tests.support import CATALOGUE, ROOT, mcred

pytestmark = pytest.mark.editor

FOLDERS = {"catalogue": ".", **KINDS}


def line(kind):
    up = "../" if kind == "catalogue" else "../../"
    return f"# yaml-language-server: $schema={up}.mcred/schemas/{kind}.schema.json\n"


HEAD = line("micro-credential") + "id: farm-water\ntitle: Farm Water\nframework: nzqcf\n"


@pytest.fixture
def record(begun):
    """Return where the file lies that is typed into."""
    return begun / "catalogue" / "micro-credentials" / "farm-water.yaml"


def schema(kind):
    return json.loads((ROOT / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))


def part(name):
    return schema("common")["$defs"][name]


def plain(markdown):
    """Markdown as a person reads it: without the backslashes that keep marks from acting."""
    return re.sub(r"\\([^\w\s])", r"\1", markdown)


# --- hover -----------------------------------------------------------------------------------------------------------


def fields():
    return [
        pytest.param(kind, key, field, id=f"{kind}-{key}")
        for kind in FOLDERS
        for key, field in schema(kind)["properties"].items()
    ]


@pytest.mark.parametrize(("kind", "key", "field"), fields())
def test_hovering_over_a_field_tells_its_title_description_and_examples(server, begun, kind, key, field):
    path = begun / "catalogue" / FOLDERS[kind] / "hovered.yaml"
    shown = plain(server.hover(path, f"{line(kind)}{key[0]}|{key[1:]}: {flow(field['examples'][0])}\n"))
    assert shown.startswith(f"#### {field['title']}\n\n{field['description']}")
    assert shown.count("Example:") == len(field["examples"])


def acts():
    return [
        pytest.param(kind, act := each["if"]["properties"]["act"]["const"], each["then"], id=f"{kind}-{act}")
        for kind, name in (("micro-credential", "decision"), ("equivalency", "equivalency-decision"))
        for each in part(name)["allOf"]
    ]


@pytest.mark.parametrize(("kind", "act", "variant"), acts())
def test_hovering_over_a_key_of_a_decision_tells_what_it_means_for_that_act(server, begun, kind, act, variant):
    path = begun / "catalogue" / FOLDERS[kind] / "decided.yaml"
    own = {key: field for key, field in variant["properties"].items() if isinstance(field, dict)}
    for key, field in {**own, "by": part("decision")["properties"]["by"]}.items():
        value = flow(field["examples"][0])
        shown = plain(server.hover(path, f"{line(kind)}decisions:\n  - act: {act}\n    {key[0]}|{key[1:]}: {value}\n"))
        assert shown.startswith(f"#### {field['title']}\n\n{field['description']}"), key


@pytest.mark.parametrize(
    ("text", "title", "description"),
    [
        ("outcomes:\n  - id: a\n    te|xt: x\n", "Text", part("outcome")["properties"]["text"]["description"]),
        ("outcomes: [{id: a, assessed_|by: [x]}]\n", "Assessed by", "Ids of the assessments that assess it."),
        ("purpose:\n  relevance:\n    - {for: industry, w|hy: x}\n", "Why", ""),
        ("entry: {requirements: [{stan|dard: x}]}\n", "Standard", "A standard that the learner holds already."),
        ("credits: {no|ne: x}\n", "None", "Why it bears no credit."),
        ("developer: {refer|ence: x}\n", "Reference", "The number or code others know it by, quoted."),
        ("decisions:\n  - act: listed\n    conditions: [{id: a, d|ue: 2026}]\n", "Due", "When it has to be met."),
        ("developer: example-pro|vider\n", "Developer", "The organisation that answers for the content today."),
    ],
)
def test_hovering_inside_a_field_tells_of_the_key_there(server, record, text, title, description):
    assert plain(server.hover(record, HEAD + text)).startswith(f"#### {title}\n\n{description}")


# --- completion ------------------------------------------------------------------------------------------------------


def test_a_new_line_is_offered_the_fields_that_are_not_there_yet(server, record):
    assert server.keys(record, HEAD + "|\n") == set(schema("micro-credential")["properties"]) - {
        "id",
        "title",
        "framework",
    }
    assert "level" in server.keys(record, HEAD + "lev|\n")


def test_an_outcome_is_offered_its_keys(server, record):
    assert server.keys(record, HEAD + "outcomes:\n  - id: sample\n    |\n") == set(part("outcome")["properties"]) - {
        "id"
    }


@pytest.mark.parametrize("act", ["listed", "submitted", "status-assigned", "review-completed"])
@pytest.mark.parametrize("style", ["- act: {act}\n    |\n", "- {{act: {act}, i|}}\n"], ids=["block", "flow"])
def test_a_decision_is_offered_the_keys_of_its_act_and_no_others(server, record, act, style):
    (variant,) = (each for each in part("decision")["allOf"] if each["if"]["properties"]["act"]["const"] == act)
    text = "decisions:\n  " + style.format(act=act)
    assert server.keys(record, HEAD + text) == set(variant["then"]["properties"]) - {"act"}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("title_kind: |\n", ["official", "reported", "description"]),
        ("decisions:\n  - act: |\n", part("decision")["properties"]["act"]["enum"]),
        ("decisions:\n  - act: changed\n    kind: |\n", ["significant", "minor"]),
        ("duration: [{amount: 2, unit: |}]\n", part("duration")["properties"]["unit"]["enum"]),
        ("evidence_of_need:\n  - from: |\n", part("party")["enum"]),
    ],
)
def test_a_value_out_of_a_few_is_offered(server, record, text, values):
    assert sorted(server.completions(record, HEAD + text)) == sorted(values)


def test_a_framework_is_offered(server, record):
    text = HEAD.replace("framework: nzqcf", "framework: |")
    assert {"nzqcf", "none"} <= set(server.completions(record, text))


@pytest.mark.parametrize(
    ("key", "begun_as"),
    [
        ("outcomes", "outcomes:\n  - id: "),
        ("decisions", "decisions:\n  - "),
        ("purpose", "purpose:\n  "),
        ("title_kind", "title_kind: "),
        ("developer", "developer: "),
        ("entry", "entry: "),
        ("requires", "requires:\n  - "),
        ("evidence_of_need", "evidence_of_need:\n  - "),
    ],
)
def test_a_field_is_begun_as_what_it_mostly_is(server, record, key, begun_as):
    assert server.accepted(record, HEAD + "|\n", key) == f"{HEAD}{begun_as}\n"


def test_no_offer_invents_a_value(server, record):
    """What stands in a place to fill in is of no use to whoever accepts it unread: an example is not a fact."""
    for key in server.keys(record, HEAD + "|\n"):
        text = server.accepted(record, HEAD + "|\n", key)
        assert set(re.findall("<(.*?)>", text)) <= {"0"}, text


def test_no_offer_is_garbled(server, record):
    for key in schema("micro-credential")["properties"]:
        offers = server.completions(record, f"{HEAD}{key}: |\n")
        assert "[object Object]" not in json.dumps(list(offers.values())), key


# --- problems --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message", "under"),
    [
        ("credits: ten\n", "Incorrect type. Expected one of number, object.", "ten"),
        ("outcomes: {id: a}\n", 'Incorrect type. Expected "array".', "{id: a}"),
        ("hours: {total: x}\n", 'Incorrect type. Expected "number".', "x"),
        ("levle: 3\n", "Property levle is not allowed.", "levle"),
        ("outcomes:\n  - {id: a, texts: b}\n", "Property texts is not allowed.", "texts"),
        ("credits: {nine: x}\n", "Property nine is not allowed.", "nine"),
        ("decisions:\n  - {act: listed, status: x}\n", "Property status is not allowed.", "status"),
        ("decisions:\n  - act: changed\n    summary: x\n", 'Missing property "kind".', "a"),
        ("ownership: mine\n", 'Value is not accepted. Valid values: "regional", "national", "provider".', "mine"),
        ("level: 3\nlevel: 4\n", "Map keys must be unique", "level: 4"),
        ("purpose: {statement: Wai\U0001f30a, use: nz}\n", 'Incorrect type. Expected "array".', "nz"),
    ],
)
def test_what_is_wrong_is_underlined(server, record, text, message, under):
    found = server.problems(record, HEAD + text)
    assert (message, under) in [(each.message, each.under) for each in found], found
    last = HEAD.count("\n") + text.count("\n")
    assert [each.line for each in found if each.message == message] == [last if "summary" not in text else last - 1]


def test_what_does_not_have_its_form_is_told_in_words(server, record):
    text = "decisions:\n  - {act: listed, date: 2024-13-01}\n"
    assert [(each.message, each.under) for each in server.problems(record, HEAD + text)] == [
        ("expected a date such as 2026-11-22, 2026-11 or 2026", "2024-13-01")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_record_has_no_problem_and_neither_have_its_examples(server, begun, kind):
    done = mcred("new", kind, f"new-{kind}", cwd=begun)
    assert done.code == 0, done.err
    path = begun / "catalogue" / KINDS[kind] / f"new-{kind}.yaml"
    text = path.read_text(encoding="utf-8")
    assert server.problems(path, text) == []
    head, _, offered = text.partition("\n\n")
    uncommented = re.sub(r"(?m)^# ", "", offered)
    assert uncommented != offered
    assert server.problems(path, f"{head}\n\n{uncommented}") == []


def test_the_real_catalogue_has_no_problem(server):
    """In a fresh clone, without any command run: the schemas that its lines name are committed."""
    records = sorted(CATALOGUE.rglob("*.yaml")) + sorted((ROOT / "schemas" / "frameworks").glob("*.yaml"))
    found = server.problems_of(records)
    assert CATALOGUE / "micro-credentials" / "worked-example.yaml" in found
    assert {path.relative_to(ROOT).as_posix(): each for path, each in found.items() if each} == {}


# --- which schema ----------------------------------------------------------------------------------------------------


def test_settings_find_the_schema_of_a_file_without_a_line(server, begun):
    nested = begun / "catalogue" / "organisations" / "south" / "without-line.yaml"
    assert server.keys(nested, "|\n") == set(schema("organisation")["properties"])
    assert server.keys(begun / "catalogue" / "catalogue.yaml", "|\n") == set(schema("catalogue")["properties"])


def test_the_line_of_a_file_outweighs_its_folder(server, begun):
    path = begun / "catalogue" / "organisations" / "with-line.yaml"
    assert server.keys(path, line("standard") + "|\n") == set(schema("standard")["properties"])


def test_a_line_that_leads_nowhere_is_said(server, record):
    (problem,) = server.problems(record, HEAD.replace("../../", "../", 1))
    assert problem.message.startswith("Unable to load schema from ")
