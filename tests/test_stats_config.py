"""`stats` adds up and knows what is known; `config` says which settings hold and where each comes from."""

import csv
import io
import json
import platform

import pytest

from mcred import __version__
from tests.support import AS_OF, ROOT, installed, made, mcred, real_records

RECORDS = {
    "organisations/real.yaml": "{id: real, title: Real School}\n",
    "organisations/example.yaml": "{id: example, title: Example School, fictional: true}\n",
    "micro-credentials/one.yaml": """\
id: one
title: One
framework: nzqcf
level: 3
credits: 5
developer: real
subjects: []
requires: []
outcomes: [{id: an-outcome}]
decisions: [{act: listed, date: 2024-02-01, by: real}]
""",
    "micro-credentials/two.yaml": """\
id: two
title: Two
framework: nzqcf
level: 10
credits: 2.5
developer: real
stage: draft
unknown: [/subjects]
""",
    "micro-credentials/three.yaml": """\
id: three
title: Three
framework: none
credits: {none: It is smaller than a credit.}
developer: {title: Somebody Else}
stage: proposed
""",
    "micro-credentials/copied.yaml": """\
id: copied
title: Copied
custody: observed
framework: nzqcf
credits: 20
unknown: rest
""",
    "micro-credentials/made-up.yaml": """\
id: made-up
title: Made Up
framework: nzqcf
level: 2
credits: 9
developer: example
""",
    "groups/some.yaml": "{id: some, title: Some, count: 3, custody: observed}\n",
    "standards/a-standard.yaml": '{id: a-standard, number: "1"}\n',
}


def counted(root, *arguments):
    ran = mcred("stats", "--format", "json", "--as-of", AS_OF, *arguments, cwd=root)
    assert (ran.code, ran.err) == (0, "")
    return ran.json


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    return made(tmp_path_factory.mktemp("stats"), RECORDS)


@pytest.fixture(scope="module")
def document(catalogue):
    return counted(catalogue)


# --- stats -----------------------------------------------------------------------------------------------------------


def added(groups):
    return sum(number for values in groups.values() for number in values.values())


def test_the_document(document):
    assert set(document) == {"schema", "as_of", "recorded_at", "counts", "completeness"}
    assert (document["schema"], document["as_of"]) == ("mcred-stats/1", AS_OF)


def test_records_are_counted_by_custody_and_kind(document):
    assert document["counts"]["records"] == {
        "fictional": {"micro-credential": 1, "organisation": 1},
        "observed": {"group": 1, "micro-credential": 1},
        "own": {"micro-credential": 3, "organisation": 1, "standard": 1},
    }


@pytest.mark.parametrize(
    ("what", "groups"),
    [
        (
            "stage",
            {"fictional": {"draft": 1}, "observed": {"unknown": 1}, "own": {"approved": 1, "draft": 1, "proposed": 1}},
        ),
        ("level", {"fictional": {"2": 1}, "observed": {"not known": 1}, "own": {"3": 1, "10": 1, "not known": 1}}),
        ("framework", {"fictional": {"nzqcf": 1}, "observed": {"nzqcf": 1}, "own": {"none": 1, "nzqcf": 2}}),
        (
            "effective_status",
            {"fictional": {"none": 1}, "observed": {"not known": 1}, "own": {"current": 1, "none": 2}},
        ),
        (
            "developer",
            {"fictional": {"example": 1}, "observed": {"not known": 1}, "own": {"Somebody Else": 1, "real": 2}},
        ),
    ],
)
def test_micro_credentials_are_counted_by(document, what, groups):
    assert document["counts"][what] == groups


def test_levels_are_in_the_order_of_numbers(document):
    assert list(document["counts"]["level"]["own"]) == ["3", "10", "not known"]


def test_credits_are_added_where_there_are_any(document):
    assert document["counts"]["credits"] == {
        "fictional": {"records with credits": 1, "credits in all": 9},
        "observed": {"records with credits": 1, "credits in all": 20},
        "own": {"records with credits": 2, "credits in all": 7.5},
    }


def test_every_count_of_the_project_s_catalogue_adds_up():
    files = [path for path in real_records() if path != "catalogue.yaml"]
    awards = [path for path in files if path.startswith("micro-credentials/")]
    document = counted(ROOT)

    assert added(document["counts"].pop("records")) == len(files)
    document["counts"].pop("credits")
    for what, groups in document["counts"].items():
        assert added(groups) == len(awards), what
    for kind, custodies in document["completeness"].items():
        for fields in custodies.values():
            assert all(0 <= each["known"] <= each["records"] for each in fields.values())
            assert all(0 <= each["unknown"] <= each["records"] for each in fields.values())
            assert len({each["records"] for each in fields.values()}) == 1, kind


