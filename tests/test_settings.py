"""What `catalogue.yaml` may say: every key is known, described on the page about trust, and softens nothing."""

import json
import re

import pytest

from mcred.workspace import schemas
from tests.support import AS_OF, ROOT, made, mcred
from tests.test_rules import files, fixtures

PAGE = (ROOT / "docs/security.md").read_text("utf-8").partition("## What settings can do")[2]
DOES = dict(re.findall(r"^\| `([\w.]+)` \| (\w+) \| .+ \|$", PAGE, re.MULTILINE))


def keys(schema, before=""):
    """Each key of the schema with examples of its value; of a key that holds others, those."""
    for name, about in schema["properties"].items():
        if inside := about.get("properties"):
            yield from keys({"properties": inside}, f"{before}{name}.")
        elif about.get("type") != "object":
            yield f"{before}{name}", about["examples"]


KEYS = dict(keys(schemas().bundle("catalogue")))


def test_the_page_lists_every_key():
    assert list(DOES) == list(KEYS)
    assert set(DOES.values()) <= {"describes", "tightens", "chooses"}


# --- no value softens ------------------------------------------------------------------------------------------------

POLICY = """\
format: 1
id: example-provider-policy
title: Policy of Example Provider
extends: nzqcf
applies_to: {at: /developer, one_of: [example-provider]}
instruments:
  - {id: policy, kind: policy, title: Quality policy, editions: [{id: first, from: 2020-01-01}]}
clauses:
  - id: remarks
    summary: There are remarks.
    instrument: policy
    citation: "1"
    basis: policy
    governs: content
    from_stage: draft
    severity: error
    covered_by: requirement
    test: present
    at: /remarks
    values: [{edition: first}]
"""

LISTED = """\
id: too-many-credits
title: Too Many Credits
framework: nzqcf
level: 3
credits: 500
developer: example-provider
decisions: [{act: submitted, date: 2025-03-01, by: example-provider, to: example-provider, for: new}]
"""


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    """A register with one shipped fixture of each rule about a micro-credential, and an error of a framework."""
    found = {}
    for fixture in (param.values[0] for param in fixtures("bad") if param.values[0].is_file()):
        (file,) = files(fixture)
        if file.make == "file" and file.path.startswith("micro-credentials/") and len(file.data) < 2_000:
            found.setdefault(f"micro-credentials/{fixture.parent.name.lower()}.yaml", file.data)
    found["micro-credentials/too-many-credits.yaml"] = LISTED
    found["organisations/example-provider.yaml"] = "id: example-provider\ntitle: Example Provider\n"
    found["policies/example-provider-policy.yaml"] = POLICY
    return made(tmp_path_factory.mktemp("settings"), found)


def errors(register, settings):
    """The errors under some settings: those of the records, those of the settings, and what was not checked."""
    (register / "catalogue.yaml").write_text(json.dumps({"format": 1, **settings}))
    ran = mcred("validate", "--format", "json", "--as-of", AS_OF, cwd=register)
    assert ran.code in (1, 3), ran
    if not ran.out:
        return None
    found = [each for each in ran.json["findings"] if each["severity"] == "error"]
    own = "catalogue/catalogue.yaml"
    of_records = {(each["rule"], each["path"], each["pointer"]) for each in found if each["path"] != own}
    return of_records, [each for each in found if each["path"] == own], ran.json["not_checked"]


@pytest.fixture(scope="module")
def without(register):
    found, own, not_checked = errors(register, {})
    assert own == []
    assert not [each for each in not_checked if each["path"].endswith("too-many-credits.yaml")]
    assert {"nzqcf.credits", "MC102", "MC205"} <= {rule for rule, _, _ in found}
    return found


def nested(key, value):
    """The settings that have a value at a key such as `settings.x.y`."""
    for name in reversed(key.split(".")):
        value = {name: value}
    return value


ODD = ([], "no-such-thing", 0, None, {"x": 1})
VALUES = [
    *(pytest.param(nested(key, value), id=f"{key}-{json.dumps(value)}") for key in KEYS for value in KEYS[key]),
    *(pytest.param(nested("policies", value), id=f"policies-{json.dumps(value)}") for value in (["no-such-policy"],)),
    *(pytest.param({key.split(".")[0]: value for key in KEYS}, id=f"all-{json.dumps(value)}") for value in ODD),
    pytest.param({"settings": {"rules": {"MC102": "off"}, "ignore": ["nzqcf.credits"]}}, id="what other programs take"),
]


@pytest.mark.parametrize("settings", VALUES)
def test_no_value_of_a_setting_takes_an_error_away(settings, register, without):
    told = errors(register, settings)
    if told is None:  # mcred refuses the catalogue, and says so
        return
    found, own, not_checked = told
    silenced = without - found

    if silenced:
        assert own
        paths = {each["path"] for each in not_checked}
        assert {path for _, path, _ in silenced} <= paths


def test_a_key_that_tightens_adds_an_error(register, without):
    found, own, _ = errors(register, {"policies": ["example-provider-policy"]})

    assert own == []
    assert {rule for rule, _, _ in found - without} == {"example-provider-policy.remarks"}


@pytest.mark.parametrize(("first", "told"), [("en", ["nzqcf.title-words"]), ("mi", []), ("ty", ["nzqcf.title-words"])])
def test_the_first_language_chooses_the_text_that_a_clause_reads(first, told, tmp_path):
    record = LISTED.replace("title: Too Many Credits", "title: {en: Diploma of Weeds, mi: Taru}")
    root = made(
        tmp_path,
        {"catalogue.yaml": f"format: 1\nlanguages: [{first}]\n", "micro-credentials/too-many-credits.yaml": record},
    )
    ran = mcred("validate", "--format", "json", "--as-of", AS_OF, cwd=root)

    assert [each["rule"] for each in ran.json["findings"] if each["rule"] == "nzqcf.title-words"] == told


# --- what there is not -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("timezon: Pacific/Auckland", "unknown field 'timezon'; did you mean 'timezone'?"),
        ("policys: []", "unknown field 'policys'; did you mean 'policies'?"),
        ("setings: {}", "unknown field 'setings'; did you mean 'settings'?"),
        ("settings: {rules: none}", "unknown field 'rules'"),
        ("ignore: [MC102]", "unknown field 'ignore'"),
    ],
)
def test_a_setting_that_there_is_not_is_an_error_with_what_was_meant(text, told, tmp_path):
    root = made(tmp_path, {"catalogue.yaml": f"format: 1\n{text}\n"})
    ran = mcred("validate", "--format", "json", "--as-of", AS_OF, cwd=root)

    assert ran.code == 1
    assert [(each["severity"], each["message"]) for each in ran.json["findings"]] == [("error", told)]
