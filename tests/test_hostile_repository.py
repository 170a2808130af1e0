"""A repository that was made to do harm, before the commands that read its history or commit to it."""

import json
import os
import re

import pytest

from mcred.text import inert
from tests.due import HOSTILE
from tests.repositories import Repo, contents, trap
from tests.support import mcred

DAY = ("--as-of", "2026-11-22")
AUTHORITY = "id: an-authority\ntitle: An Authority\ntypes: [{type: qualifications-authority}]\n"
PROVIDER = "id: a-provider\ntitle: A Provider\ntypes: [{type: private-training-establishment}]\n"
WATER = """\
id: farm-water
title: Farm Water
framework: nzqcf
developer: a-provider
decisions:
  - {id: a, act: content-approved, date: 2026-02-12, by: an-authority, version: "1", review_years: 2}
  - {id: l, act: listed, date: 2026-02-12, by: an-authority, version: "1", number: "0451", review_years: 2}
"""
PATH = "catalogue/micro-credentials/farm-water.yaml"
FILES = {
    "micro-credentials/farm-water.yaml": WATER,
    "organisations/an-authority.yaml": AUTHORITY,
    "organisations/a-provider.yaml": PROVIDER,
}
DECIDE = ["decide", "farm-water", "review-started", "--date", "2026-11-20", "--by", "a-provider", "reviewer=developer"]
REVIEW = ["review", "record", "farm-water", "--reviewer", "developer", "--date", "2026-11-20", "--outcome", "continue"]
WRITTEN = ("objects", "refs", "logs", "index", "HEAD")
"""What a commit writes below `.git`."""


@pytest.fixture
def hostile(tmp_path):
    repo = Repo(tmp_path / "repo", FILES)
    repo.git("config", "user.name", "A")
    repo.git("config", "user.email", "a@b.example")
    repo.write({"micro-credentials/farm-water.yaml": WATER.replace("02-12", "02-11", 1)})
    repo.git(
        "commit", "--quiet", "--all", "--author", "\x1b[2J::error::x <a@b.example>", "-m", "##[error]x\n::error::y"
    )
    trap(repo, tmp_path / "ran")
    # Git looks anew, through filters, at every file that is no older than its index, whenever it writes that.
    os.utime(repo.folder / ".git/index", (1, 1))
    return repo


def ran_in(repo, *arguments):
    """What a command says where the surroundings want to mislead it too; no program ran and no trace was written."""
    program, outside = str(repo.folder / "trap.sh"), repo.folder.parent
    ran = mcred(
        *arguments, *DAY, cwd=repo.folder, GIT_EXTERNAL_DIFF=program, GIT_PAGER=program, GIT_EDITOR=program,
        GIT_DIR=str(outside), GIT_INDEX_FILE=str(outside / "index"), GIT_TRACE=str(outside / "trace"),
    )  # fmt: skip
    assert not (outside / "ran").exists(), (outside / "ran").read_text()
    assert sorted(path.name for path in outside.iterdir()) == ["repo"]
    return ran


def test_checking_what_commits_did_runs_nothing_and_writes_nothing(hostile):
    before = contents(hostile.folder)
    ran = ran_in(hostile, "history", "check", "--format", "concise")

    assert (ran.code, ran.err) == (1, "")
    assert re.fullmatch(
        rf"{PATH}:6:42: error: 'date' of the decision 'a' is '2026-02-11'; it was recorded as '2026-02-12' "
        r"\(since [0-9a-f]{12} of 2026-01-01\) \[MC503 decision-rewritten\]\n.*\n?",
        ran.out,
    )
    assert contents(hostile.folder) == before
    assert ran_in(hostile, "history", "check", "--since=--output=x").code == 3
    assert contents(hostile.folder) == before