def test_what_is_known_and_what_is_said_to_be_unknown(document):
    own = document["completeness"]["micro-credential"]["own"]
    observed = document["completeness"]["micro-credential"]["observed"]

    assert own["title"] == {"records": 3, "known": 3, "unknown": 0}
    assert own["credits"] == {"records": 3, "known": 3, "unknown": 0}  # none, with its reason, is an answer
    assert own["requires"] == {"records": 3, "known": 1, "unknown": 0}  # so is an empty list
    assert own["subjects"] == {"records": 3, "known": 1, "unknown": 1}
    assert own["level"] == {"records": 3, "known": 2, "unknown": 0}
    assert observed["credits"] == {"records": 1, "known": 1, "unknown": 0}
    assert observed["subjects"] == {"records": 1, "known": 0, "unknown": 1}
    assert set(document["completeness"]["micro-credential"]) == {"fictional", "observed", "own"}


def test_a_framework_that_is_said_to_be_unknown_is_not_known(tmp_path):
    text = "{id: seen, title: Seen, custody: observed, framework: unknown}\n"
    document = counted(made(tmp_path, {"micro-credentials/seen.yaml": text}))

    assert document["completeness"]["micro-credential"]["observed"]["framework"] == {
        "records": 1,
        "known": 0,
        "unknown": 1,
    }


def test_how_sure_a_field_is_is_no_field_to_be_known(document):
    fields = document["completeness"]["standard"]["own"]

    assert "planned_review" in fields
    assert [name for name in fields if name.endswith(("_is", "_source"))] == []


def test_the_day_counts(catalogue):
    early = mcred("stats", "--format", "json", "--as-of", "2024-01-31", cwd=catalogue).json

    assert early["counts"]["stage"]["own"] == {"draft": 2, "proposed": 1}
    assert early["counts"]["listing"]["own"] == {"unlisted": 3}


@pytest.mark.parametrize("format", ["table", "tsv", "csv"])
def test_every_format_holds_the_same_numbers(catalogue, document, format):
    out = mcred("stats", "--format", format, "--as-of", AS_OF, cwd=catalogue).out
    separator = "," if format == "csv" else "\t"
    head, *rows = csv.reader(io.StringIO(out, newline=""), delimiter=separator)
    counts = [(what, of, value, number) for what, of, value, number in rows if not what.startswith("completeness")]

    assert head == ["what", "of", "value", "number"]
    assert counts == [
        (what, of, value, str(number))
        for what, groups in document["counts"].items()
        for of, values in groups.items()
        for value, number in values.items()
    ]
    assert ["completeness: micro-credential", "own", "level", "2 of 3"] in rows


def test_an_empty_catalogue_is_counted(tmp_path):
    document = counted(made(tmp_path, {}))

    assert added(document["counts"]["records"]) == 0
    assert document["completeness"] == {}


@pytest.mark.parametrize("name", ["³", "٣", "½", "007"])
def test_a_developer_may_be_called_anything(tmp_path, name):
    text = f'id: one\ntitle: One\nframework: nzqcf\nstage: draft\ndeveloper: {{title: "{name}"}}\n'

    assert counted(made(tmp_path, {"micro-credentials/one.yaml": text}))["counts"]["developer"]["own"] == {name: 1}


def test_a_format_that_there_is_not(catalogue):
    ran = mcred("stats", "--format", "jsn", cwd=catalogue)

    assert (ran.code, ran.out) == (2, "")
    assert "did you mean 'json'?" in ran.err


# --- config ----------------------------------------------------------------------------------------------------------

SETTINGS = """\
# A comment, and a line that is empty.

title: "Our Register, with a comma"
format: 1
languages:
  - mi
  - en
timezone: Pacific/Fiji
publisher: Ourselves
"""


def settings(cwd, **env):
    ran = mcred("config", "--format", "json", cwd=cwd, **env)
    assert (ran.code, ran.err) == (0, "")
    return {each["name"]: (each["value"], each["source"]) for each in json.loads(ran.out)}


@pytest.fixture
def configured(tmp_path):
    return made(tmp_path, {"catalogue.yaml": SETTINGS})


def test_each_setting_says_its_line(configured):
    found = settings(configured)

    for name, value, line in (
        ("title", "Our Register, with a comma", 3),
        ("format", 1, 4),
        ("languages", ["mi", "en"], 5),
        ("timezone", "Pacific/Fiji", 8),
        ("publisher", "Ourselves", 9),
    ):
        assert found[name] == (value, f"catalogue/catalogue.yaml:{line}")


