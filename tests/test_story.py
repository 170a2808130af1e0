"""`mcred history ID`: what was decided when, and when that was recorded."""

import json
import re
from datetime import date

import jsonschema
import pytest
from lxml import html as lxml_html

from mcred.diff import Event
from mcred.diff.recorded import Made, Step, Story
from mcred.reporters import Look
from mcred.reporters.story import FORMATS, WRITERS
from tests.due import HOSTILE
from tests.repositories import Repo, git
from tests.support import DRAFT, GOLDENS, ROOT, mcred, register
from tests.test_diff import DELIVERY, MARKDOWN, WORKED
from tests.test_log import recorded

REGISTER = register()
TEXT = REGISTER[WORKED].decode()
EARLY = TEXT[: TEXT.index("  - {id: excepted-2025-01-27")].replace("credits: 10\n", "credits: 8\n", 1)
CORRECTED = (
    "  - {act: corrected, date: 2026-03-10, by: example-provider, decision: changed-2025-05-06, void: true,\n"
    "     why: Entered twice.}\n"
)


@pytest.fixture(scope="module")
def repo(tmp_path_factory):
    """The worked example as it came to be in several commits, with a decision that no commit holds yet."""
    old = WORKED.replace("worked-example", "farm-water")
    renamed = EARLY.replace("id: worked-example\naliases: [farm-water-sampling]", "id: farm-water")
    repo = Repo(tmp_path_factory.mktemp("story"), {**{path: data for path, data in REGISTER.items() if path != WORKED}})
    recorded(repo, "2026-01-15", {old: renamed}, "Enter it")
    recorded(repo, "2026-01-20", {old: "x: ["}, "Break it")
    recorded(repo, "2026-01-21", {old: renamed.replace("credits: 8", "credits: 10")}, "Ten credits")
    recorded(
        repo,
        "2026-06-01",
        {old: None, WORKED: TEXT.replace("farm-water-sampling", "farm-water")},
        "Bring it up to date",
    )
    repo.write({WORKED: TEXT.replace("farm-water-sampling", "farm-water") + DELIVERY + CORRECTED})
    return repo


def story(repo, *arguments):
    return mcred("history", *arguments, cwd=repo.folder)


@pytest.mark.parametrize("format", ["text", "md"])
def test_a_story_has_both_clocks(repo, golden, format):
    done = story(repo, "worked-example", "--format", format)
    assert (done.code, done.err) == (0, "")
    golden(GOLDENS / f"history.{format}.txt", re.sub("[0-9a-f]{12}", "0123456789ab", done.out))


def test_each_step_has_its_day_in_the_world_and_the_commit_that_recorded_it(repo):
    steps = story(repo, "worked-example", "--format", "json").json["steps"]
    told = [
        (each["date"], each["recorded"]["day"] if each["recorded"] else None, each["event"]["kind"])
        for each in steps
        if each["event"]["kind"] != "decision-added"
        or each["date"] in ("2024-02-12", "2025-05-06", "2026-06-01", "2026-03-10")
    ]
    assert told == [
        ("2024-02-12", "2026-01-16", "decision-added"),
        ("2024-02-12", "2026-01-16", "decision-added"),
        ("2025-05-06", "2026-06-02", "decision-added"),
        (None, "2026-01-16", "record-added"),
        (None, "2026-01-22", "credits-changed"),
        ("2026-03-10", None, "decision-added"),
        ("2026-06-01", None, "decision-added"),
        (None, "2026-06-02", "record-renamed"),
    ]


def test_it_is_asked_for_by_any_name_of_the_record(repo):
    told = story(repo, "worked-example").out
    assert story(repo, "farm-water").out == story(repo, "record", "worked-example").out == told


def test_json_is_of_its_schema(repo, tmp_path):
    schemas = {
        name: json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
        for name in ("history", "log", "diff")
    }
    validator = jsonschema.Draft202012Validator(schemas["history"])
    document = story(repo, "worked-example", "--format", "json").json
    validator.validate(document)
    assert not validator.is_valid({**document, "steps": [{**document["steps"][0], "event": None}]})
    assert schemas["history"]["$defs"]["event"] == schemas["diff"]["$defs"]["event"]
    assert json.loads(mcred("schema", "history", cwd=tmp_path).out) == schemas["history"]


def test_a_record_that_is_no_more_has_its_story_still(tmp_path):
    path = "micro-credentials/a-draft.yaml"
    repo = Repo(tmp_path, {path: DRAFT})

    def kinds():
        steps = story(repo, "a-draft", "--format", "json").json["steps"]
        return [(each["event"]["kind"], each["recorded"] is not None) for each in steps]

    repo.write({path: None})
    assert kinds() == [("record-added", True), ("record-removed", False)]
    recorded(repo, "2026-02-01", {}, "gone")
    assert kinds() == [("record-added", True), ("record-removed", True)]


def test_a_record_that_no_commit_holds_yet(tmp_path):
    repo = Repo(tmp_path, {})
    repo.write({"micro-credentials/a-draft.yaml": DRAFT})
    assert story(repo, "a-draft").out.splitlines()[-1] == f"{'':14}{'not yet':25}record added: A Draft"


def test_what_cannot_be_told_is_said_plainly(repo, tmp_path):
    assert story(repo, "worked-exampel").err == "mcred: no record 'worked-exampel'; did you mean 'worked-example'?\n"
    assert story(repo, "worked-exampel").code == 3
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--no-local", "--depth=2", f"file://{repo.folder}", clone)
    refused = mcred("history", "farm-water", cwd=clone)
    assert (refused.code, refused.out) == (3, "")
    assert "this clone is shallow and lacks what was recorded earlier; run: git fetch --unshallow" in refused.err
    (repo.root / "micro-credentials" / "broken.yaml").write_text("x: [")
    assert "broken.yaml cannot be read: `mcred validate broken` says why" in story(repo, "broken").err


@pytest.mark.parametrize("name", FORMATS)
def test_text_of_records_and_commits_never_acts(name):
    steps = []
    for text in HOSTILE.values():
        event = Event("title", "changed", text, text, text, before=text, after=text)
        steps.append(Step(text, Made("0" * 40, 1_700_000_000, date(2026, 11, 22), text, text), event, text))
    script = HOSTILE["script"]
    text = WRITERS[name](Story(script, "micro-credential", script, script, tuple(steps)), Look())
    assert not set(text) & set("\x1b\x00\r\u2028\u202e\ufeff")
    assert "##[" not in text
    assert not re.search(r"^\s*::", text, re.MULTILINE)
    if name == "md":
        page = lxml_html.fromstring(MARKDOWN.render(text))
        assert page.xpath("//script | //img | //a | //@onerror | //iframe") == []
        assert len(page.xpath("//tr")) == 1 + len(steps)