@pytest.mark.parametrize("command", [DECIDE, REVIEW], ids=["decide", "review record"])
@pytest.mark.parametrize("branch", [(), ("--branch", "new")], ids=["here", "branch"])
def test_a_commit_runs_nothing_and_writes_no_more_than_it_must(hostile, command, branch):
    before = contents(hostile.folder)
    old = (hostile.folder / PATH).read_bytes()
    ran = ran_in(hostile, *command, "--commit", *branch)

    assert (ran.code, ran.err) == (0, "")
    after, git = contents(hostile.folder), hostile.folder / ".git"
    differ = {path for path in {*before, *after} if before.get(path) != after.get(path)} - {hostile.folder / PATH}
    assert {path.relative_to(git).parts[0] for path in differ} <= {*WRITTEN}
    assert (git / "index").stat().st_mtime == 1  # so that it goes on to doubt them
    # To look at what came of it, git is told to leave the traps alone.
    look = ["-c", "include.path=/dev/null", "-c", "log.showSignature=false"]
    shown = hostile.git(*look, "diff-tree", "-r", "--name-only", "--no-ext-diff", "HEAD^", "HEAD")
    assert shown == PATH
    new = hostile.git(*look, "cat-file", "blob", f"HEAD:{PATH}").encode() + b"\n"
    assert new == (hostile.folder / PATH).read_bytes()
    assert new.startswith(old)


def test_a_working_tree_elsewhere_is_not_written_to(hostile):
    hostile.git("config", "core.worktree", hostile.folder.parent)
    before = contents(hostile.folder)
    ran = ran_in(hostile, *DECIDE, "--commit")

    assert ran.code == 3
    assert ran.err.startswith(f"mcred: nothing was written: {PATH} has changes that are not committed yet")
    assert contents(hostile.folder) == before


@pytest.mark.parametrize("format", ["text", "concise", "github", "markdown", "html", "csv"])
def test_names_of_files_and_what_commits_say_is_text(tmp_path, format):
    name = "micro-credentials/ngā\n::error::\x1b[2J\u202e'\"##[x].yaml"
    repo = Repo(tmp_path / "repo", {**FILES, name: WATER})
    repo.write({name: None})
    repo.git(
        "commit", "--quiet", "--all", "--author", "\x1b[2J::error::x <a@b.example>", "-m", "##[error]x\n::error::y"
    )
    trap(repo, tmp_path / "ran")
    ran = ran_in(repo, "history", "check", "--format", format)

    assert (ran.code, ran.err) == (1, "")
    assert "is deleted, with 2 decisions about it" in ran.out
    assert not set(ran.out) & set("\x1b\x00\r\u202e")
    assert "##[" not in ran.out
    if format != "github":
        assert not re.search(r"^\s*::", ran.out, re.MULTILINE)


@pytest.mark.parametrize("format", ["text", "table", "tsv", "csv", "json", "md"])
def test_what_a_list_holds_is_text(hostile, format):
    entries = [{"number": text, "title": text, "status": text, text: "x"} for text in ("0451", *HOSTILE.values())]
    (hostile.folder / "list.json").write_text(json.dumps(entries))
    before = contents(hostile.folder)
    ran = ran_in(hostile, "reconcile", "list.json", "--format", format)

    assert ran.code == 1
    assert contents(hostile.folder) == before
    assert not set(ran.out) & set("\x1b\x00\r\u2028\u202e\ufeff")
    assert "##[" not in ran.out
    assert "##vso[" not in ran.out
    assert not re.search(r"^\s*::", ran.out, re.MULTILINE)
    if format == "csv":  # which a spreadsheet opens
        assert not re.search(r"(^|,)\"?[=+@-]", ran.out, re.MULTILINE), inert(ran.out)


def test_thousands_of_items_in_another_order_are_soon_known_to_be_the_same(tmp_path):
    items = [f"  - {{id: a-{number}, method: x}}\n" for number in range(3000)]
    repo = Repo(
        tmp_path / "repo", {**FILES, "micro-credentials/farm-water.yaml": f"{WATER}assessments:\n{''.join(items)}"}
    )
    repo.write({"micro-credentials/farm-water.yaml": f"{WATER}assessments:\n{''.join(reversed(items))}"})
    repo.commit()
    ran = mcred("history", "check", *DAY, cwd=repo.folder)

    assert (ran.code, ran.err) == (0, "")
    assert ran.seconds < 5  # each with each it takes three times as long
