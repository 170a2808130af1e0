"""`mcred diff`: which states are compared, what is told of them in each format, and what cannot be compared."""

import json
import re
import shlex
from datetime import date

import jsonschema
import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from mcred.diff import Changes, Consequence, Difference, Event, NotCompared, Ruling, Side, Touched, reworded
from mcred.reporters import Look
from mcred.reporters.diff import FORMATS, writer
from tests.due import HOSTILE
from tests.repositories import Repo, git
from tests.support import AS_OF, DRAFT, GOLDENS, ROOT, made, mcred, register

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

WORKED = "micro-credentials/worked-example.yaml"
REGISTER = register()
TEXT = REGISTER[WORKED].decode()

DELIVERY = (
    "  - {act: delivery-approved, date: 2026-06-01, by: example-qualifications-authority, provider: example-university,\n"
    "     from: 2026-07-01, until: 2029-06-30}\n"
)
CHANGED = (
    TEXT.replace("credits: 10\n", "credits: 15\n", 1)
    .replace("workplace: 50", "workplace: 100")
    .replace("by a written method", "by a published method, and label them")
    + DELIVERY
)


@pytest.fixture(scope="module")
def schema():
    found = json.loads((ROOT / "schemas" / "diff.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(found)


def diff(repo, *arguments, **env):
    return mcred("diff", "--as-of", AS_OF, *arguments, cwd=repo.folder, **env)


def told(repo, *arguments):
    """The kinds of the events of each record, by id."""
    done = diff(repo, "--format", "json", *arguments)
    assert (done.code, done.err) == (0, "")
    return {each["record"]: [event["kind"] for event in each["events"]] for each in done.json["records"]}


@pytest.fixture
def drafts(tmp_path):
    return Repo(tmp_path, {"micro-credentials/a-draft.yaml": DRAFT})


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    """The worked example with changes that are not committed; no test changes it."""
    repo = Repo(tmp_path_factory.mktemp("worked"), REGISTER)
    repo.write({WORKED: CHANGED})
    return repo


# --- what is told -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", ["text", "md", "text --summary", "md --summary"])
def test_a_change_is_told_as_a_committee_reads_it(worked, golden, arguments):
    done = diff(worked, "--format", *arguments.split())
    assert (done.code, done.err) == (0, "")
    golden(GOLDENS / f"diff.{arguments.replace(' --', '-')}.txt", re.sub("[0-9a-f]{12}", "0123456789ab", done.out))


def test_the_page_of_commands_shows_what_is_printed():
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"```text\n{(GOLDENS / 'diff.text.txt').read_text(encoding='utf-8')}```" in page


def test_no_line_of_the_text_is_wider_than_the_terminal(worked):
    wide = [line for line in diff(worked).out.splitlines() if len(line) > 100]
    assert wide == []


def test_json_is_of_its_schema_and_says_what_there_is(worked, schema):
    document = diff(worked, "--format", "json").json
    schema.validate(document)
    (record,) = document["records"]

    assert [(each["kind"], each["before"], each["after"]) for each in record["events"][:2]] == [
        ("credits-changed", 10, 15),
        ("hours-changed", 50, 100),
    ]
    assert [(each["name"], each["before"], each["after"]) for each in record["consequences"]] == [
        ("may_deliver", ["example-provider"], ["example-provider", "example-university"]),
        ("hours", 100, 150),
    ]
    assert {each["record"]: each["how"] for each in record["touched"]} == {
        "example-certificate-in-farm-practice": "named",
        "example-standard-90001": "named",
    }
    assert {each["significant"] for each in record["events"]} == {None}
    for spoilt in ({**document, "records": [{**record, "events": [{}]}]}, {**document, "schema": "x"}):
        assert not schema.is_valid(spoilt)


def test_the_schema_that_is_printed_is_the_one_that_is_kept(tmp_path, schema):
    assert json.loads(mcred("schema", "diff", cwd=tmp_path).out) == schema.schema


def test_it_is_written_to_files_too(worked, tmp_path):
    done = diff(worked, "--summary", "--output", f"html={tmp_path}/d.html", "--output", f"md={tmp_path}/d.md")
    assert (done.code, done.err) == (0, "")
    page = lxml_html.fromstring((tmp_path / "d.html").read_text(encoding="utf-8"))
    assert page.xpath("//td/text()") == ["credits changed, hours changed, outcome reworded, decision added"]
    assert (tmp_path / "d.md").read_text(encoding="utf-8") == diff(worked, "--summary", "-f", "md").out


def test_a_page_has_before_and_after_side_by_side(worked):
    page = lxml_html.fromstring(diff(worked, "--format", "html").out)
    rows = [[cell.text_content() for cell in row] for row in page.xpath("//tbody/tr")]
    assert rows[:3] == [
        ["Credits changed.", "10", "15"],
        ["Hours workplace changed.", "50", "100"],
        [
            "Outcome 'plan-and-collect', text reworded.",
            "Plan where and when to sample water on a farm, and take the samples by a written method.",
            "Plan where and when to sample water on a farm, and take the samples by a published method, and label them.",
        ],
    ]
    assert page.xpath("//del/text()") == ["10", "50", "written"]
    assert page.xpath("//ins/text()")[2:4] == ["published", ", and label them"]


# --- what is the same, and what is another ----------------------------------------------------------------------------


def test_nothing_changed(drafts):
    assert told(drafts) == {}
    assert diff(drafts).out.splitlines()[-1] == "nothing changed"


def test_another_place_and_another_layout_are_no_change_of_content(drafts):
    drafts.write({"micro-credentials/a-draft.yaml": None, "micro-credentials/sub/a-draft.yaml": f"# new\n{DRAFT}"})
    assert told(drafts) == {"a-draft": ["record-moved", "record-reformatted"]}
    assert diff(drafts).out.splitlines()[-1] == "1 record of which only the formatting changed"


def test_line_ends_of_a_checkout_are_no_change(drafts):
    drafts.write({"micro-credentials/a-draft.yaml": DRAFT.replace("\n", "\r\n")})
    assert told(drafts) == {}


def test_a_record_under_another_id_is_the_same(drafts):
    drafts.write(
        {
            "micro-credentials/a-draft.yaml": None,
            "micro-credentials/b-draft.yaml": DRAFT.replace("a-draft", "b-draft") + "aliases: [a-draft]\n",
        }
    )
    assert told(drafts) == told(drafts, "a-draft") == told(drafts, "b-draft") == {"b-draft": ["record-renamed"]}
    assert "micro-credential b-draft (was a-draft)\n" in diff(drafts).out


def test_what_still_names_a_record_that_is_gone_is_told(tmp_path):
    repo = Repo(tmp_path, {f"micro-credentials/{name}.yaml": DRAFT.replace("a-draft", name) for name in ("one", "two")})
    repo.write({"micro-credentials/two.yaml": DRAFT.replace("a-draft", "two") + "requires: [one]\n"})
    repo.commit()
    repo.write({"micro-credentials/one.yaml": None})
    assert told(repo) == {"one": ["record-removed"]}
    assert "    A Draft (two), micro-credential: names it in requires\n" in diff(repo).out


def test_settings_and_policies_are_compared_too(tmp_path):
    repo = Repo(tmp_path, {"micro-credentials/a-draft.yaml": DRAFT})
    repo.write({"catalogue.yaml": "format: 1\ntitle: Another\n"})
    assert told(repo) == {"catalogue": ["title-reworded"]}


# --- which states -----------------------------------------------------------------------------------------------------


def test_two_revisions_two_dates_and_one_of_each(drafts):
    for day, text in (("2026-02-01", "credits: 1\n"), ("2026-03-01", "credits: 2\n")):
        drafts.write({"micro-credentials/a-draft.yaml": DRAFT + text})
        drafts.git("add", "--all")
        drafts.git("commit", "--quiet", "--message", day, GIT_COMMITTER_DATE=f"{day}T12:00:00Z")
    drafts.write({"micro-credentials/a-draft.yaml": DRAFT + "credits: 3\n"})

    def credits(*revisions):
        (record,) = diff(drafts, "--format", "json", *revisions).json["records"]
        (event,) = record["events"]
        return event["before"], event["after"]

    assert credits() == credits("HEAD") == credits("2026-03") == (2, 3)
    assert credits("HEAD~1") == credits("2026-02-15") == (1, 3)
    assert credits("main", "HEAD") == credits("2026-01-31", "work") == (None, 2)
    assert credits("HEAD", "2026-02-28") == credits("HEAD", "HEAD~1", "a-draft") == (2, 1)
    assert told(drafts, "main", "2026-01-31") == {}
    heading = diff(drafts, "2026-02-15", "HEAD").out.splitlines()[1:3]
    assert re.fullmatch(
        r"From 2026-02-15, [0-9a-f]{12} of 2026-02-01 to HEAD, [0-9a-f]{12} of 2026-03-01; what follows "
        r"from it as of 2026-11-22\.",
        " ".join(heading),
    )


def test_a_branch_of_the_name_of_a_record_is_asked_for_by_its_whole_name(drafts):
    drafts.write({"micro-credentials/a-draft.yaml": DRAFT + "credits: 1\n"})
    drafts.commit()
    drafts.git("branch", "a-draft", "main")
    assert told(drafts, "a-draft") == {}
    assert told(drafts, "heads/a-draft") == {"a-draft": ["credits-added"]}


def test_only_the_records_that_are_named(tmp_path):
    repo = Repo(tmp_path, {f"micro-credentials/{name}.yaml": DRAFT.replace("a-draft", name) for name in ("one", "two")})
    repo.write(
        {f"micro-credentials/{name}.yaml": DRAFT.replace("a-draft", name) + "level: 1\n" for name in ("one", "two")}
    )
    repo.write({"micro-credentials/three.yaml": "x: ["})
    assert told(repo, "one") == {"one": ["level-added"]}
    assert told(repo, "two.yaml", "one") == {"one": ["level-added"], "two": ["level-added"]}
    assert diff(repo, "--format", "json", "one").json["not_compared"] == []


SAID = {
    "nope": (3, "no revision and no record 'nope'"),
    "a-drft": (3, "no revision and no record 'a-drft'; did you mean 'a-draft'?"),
    "--output=x": (2, "--output: 'x' is not FORMAT=FILE, such as json=report.json"),
    "-- --output=x": (3, "no revision '--output=x' in this repository"),
    "HEAD HEAD HEAD": (2, "two revisions can be compared, not 3: 'HEAD' is one too many"),
    "2020-01-01": (3, "2020-01-01: nothing was recorded by then: the first commit is younger"),
    "''": (3, "no revision '' in this repository"),
    "HEAD ''": (3, "no revision '' in this repository"),
    "2026-02-30": (2, "30 February 2026 does not exist"),
    "main..HEAD": (3, "no revision 'main..HEAD' in this repository"),
    "--since-approval ''": (3, "no revision '' in this repository"),
    "--since-approval main HEAD": (
        2,
        "--since-approval compares one state with the approvals; name at most one revision",
    ),
    "--format pdf": (2, "no format 'pdf'; there is 'text', 'md', 'html' or 'json'"),
}


def test_what_cannot_be_compared_is_said_plainly(drafts):
    for arguments, (code, says) in SAID.items():
        done = diff(drafts, *shlex.split(arguments))
        assert (arguments, done.code, done.out) == (arguments, code, "")
        assert says in done.err
        assert "Traceback" not in done.err
    assert not (drafts.folder / "x").exists()


def test_a_revision_before_the_catalogue_and_one_of_another_format(drafts):
    drafts.git("checkout", "--quiet", "--orphan", "other")
    drafts.git("rm", "-r", "--cached", "--quiet", ".")
    drafts.git("commit", "--quiet", "--allow-empty", "--message", "none yet")
    drafts.git("tag", "before")
    drafts.write({"catalogue.yaml": "format: 2\n"})
    drafts.commit()
    drafts.git("tag", "later")
    drafts.write({"catalogue.yaml": "format: 1\n"})

    before, later = diff(drafts, "before"), diff(drafts, "later")
    assert (before.code, later.code, before.out, later.out) == (3, 3, "", "")
    says = (
        r"mcred: there was no catalogue yet at [0-9a-f]{12} of 2026-01-01: it holds no file catalogue/catalogue.yaml\n"
    )
    assert re.fullmatch(says, before.err)
    assert re.search(
        r"the catalogue recorded at [0-9a-f]{12} of 2026-01-01 has format 2; this mcred knows 1", later.err
    )


def test_without_a_repository_there_is_nothing_to_compare_with(tmp_path):
    made(tmp_path, {"micro-credentials/a-draft.yaml": DRAFT})
    done = mcred("diff", cwd=tmp_path)
    assert (done.code, done.out) == (3, "")
    assert "is no Git repository, so nothing was recorded in it" in done.err


# --- a record that one side has no good text of -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "where"), [("x: [", DRAFT, "HEAD"), (DRAFT, "<<<<<<< HEAD\n", "the working tree")]
)
def test_what_cannot_be_read_on_one_side_is_neither_new_nor_gone(tmp_path, before, after, where):
    repo = Repo(tmp_path, {"micro-credentials/a-draft.yaml": before})
    repo.write({"micro-credentials/a-draft.yaml": after})
    document = diff(repo, "--format", "json").json
    assert document["records"] == []
    (left_out,) = document["not_compared"]
    assert left_out["path"] == "catalogue/micro-credentials/a-draft.yaml"
    assert left_out["because"].startswith(f"it cannot be read in {where}: ")
    assert diff(repo).out.splitlines()[-1] == "nothing changed in what was compared"


def test_a_record_with_faults_on_one_side_is_compared_as_it_is_written(drafts):
    drafts.write({"micro-credentials/a-draft.yaml": DRAFT + "credits: ten\n"})
    assert told(drafts) == {"a-draft": ["credits-added"]}
    assert "it has faults now, and is compared as it is written\n" in diff(drafts).out


# --- since the approval -----------------------------------------------------------------------------------------------


@pytest.fixture
def approved(tmp_path):
    """The worked example whose last approval was recorded with other credits, under another name, some commits ago."""
    old = WORKED.replace("worked-example", "farm-water")
    renamed = TEXT.replace("id: worked-example", "id: farm-water").replace("farm-water-sampling", "another-id")
    unapproved = renamed[: renamed.index("  - {id: content-approved-2026-05-18")]
    repo = Repo(tmp_path, {**{path: data for path, data in REGISTER.items() if path != WORKED}, old: unapproved})
    steps = [renamed.replace("credits: 10\n", "credits: 8\n", 1), renamed]
    for text in steps:
        repo.write({old: text})
        repo.commit()
    repo.write(
        {
            old: None,
            WORKED: renamed.replace("id: farm-water", "id: worked-example\naliases: [farm-water]").replace(
                "\naliases: [another-id]", "", 1
            ),
        }
    )
    repo.commit()
    return repo


def test_since_approval_goes_back_to_the_commit_that_first_held_it(approved):
    document = diff(approved, "--since-approval", "--format", "json").json
    first = approved.git("rev-parse", "HEAD~2")
    assert document["before"] == {"name": "the content approval of each", "commit": None, "day": None}
    (record,) = document["records"]
    assert record["since"] == {
        "name": "the content approval of 2026-05-18, version 2",
        "commit": first,
        "day": "2026-01-01",
    }
    assert (record["record"], record["was"]) == ("worked-example", "farm-water")
    assert "credits-changed" in [each["kind"] for each in record["events"]]
    assert diff(approved, "--since-approval", "--format", "json", "farm-water").json["records"] == [record]


def test_since_approval_of_a_record_that_is_as_it_was_approved(tmp_path):
    repo = Repo(tmp_path, REGISTER)
    assert told(repo, "--since-approval") == {}
    assert told(repo, "--since-approval", "worked-example") == {"worked-example": []}
    assert "  nothing changed\n" in diff(repo, "--since-approval", "worked-example").out


def test_since_approval_of_what_has_none_or_none_that_is_committed(drafts):
    document = diff(drafts, "--since-approval", "--format", "json", "a-draft").json
    path = "catalogue/micro-credentials/a-draft.yaml"
    assert document["not_compared"] == [{"path": path, "because": f"no content approval is recorded by {AS_OF}"}]
    drafts.write(
        {"micro-credentials/a-draft.yaml": DRAFT + "decisions: [{act: content-approved, date: 2026-05-01, by: x}]\n"}
    )
    document = diff(drafts, "--since-approval", "--format", "json").json
    because = "no commit holds the content approval of 2026-05-01 yet"
    assert document["not_compared"] == [{"path": path, "because": because}]


def test_since_approval_in_a_shallow_clone_says_what_the_clone_may_lack(approved, tmp_path):
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--no-local", "--depth=1", f"file://{approved.folder}", clone)
    document = mcred("diff", "--since-approval", "--format", "json", cwd=clone).json
    assert document["records"] == []
    (left_out,) = document["not_compared"]
    says = (
        "this clone is shallow, and may lack the commit that first held the content approval of 2026-05-18, version 2"
    )
    assert left_out["because"] == says


# --- what a framework counts as significant ---------------------------------------------------------------------------

FRAMEWORK = """id: my-framework
title: My Framework
format: 1
significant_changes:
  - {at: /credits, from: 2020-01-01}
  - {at: /outcomes/*/text}
  - {at: /level, until: 2020-12-31}
  - {at: /entry, from: 2027-01-01}
"""


def test_a_change_is_significant_where_the_framework_says_so_and_unknown_elsewhere(tmp_path):
    record = "id: a-draft\ntitle: A Draft\nframework: my-framework\nlevel: 1\ncredits: 5\nentry: None at all.\noutcomes: [{id: one, text: Do it.}]\n"
    repo = Repo(tmp_path, {"micro-credentials/a-draft.yaml": record, "policies/my-framework.yaml": FRAMEWORK})
    repo.write(
        {
            "micro-credentials/a-draft.yaml": record.replace("level: 1", "level: 2")
            .replace("credits: 5", "credits: 6")
            .replace("None at all", "An interview")
            .replace("Do it", "Do it well")
        }
    )
    (found,) = diff(repo, "--format", "json").json["records"]
    assert {each["kind"]: each["significant"] for each in found["events"]} == {
        "level-changed": None,
        "credits-changed": True,
        "entry-reworded": None,
        "outcome-reworded": True,
    }
    assert "  ~ credits 5 → 6 (significant: its framework asks for a new approval)\n" in diff(repo).out


# --- text that wants to act -------------------------------------------------------------------------------------------


def hostile():
    """A difference whose every text wants to act."""
    records = []
    for name, text in HOSTILE.items():
        event = Event(
            "title", "reworded", name, f"title {text}", text, before="x", after=text, words=reworded("x y", text)
        )
        records.append(
            Changes(
                name, "micro-credential", text, text, (event, event._replace(what="changed", words=())), was=text,
                consequences=(Consequence(text, text, text, text, text),), rulings=(Ruling(text, text, text, text),),
                touched=(Touched(text, text, text, "names", (text,)),), since=Side(text),
            )
        )  # fmt: skip
    script = HOSTILE["script"] + HOSTILE["lines"]
    left_out = (NotCompared(script, script),)
    return Difference(
        Side(script), Side(script), date(2026, 11, 22), tuple(records), left_out, title=script, chosen=(script,)
    )


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("summary", [False, True])
def test_text_of_records_and_revisions_never_acts(name, summary):
    text = writer(name)(hostile()._replace(summary=summary), Look())
    assert not set(text) & set("\x1b\x00\r\u2028\u202e\ufeff")
    assert "##[" not in text
    assert "##vso[" not in text
    assert not re.search(r"^\s*::", text, re.MULTILINE)
    if name == "json":
        assert json.loads(text)["before"]["name"] == HOSTILE["script"] + HOSTILE["lines"]
    if name in ("html", "md"):
        page = lxml_html.fromstring(text if name == "html" else MARKDOWN.render(text))
        assert page.xpath("//script | //img | //a[not(@class='skip')] | //@onerror | //iframe") == []


def test_the_marks_of_a_reworded_text_show_in_markdown():
    pieces = reworded("Label samples, keep (cold) things.", "Label, keep (very cold) things!")
    event = Event("entry", "reworded", "x", "entry reworded", "entry reworded", words=pieces)
    record = Changes("x", "micro-credential", "X", "x.yaml", (event,))
    page = MARKDOWN.render(writer("md")(Difference(Side("a"), Side("b"), date(2026, 11, 22), (record,)), Look()))
    found = lxml_html.fromstring(page).xpath("//li")[0]
    gone = "".join(found.xpath(".//s/text()"))
    new = "".join(found.xpath(".//strong/text()"))
    assert (gone, new) == (
        "".join(each.text.strip() for each in pieces if each.what == "gone"),
        "".join(each.text.strip() for each in pieces if each.what == "new"),
    )
