"""`mcred log`: what the commits of a register did to its records."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import date

import jsonschema
import pytest
from lxml import html as lxml_html

from mcred.diff import Event, NotCompared, Side
from mcred.diff.recorded import GROUPS, Entry, Log, Made
from mcred.reporters import Look
from mcred.reporters.log import FORMATS, writer
from tests.due import HOSTILE
from tests.repositories import Repo, git
from tests.support import DRAFT, GOLDENS, ROOT, mcred
from tests.test_diff import MARKDOWN

A = "micro-credentials/a-draft.yaml"
B = "micro-credentials/b-draft.yaml"
ATOM = "{http://www.w3.org/2005/Atom}"


def recorded(repo, day, files, subject="a change"):
    """Write files and commit them on a day."""
    repo.write(files)
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "--allow-empty", "--message", subject, GIT_COMMITTER_DATE=f"{day}T12:00:00Z")


@pytest.fixture(scope="module")
def repo(tmp_path_factory):
    """A register with a small history; no test changes it."""
    made = Repo(tmp_path_factory.mktemp("log"), {A: DRAFT})
    decision = "decisions: [{act: submitted, date: 2026-02-01, by: x, to: y, for: new}]\n"
    recorded(made, "2026-02-03", {A: DRAFT + "level: 3\n"}, "Level")
    recorded(made, "2026-02-10", {A: DRAFT + "level: 4\n", B: DRAFT.replace("a-draft", "b-draft")}, "Two at once")
    recorded(made, "2026-02-11", {A: f"# only a comment\n{DRAFT}level: 4\n"}, "Comment")
    recorded(
        made, "2026-02-12", {"micro-credentials/README.md": "x: [", B: DRAFT.replace("a-draft", "b-draft") + decision}
    )
    moved = DRAFT.replace("a-draft", "c-draft") + "level: 4\naliases: [a-draft]\n"
    recorded(made, "2026-03-01", {A: None, "micro-credentials/c-draft.yaml": moved}, "Renamed")
    return made


def log(repo, *arguments):
    return mcred("log", *arguments, cwd=repo.folder)


def told(repo, *arguments):
    """The day, record and kinds of events of each entry."""
    done = log(repo, "--format", "json", *arguments)
    assert (done.code, done.err) == (0, "")
    return [(each["day"], each["record"], [event["kind"] for event in each["events"]]) for each in done.json["entries"]]


ALL = [
    ("2026-03-01", "c-draft", ["record-renamed"]),
    ("2026-02-12", "b-draft", ["decision-added"]),
    ("2026-02-10", "a-draft", ["level-changed"]),
    ("2026-02-10", "b-draft", ["record-added"]),
    ("2026-02-03", "a-draft", ["level-added"]),
    ("2026-01-01", "a-draft", ["record-added"]),
]


def test_all_that_was_recorded_the_latest_first(repo):
    assert told(repo) == ALL


def test_what_was_recorded_after_a_revision_or_a_day(repo):
    assert told(repo, "--since", "HEAD~1") == ALL[:1]
    assert told(repo, "--since", "2026-02-11") == told(repo, "--since", "HEAD~2") == ALL[:2]
    assert told(repo, "--since", "2026-02") == ALL[:1]
    assert told(repo, "--since", "2020-01-01") == ALL
    assert log(repo, "--since", "2020-01-01").out == log(repo).out
    assert told(repo, "--since", "HEAD") == []
    assert log(repo, "--since", "HEAD").out.splitlines()[-1] == "nothing was recorded"


def test_one_record_under_all_its_names_and_records_of_a_kind(repo):
    own = [each for each in ALL if each[1] != "b-draft"]
    assert told(repo, "c-draft") == own
    assert told(repo, "a-draft") == own
    assert told(repo, "--kind", "standard,organisation") == []
    assert told(repo, "b-draft", "--kind", "micro-credential") == [each for each in ALL if each[1] == "b-draft"]


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("format", ["text", "md"])
def test_a_log_reads_well_by_record_kind_change_and_commit(repo, golden, by, format):
    done = log(repo, "--by", by, "--format", format)
    assert (done.code, done.err) == (0, "")
    golden(GOLDENS / f"log.{by}.{format}.txt", re.sub("[0-9a-f]{12}", "0123456789ab", done.out))


def test_the_page_of_commands_shows_what_is_printed():
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"```text\n{(GOLDENS / 'log.record.text.txt').read_text(encoding='utf-8')}```" in page


def test_json_is_of_its_schema(repo, tmp_path):
    schemas = {
        name: json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
        for name in ("log", "diff")
    }
    validator = jsonschema.Draft202012Validator(schemas["log"])
    document = log(repo, "--since", "main", "--format", "json").json
    validator.validate(document)
    assert not validator.is_valid({**document, "entries": [{**document["entries"][0], "events": []}]})
    assert schemas["log"]["$defs"]["event"] == schemas["diff"]["$defs"]["event"]
    assert json.loads(mcred("schema", "log", cwd=tmp_path).out) == schemas["log"]


def test_a_feed_has_an_entry_for_each_record_of_a_commit_and_keeps_its_ids(repo):
    feed = ET.fromstring(log(repo, "--format", "atom").out)
    earlier = ET.fromstring(log(repo, "--format", "atom", "b-draft").out)
    ids = [each.text for each in feed.iter(f"{ATOM}id")]
    assert len({*ids}) == len(ids) == 1 + len(ALL)
    assert [each.text for each in earlier.iter(f"{ATOM}id")] == [ids[0], ids[2], ids[4]]
    assert feed.find(f"{ATOM}updated").text == "2026-03-01T12:00:00Z"
    entry = feed.find(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}{name}").text for name in ("title", "updated", "content")] == [
        "A Draft: record renamed",
        "2026-03-01T12:00:00Z",
        "record renamed: 'a-draft' is 'c-draft'",
    ]
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "A"


def test_what_a_merge_brought_in_is_its_own(tmp_path):
    repo = Repo(tmp_path, {A: DRAFT})
    repo.write({A: DRAFT + "level: 1\n"})
    repo.commit()
    repo.write({A: DRAFT + "level: 2\n"})
    repo.commit()
    repo.git("checkout", "--quiet", "main")
    repo.git("merge", "--quiet", "--no-ff", "--message", "merged", "work")
    document = log(repo, "--since", "main~1", "--format", "json").json
    (entry,) = document["entries"]
    assert (entry["subject"], [event["after"] for event in entry["events"]]) == ("merged", [2])


def test_what_could_not_be_read_then_is_said(tmp_path):
    repo = Repo(tmp_path, {A: DRAFT})
    recorded(repo, "2026-02-01", {A: "x: ["})
    recorded(repo, "2026-02-02", {A: DRAFT})
    document = log(repo, "--since", "main", "--format", "json").json
    assert document["entries"] == []
    assert [each["path"] for each in document["not_read"]] == [f"catalogue/{A}"] * 2
    assert all(each["because"].startswith("it cannot be read before or after ") for each in document["not_read"])


def test_a_shallow_clone_is_asked_only_for_what_it_has(repo, tmp_path):
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--no-local", "--depth=2", f"file://{repo.folder}", clone)
    refused = mcred("log", cwd=clone)
    assert (refused.code, refused.out) == (3, "")
    assert "this clone is shallow and lacks what was recorded earlier; run: git fetch --unshallow" in refused.err
    done = mcred("log", "--since", "HEAD~1", "--format", "json", cwd=clone)
    assert [each["record"] for each in done.json["entries"]] == ["c-draft"]


SAID = {
    "--since nope": (3, "no revision 'nope' in this repository"),
    "--since=--output=x": (3, "no revision '--output=x' in this repository"),
    "--since 2026-13": (2, "there is no month 13; months run from 01 to 12"),
    "c-draf": (3, "no record 'c-draf'; did you mean 'c-draft'?"),
    "--by colour": (2, "no group 'colour'; there is 'record', 'kind', 'change' or 'commit'"),
}


def test_what_cannot_be_told_is_said_plainly(repo):
    for arguments, (code, says) in SAID.items():
        done = log(repo, *arguments.split())
        assert (arguments, done.code, done.out) == (arguments, code, "")
        assert says in done.err


def hostile(by):
    """A log whose every text wants to act."""
    made = []
    for text in HOSTILE.values():
        event = Event("title", "changed", text, text, text, before=text, after=text)
        commit = Made("0" * 40, 1_700_000_000, date(2026, 11, 22), text, text)
        made.append(Entry(commit, text, "micro-credential", text, text, (event,), text))
    script = HOSTILE["script"]
    return Log(Side(script), Side(script), tuple(made), (NotCompared(script, script),), script, base_url=script, by=by)


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("name", FORMATS)
def test_text_of_records_and_commits_never_acts(name, by):
    text = writer(name)(hostile(by), Look())
    assert not set(text) & set("\x1b\x00\r\u2028\u202e\ufeff")
    assert "##[" not in text
    assert "##vso[" not in text
    assert not re.search(r"^\s*::", text, re.MULTILINE)
    if name == "atom":
        assert {each.tag.removeprefix(ATOM) for each in ET.fromstring(text).iter()} == {
            *("feed", "id", "title", "updated", "entry", "author", "name", "category", "content")
        }
    if name == "md":
        page = lxml_html.fromstring(MARKDOWN.render(text))
        assert page.xpath("//script | //img | //a | //@onerror | //iframe") == []
