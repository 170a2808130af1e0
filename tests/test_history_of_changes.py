"""What commits changed, when each file was last changed, and which commit stands for a day."""

import os
import shutil
import subprocess
from datetime import date

import pytest

from mcred.dates import day_of, end_of
from mcred.errors import McredError
from mcred.history import Repository
from tests.repositories import Repo, git
from tests.support import DRAFT

ODD = 'micro-credentials/it\'s a "wānanga"\nx.yaml'
MARKED = "micro-credentials/\x01:100644 100644 R.yaml"
LONG = DRAFT + "".join(f"x-line-{number}: {number}\n" for number in range(20))


def at(day):
    """When a commit is made: at noon of a day, by UTC."""
    return {"GIT_COMMITTER_DATE": f"{day}T12:00:00Z", "GIT_AUTHOR_DATE": f"{day}T12:00:00Z"}


def commit(repo, files, day, subject):
    repo.write(files)
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "--allow-empty", "--message", subject, **at(day))
    return repo.git("rev-parse", "HEAD")


@pytest.fixture(scope="module")
def repo(tmp_path_factory):
    """A line of commits with every kind of change, and a merge whose branch is younger than what follows it."""
    repo = Repo(tmp_path_factory.mktemp("changes"), {"micro-credentials/a.yaml": LONG, ODD: DRAFT})
    commit(repo, {"micro-credentials/b.yaml": DRAFT, MARKED: DRAFT}, "2026-02-01", "b is new")
    commit(repo, {"micro-credentials/a.yaml": LONG + "x-more: 1\n"}, "2026-03-01", "a \x01 is changed")
    repo.git("checkout", "--quiet", "-b", "side")
    commit(repo, {"micro-credentials/c.yaml": DRAFT}, "2026-03-02", "c is new on a branch")
    repo.git("checkout", "--quiet", "work")
    commit(repo, {"micro-credentials/b.yaml": None, ODD: DRAFT + "x-more: 1\n"}, "2026-04-01", "b is gone")
    repo.git("merge", "--quiet", "--no-ff", "--message", "c is merged", "side", **at("2026-05-01"))
    repo.write({"micro-credentials/a.yaml": None, "micro-credentials/renamed.yaml": LONG + "x-more: 2\n"})
    commit(repo, {}, "2026-06-01", "a is renamed")
    return repo


def told(files):
    """Changed files by their names before and after."""
    prefix = "catalogue/micro-credentials/"
    return sorted(tuple((path or "-").removeprefix(prefix) for path in (each.was, each.path)) for each in files)


def test_a_line_of_commits_has_what_each_changed(repo):
    found = Repository(repo.folder)
    odd, marked = ODD.rpartition("/")[2], MARKED.rpartition("/")[2]

    assert [(each.subject, told(each.files)) for each in found.line(found.commit("work"), "catalogue")] == [
        ("a is renamed", [("a.yaml", "renamed.yaml")]),
        ("c is merged", [("-", "c.yaml")]),
        ("b is gone", [("b.yaml", "-"), (odd, odd)]),
        ("a \x01 is changed", [("a.yaml", "a.yaml")]),
        ("b is new", [("-", marked), ("-", "b.yaml")]),
        ("a change", [("-", "a.yaml"), ("-", "catalogue/catalogue.yaml"), ("-", odd)]),
    ]


def test_a_line_since_a_commit_leaves_out_what_that_holds(repo):
    found = Repository(repo.folder)

    assert [each.subject for each in found.line(found.commit("work"), "catalogue", found.commit("work~2"))] == [
        "a is renamed",
        "c is merged",
    ]


def test_files_that_differ_between_two_commits_come_with_their_bytes_and_a_rename_is_one(repo):
    found = Repository(repo.folder)
    changed = found.changed(found.commit("main"), found.commit("work"), "catalogue")
    renamed = next(each for each in changed if each.was != each.path and each.was and each.path)
    data = dict(found.read([renamed.before.id, renamed.after.id]))

    assert told(changed) == sorted(
        [("-", MARKED.rpartition("/")[2]), ("-", "c.yaml"), ("a.yaml", "renamed.yaml"), (ODD.rpartition("/")[2],) * 2]
    )
    assert [data[each.id].decode() for each in (renamed.before, renamed.after)] == [LONG, LONG + "x-more: 2\n"]
    assert [each.was for each in found.changed(found.commit("main"), found.commit("main~0"), "catalogue")] == []


