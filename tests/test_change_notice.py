"""The change notice: what changed of a record since its content approval was recorded, as a document."""

import json

import pytest
from jsonschema import Draft202012Validator

from tests.repositories import Repo
from tests.support import AS_OF, CATALOGUE, DRAFT, GOLDENS, made, mcred, register
from tests.test_diff import CHANGED, WORKED

DOCUMENTS = sorted((CATALOGUE / "documents" / "worked-example").iterdir())
REGISTER = register() | {f"documents/worked-example/{path.name}": path.read_bytes() for path in DOCUMENTS}


def render(repo, *arguments, cwd=None):
    return mcred("render", "--as-of", AS_OF, "--document", "change-notice", *arguments, cwd=cwd or repo.folder)


@pytest.fixture(scope="module")
def repo(tmp_path_factory):
    """The worked example, changed since; no test changes it."""
    made = Repo(tmp_path_factory.mktemp("notice"), REGISTER)
    made.write({WORKED: CHANGED.replace("may be excused the first round", "may be excused <b>two</b> rounds")})
    return made


def test_a_notice_says_what_its_golden_file_says(repo, tmp_path, golden):
    done = render(repo, "worked-example", "--format", "md", "--format", "html", "--output", tmp_path)
    assert (done.code, done.err) == (0, "")
    golden(GOLDENS / "change-notice.md", (tmp_path / "worked-example" / "change-notice.md").read_text("utf-8"))
    page = (tmp_path / "worked-example" / "change-notice.html").read_text("utf-8")
    assert "by a <em>written</em> method." in page
    assert "by a <strong>published</strong> method" in page
    assert "&lt;b" in page
    assert "<b>" not in page


def test_the_data_of_a_notice_are_of_the_schema_of_views(repo, tmp_path):
    done = render(repo, "worked-example", "--format", "json", "--output", tmp_path / "out")
    assert (done.code, done.err) == (0, "")
    view = json.loads((tmp_path / "out" / "worked-example" / "view.json").read_text("utf-8"))
    Draft202012Validator(json.loads(mcred("schema", "view", cwd=tmp_path).out)).validate(view)
    assert [row["kind"] for row in view["changes"]["rows"]] == [
        *("credits-changed", "hours-changed", "outcome-reworded"),
        *("recognition-of-prior-learning-reworded", "decision-added"),
    ]
    assert view["changes"]["since"]["day"] == "2026-01-01"


def test_of_all_records_those_that_changed_have_a_notice_and_of_a_named_one_also_that_nothing_did(tmp_path):
    repo = Repo(tmp_path / "repo", REGISTER)
    assert render(repo, "--output", tmp_path / "all").out == "wrote 0, unchanged 0\n"
    assert render(repo, "worked-example", "--format", "md", "--output", tmp_path / "one").code == 0
    assert "Nothing changed." in (tmp_path / "one" / "worked-example" / "change-notice.md").read_text("utf-8")
    # The commits are part of what it is made from: the same files are another change once the approval is another.
    repo.write({WORKED: CHANGED})
    assert "wrote 1" in render(repo, "worked-example", "--format", "md", "--output", tmp_path / "one").out
    assert "unchanged 1" in render(repo, "worked-example", "--format", "md", "--output", tmp_path / "one").out
    newer = (
        CHANGED + "  - {act: content-approved, date: 2026-08-01, by: example-qualifications-authority, version: '3'}\n"
    )
    repo.write({WORKED: newer})
    done = render(repo, "worked-example", "--output", tmp_path / "one")
    assert done.code == 1
    assert "it has no change-notice: no commit holds the content approval of 2026-08-01, version 3 yet" in done.err
    repo.commit()
    assert render(repo, "worked-example", "--format", "md", "--output", tmp_path / "one").code == 0
    assert "Nothing changed." in (tmp_path / "one" / "worked-example" / "change-notice.md").read_text("utf-8")


def test_a_file_that_was_moved_and_not_committed_yet_is_the_same(repo, tmp_path):
    moved = Repo(tmp_path / "repo", REGISTER)
    moved.write({WORKED: None, "micro-credentials/sub/worked-example.yaml": CHANGED})
    done = render(moved, "worked-example", "--format", "md", "--output", tmp_path / "out")
    assert (done.code, done.err) == (0, "")
    assert "File moved" in (tmp_path / "out" / "worked-example" / "change-notice.md").read_text("utf-8")


def test_a_draft_has_none_and_without_a_repository_there_is_nothing_to_compare_with(tmp_path):
    path = "micro-credentials/a-draft.yaml"
    repo = Repo(tmp_path / "repo", {path: DRAFT})
    assert f"it has no change-notice: no content approval is recorded by {AS_OF}" in render(repo, "a-draft").err
    bare = tmp_path / "bare"
    made(bare, {path: DRAFT})
    done = render(None, "a-draft", cwd=bare)
    assert (done.code, done.out) == (3, "")
    assert "is no Git repository" in done.err