def test_what_is_not_set_has_a_default(configured):
    found = settings(configured)

    assert found["framework"] == (None, "default")
    assert found["policies"] == ([], "default")


def test_where_things_lie_and_what_runs(configured):
    found = settings(configured)

    assert found["catalogue"][0] == str(configured)
    assert found["repository"][0] == str(configured.parent)
    assert found["version"] == (__version__, f"Python {platform.python_version()}")
    assert {"nzqcf", "pqf"} <= set(found["frameworks"][0])
    assert found["YAML parser"][0] in ("libyaml", "PyYAML in Python, slower")


def test_paths_are_told_from_the_repository(tmp_path):
    (tmp_path / ".git").mkdir()
    root = made(tmp_path / "inner", {})
    found = settings(root)

    assert found["repository"][0] == str(tmp_path)
    assert found["format"] == (1, "inner/catalogue/catalogue.yaml:1")


def test_the_environment_is_told_where_it_matters(configured):
    assert "NO_COLOR" not in settings(configured)
    found = settings(configured, NO_COLOR="1", TERM="dumb", COLUMNS="100", UNHEARD_OF="x")
    assert {found[name] for name in ("NO_COLOR", "TERM", "COLUMNS")} == {
        ("1", "environment"),
        ("dumb", "environment"),
        ("100", "environment"),
    }
    assert "UNHEARD_OF" not in found


def test_a_framework_of_the_catalogue_s_own_is_named(tmp_path):
    text = "format: 1\nid: our-levels\ntitle: Our Levels\n"
    found = settings(made(tmp_path, {"policies/our-levels.yaml": text}))

    assert found["frameworks of its own"] == (["our-levels"], "catalogue/policies")
    assert "our-levels" not in found["frameworks"][0]


def test_the_editor_s_schemas_are_there_or_not(configured):
    assert "`mcred init --editor` writes them" in settings(configured)["editor schemas"][1]
    assert mcred("init", "--editor", cwd=configured).code == 0
    assert settings(configured)["editor schemas"] == (str(configured.parent / ".mcred" / "schemas"), "for the editor")
    (configured.parent / ".mcred" / "schemas" / "group.schema.json").write_text("{}")
    assert settings(configured)["editor schemas"][1].startswith("1 older than this mcred")


def test_the_table_says_the_same(configured):
    ran = installed("config", cwd=configured)
    rows = dict(line.split("\t", 1) for line in ran.out.splitlines())

    assert rows["setting"] == "value\tfrom"
    assert rows["languages"] == "mi, en\tcatalogue/catalogue.yaml:5"
    assert rows["policies"] == "\tdefault"


def test_a_catalogue_file_that_cannot_be_read_is_not_passed_off_as_defaults(tmp_path):
    ran = mcred("config", cwd=made(tmp_path, {"catalogue.yaml": "format: 1\n  title: [\n"}))

    assert ran.code == 3 or "catalogue.yaml" in ran.err


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("Pacific/Aukland", "3:11: error: no time zone 'Pacific/Aukland'; did you mean 'Pacific/Auckland'? [MC108 not-allowed-value]"),
        ("Mars/Olympus", "3:11: error: no time zone 'Mars/Olympus' [MC108 not-allowed-value]"),
        ("../../etc/passwd", "3:11: error: 'timezone' is written like 'Pacific/Auckland' or 'Pacific/Fiji'; here is '../../etc/passwd' [MC104 bad-format]"),
        ("[]", "3:11: error: 'timezone' is text, such as 'Pacific/Auckland'; here is an empty list [MC103 wrong-type]"),
    ],
)  # fmt: skip
def test_a_zone_that_there_is_not_is_told_once(zone, told, tmp_path):
    root = made(tmp_path, {"catalogue.yaml": f"format: 1\ntitle: Register\ntimezone: {zone}\n"})
    ran = mcred("validate", "--format", "concise", cwd=root)

    assert (ran.code, ran.err) == (1, "")
    assert ran.out.splitlines() == [f"catalogue/catalogue.yaml:{told}"]


def test_a_zone_that_there_is_not_is_not_said_to_hold(tmp_path):
    root = made(tmp_path, {"catalogue.yaml": "format: 1\ntimezone: Mars/Olympus\n"})
    ran = mcred("config", cwd=root)
    line = next(line for line in ran.out.splitlines() if line.startswith("timezone\t"))

    assert ran.code == 0
    assert "UTC" in line