def test_the_last_change_of_each_file_is_what_git_says_of_it_alone(repo):
    found = Repository(repo.folder)
    head = found.commit("work")
    last = found.last_changes(head, "catalogue")
    names = os.fsencode(repo.git("ls-tree", "-r", "-z", "--name-only", head, "catalogue")).decode().strip("\0")

    assert {path: each.id for path, each in last.items()} == {
        path: repo.git("rev-list", "-1", "--first-parent", head, "--", path) for path in names.split("\0")
    }


@pytest.mark.parametrize(
    ("day", "subject"),
    [
        ("2026-01-01", "a change"),
        ("2026-02-28", "b is new"),
        ("2026-03-01", "a \x01 is changed"),
        ("2026-03-31", "a \x01 is changed"),
        ("2030-01-01", "a is renamed"),
    ],
)
def test_a_day_stands_for_the_last_commit_by_its_end_and_never_for_one_of_a_branch(day, subject, repo):
    found = Repository(repo.folder)

    assert found.about(found.by(end_of(date.fromisoformat(day), "UTC"))).subject == subject


def test_a_day_ends_where_the_catalogue_is():
    noon_of_june_in_utc = 1780315200

    assert day_of(noon_of_june_in_utc, "UTC") == date(2026, 6, 1)
    assert day_of(noon_of_june_in_utc, "Pacific/Auckland") == date(2026, 6, 2)
    assert end_of(date(2026, 6, 1), "Pacific/Auckland") == noon_of_june_in_utc - 1
    assert day_of(end_of(date(2026, 6, 1), "Pacific/Auckland") + 1, "Pacific/Auckland") == date(2026, 6, 2)


def test_before_the_first_commit_nothing_was_recorded(repo):
    assert Repository(repo.folder).by(end_of(date(2025, 12, 31), "UTC")) is None


def test_a_shallow_clone_says_how_to_fetch_what_was_recorded_by_then(repo, tmp_path):
    git(tmp_path, "clone", "--quiet", "--no-local", "--depth=1", f"file://{repo.folder}", "clone")

    with pytest.raises(McredError, match=r"^this clone is shallow and lacks what was recorded by then; run: git fetch"):
        Repository(tmp_path / "clone").by(end_of(date(2026, 2, 1), "UTC"))


def test_a_partial_clone_says_how_to_fetch_what_it_lacks(repo, tmp_path):
    repo.git("config", "uploadpack.allowFilter", "true")
    git(
        tmp_path,
        "clone",
        "--quiet",
        "--no-checkout",
        "--no-local",
        "--filter=tree:0",
        f"file://{repo.folder}",
        "clone",
    )
    found = Repository(tmp_path / "clone")

    with pytest.raises(McredError, match=r"^this clone is partial and lacks some of what was recorded; run: git"):
        [*found.line(found.commit("HEAD"), "catalogue")]


def test_no_program_of_the_repository_compares(repo, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(repo.folder, folder)
    for name, value in {
        "diff.external": f"touch {tmp_path}/ran",
        "diff.odd.textconv": f"touch {tmp_path}/ran; cat",
        "diff.odd.command": f"touch {tmp_path}/ran",
        "core.fsmonitor": f"touch {tmp_path}/ran",
        "core.pager": f"touch {tmp_path}/ran",
        "gpg.program": f"touch {tmp_path}/ran",
        "log.showSignature": "true",
        "log.showRoot": "false",
    }.items():
        git(folder, "config", name, value)
    (folder / ".git/info").mkdir(exist_ok=True)
    (folder / ".git/info/attributes").write_text("*.yaml diff=odd\n")
    found = Repository(folder)

    assert len([*found.line(found.commit("work"), "catalogue")]) == 6
    assert found.changed(found.commit("main"), found.commit("work"), "catalogue")
    assert not (tmp_path / "ran").exists()


def test_conflicts_left_in_files_are_no_commit(repo, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(repo.folder, folder)
    git(folder, "checkout", "--quiet", "-b", "other", "main")
    (folder / "catalogue/micro-credentials/a.yaml").write_text("id: other\n")
    git(folder, "commit", "--quiet", "--all", "--message", "another a")
    with pytest.raises(subprocess.CalledProcessError):
        git(folder, "merge", "--quiet", "work")
    found = Repository(folder)

    assert [each.subject for each in found.line(found.commit("HEAD"), "catalogue")] == ["another a", "a change"]
