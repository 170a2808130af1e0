"""`mcred history check`: what commits did wrong that is so still, commit by commit."""

from datetime import date

import pytest

from mcred.cli.checked_history import checked_history
from mcred.errors import McredError
from mcred.workspace import Workspace
from tests.repositories import Repo
from tests.support import mcred

A = "micro-credentials/a-draft.yaml"
A2 = "micro-credentials/a-second.yaml"
B = "micro-credentials/b-draft.yaml"
SENT = "id: a-draft\ntitle: Farm Water\nframework: none\ndecisions:\n  - {act: submitted, date: 2026-02-12}\n"
OTHER = "id: b-draft\ntitle: B\nframework: none\n"


@pytest.fixture
def repo(tmp_path):
    made = Repo(tmp_path, {A: SENT, B: OTHER})
    made.root = made.root.resolve()
    return made


def told(repo, since=None):
    """The file, the rule and the commit of each finding."""
    report = checked_history(Workspace(repo.root), since, date(2026, 11, 22))
    return [(d.where.rpartition("/")[2], d.name, d.arguments["commit"]) for d in report.diagnostics]


def commit(repo, files):
    repo.write(files)
    repo.commit()
    return repo.git("rev-parse", "HEAD")


def test_what_a_commit_did_wrong_is_told_with_the_commit(repo):
    first = commit(repo, {A: SENT.replace("02-12", "02-10")})
    commit(repo, {B: OTHER + "remarks: x\n"})
    second = commit(repo, {A: SENT.replace("02-12", "02-10").replace("act: submitted, ", "act: withdrawn, ")})

    assert told(repo) == [("a-draft.yaml:5:11", "decision-rewritten", second)]
    assert told(repo, first) == [("a-draft.yaml:5:11", "decision-rewritten", second)]
    assert told(repo, second) == []


def test_what_was_put_right_later_is_no_fault_any_more(repo):
    commit(repo, {A: SENT.replace("02-12", "02-10")})
    commit(repo, {A: SENT})
    assert told(repo) == []

    gone = commit(repo, {A: None})
    assert told(repo) == [("a-draft.yaml:1:1", "record-deleted", gone)]
    commit(repo, {A: SENT})
    assert told(repo) == []


def test_an_id_of_a_draft_that_is_gone_is_not_used_again(repo):
    commit(repo, {B: None})
    taken = commit(repo, {B: "id: b-draft\ntitle: Bees\nframework: none\n"})

    assert told(repo) == [("b-draft.yaml:1:5", "id-reused", taken)]


def test_an_id_that_a_record_had_earlier_is_not_used_again(repo):
    long = "remarks: The water is taken from the stream below the yard, where the stock drink, and above it.\n"
    commit(repo, {A: SENT + long})
    commit(repo, {A: None, A2: SENT.replace("a-draft", "a-second") + long + "aliases: [a-draft]\n"})
    taken = commit(repo, {A: "id: a-draft\ntitle: Bees\nframework: none\n"})

    assert told(repo) == [("a-draft.yaml:1:5", "id-reused", taken)]


@pytest.mark.parametrize("text", [SENT.replace("a-draft", "a-second") + "aliases: [a-draft]\n", "as it was"])
def test_a_record_that_was_renamed_later_is_not_let_off(repo, text):
    done = commit(repo, {A: SENT.replace("02-12", "02-10")})
    if text == "as it was":  # which Git knows again by its text, whatever its name
        renamed = commit(repo, {A: None, A2: SENT.replace("02-12", "02-10").replace("id: a-draft", "id: a-second")})
        also = [("a-second.yaml:1:5", "record-deleted", renamed)]
    else:  # with a text so different that only the earlier id leads there
        text = text.replace("02-12", "02-10").replace("title: Farm Water", "title: Something Else Altogether\nlevel: 3")
        commit(repo, {A: None, A2: "# \n" * 99 + text})
        also = []

    assert told(repo)[len(also) :] == [(f"a-second.yaml:{5 if also else 105}:28", "decision-rewritten", done)]
    assert told(repo)[: len(also)] == also


def test_a_policy_that_is_no_longer_in_force(repo):
    settings = (repo.root / "catalogue.yaml").read_text()
    commit(repo, {"catalogue.yaml": f"{settings}policies: [farm-policy]\n"})
    done = commit(repo, {"catalogue.yaml": settings})

    assert told(repo) == [("catalogue.yaml:1:1", "policy-weakened", done)]


def test_from_a_day_on(repo):
    repo.write({A: SENT.replace("02-12", "02-10")})
    repo.git("commit", "--quiet", "--all", "--message", "x", GIT_COMMITTER_DATE="2026-03-01T12:00:00Z")
    done = repo.git("rev-parse", "HEAD")

    assert told(repo, "2026-02") == told(repo, "2026-01-01") == [("a-draft.yaml:5:28", "decision-rewritten", done)]
    assert told(repo, "2026-03-01") == []
    assert told(repo, "2025-12") == told(repo)


def test_a_clone_that_lacks_earlier_commits_says_so(repo, tmp_path):
    commit(repo, {A: SENT.replace("02-12", "02-10")})
    commit(repo, {B: OTHER + "remarks: x\n"})
    repo.git("clone", "--quiet", "--depth", "2", f"file://{repo.folder}", tmp_path / "shallow")
    root = (tmp_path / "shallow/catalogue").resolve()

    with pytest.raises(McredError, match=r"^this clone is shallow and lacks what was recorded earlier; run: git fetch"):
        checked_history(Workspace(root), None, date(2026, 11, 22))
    assert checked_history(Workspace(root), "HEAD~1", date(2026, 11, 22)).diagnostics == ()


def test_a_merge_is_judged_by_what_it_brought_to_the_line(repo):
    repo.git("checkout", "--quiet", "-b", "side")
    commit(repo, {A: SENT.replace("02-12", "02-10")})
    commit(repo, {A: SENT})
    repo.git("checkout", "--quiet", "work")
    repo.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")
    assert told(repo) == []

    repo.git("checkout", "--quiet", "side")
    commit(repo, {A: SENT.replace("02-12", "02-10")})
    repo.git("checkout", "--quiet", "work")
    repo.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")
    assert told(repo) == [("a-draft.yaml:5:28", "decision-rewritten", repo.git("rev-parse", "HEAD"))]


def test_a_file_that_could_not_be_read_for_a_while_is_no_deletion(repo):
    commit(repo, {A: "id: [\n"})
    commit(repo, {A: "id: [[\n"})
    commit(repo, {A: SENT})

    assert told(repo) == []


@pytest.mark.parametrize("text", [SENT.replace("02-12", "02-10"), None])
def test_nor_does_it_hide_what_was_done_meanwhile(repo, text):
    commit(repo, {A: "id: [\n"})
    commit(repo, {A: "id: [[\n"})
    done = commit(repo, {A: text})

    rule = ("a-draft.yaml:5:28", "decision-rewritten") if text else ("a-draft.yaml:1:1", "record-deleted")
    assert told(repo) == [(*rule, done)]


def test_the_program_says_in_which_commit(repo):
    done = commit(repo, {A: SENT.replace("02-12", "02-10")})
    ran = mcred("history", "check", "--as-of", "2026-11-22", "-f", "concise", cwd=repo.folder)

    assert (ran.code, ran.err) == (1, "")
    assert f"it was recorded as '2026-02-12' (since {done[:12]} of 2026-01-01) [MC503" in ran.out
    ran = mcred("history", "check", "--since", "--output=x", cwd=repo.folder)
    assert (ran.code, ran.err) == (3, "mcred: no revision '--output=x' in this repository\n")


def test_it_is_told_where_there_was_nothing_to_check(repo):
    ran = mcred("history", "check", "--since", "HEAD", cwd=repo.folder)
    nothing = "nothing to check: no commit of the first-parent line of HEAD after 'HEAD' changes a record\n"
    assert (ran.code, ran.out, ran.err) == (0, nothing, "")
    assert mcred("history", "check", "--since", "HEAD", "-f", "jsonl", cwd=repo.folder).out == ""


def test_what_is_put_right_hides_nothing_else(repo):
    more = "  - {act: withdrawn, date: 2026-03-01}\n"
    commit(repo, {A: SENT.replace("02-12", "02-10")})
    commit(repo, {A: SENT.replace("02-12", "02-10") + more})
    done = commit(repo, {A: SENT + more.replace("03-01", "03-02")})

    assert told(repo) == [("a-draft.yaml:6:28", "decision-rewritten", done)]
