"""Checks before a commit, by the real pre-commit in real repositories: nothing wrong gets in, however it is committed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import DRAFT, PROGRAM, ROOT, environment, mcred

PRE_COMMIT = Path(sys.executable).parent / "pre-commit"
WANTS = "id: b-draft\ntitle: B Draft\nframework: none\nrequires: [a-draft]\n"
BAD = "id: c-draft\ntitle: C Draft\nframework: none\nlevle: 3\n"


def run(folder, *command, **env):
    known = environment(
        folder,
        PATH=f"{PROGRAM.parent}:/usr/bin:/bin",
        GIT_CONFIG_GLOBAL="/dev/null",
        GIT_CONFIG_NOSYSTEM="1",
        PRE_COMMIT_HOME=str(folder.parent / "pre-commit"),
        **env,
    )
    return subprocess.run(
        command, cwd=folder, env=known, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def git(folder, *arguments):
    return run(folder, "git", "-c", "user.name=Tester", "-c", "user.email=tester@example.org", *arguments)


def write(folder, name, text):
    place = folder / "catalogue/micro-credentials" / f"{name}.yaml"
    place.parent.mkdir(exist_ok=True)
    place.write_text(text)


@pytest.fixture
def repository(tmp_path):
    """A repository begun with `mcred init`, with the hook installed and two records committed, one of which needs the other."""
    folder = tmp_path / "our register"
    folder.mkdir()
    assert git(folder, "init", "--quiet", "--initial-branch=main").returncode == 0
    assert mcred("init", cwd=folder).code == 0
    assert run(folder, PRE_COMMIT, "install").returncode == 0
    write(folder, "a-draft", DRAFT)
    write(folder, "b-draft", WANTS)
    git(folder, "add", ".")
    done = git(folder, "commit", "--message=Begin")
    assert done.returncode == 0, done.stderr
    return folder


def refused(done):
    assert done.returncode == 1, done.stderr
    return "check the catalogue" in done.stderr and "Failed" in done.stderr


@pytest.mark.slow
def test_what_is_wrong_does_not_get_in(repository):
    write(repository, "c-draft", BAD)
    git(repository, "add", ".")
    done = git(repository, "commit", "--message=Add")

    assert refused(done)
    assert "--> catalogue/micro-credentials/c-draft.yaml:4:1" in done.stderr
    write(repository, "c-draft", BAD.replace("levle: 3\n", ""))
    assert refused(git(repository, "commit", "--message=Add"))  # what is committed is what was staged
    assert git(repository, "commit", "--all", "--message=Add").returncode == 0


@pytest.mark.slow
def test_a_commit_that_only_takes_away_is_checked(repository):
    git(repository, "rm", "--quiet", "catalogue/micro-credentials/a-draft.yaml")
    done = git(repository, "commit", "--message=Take away")

    assert refused(done)
    assert "error[MC205]" in done.stderr


@pytest.mark.slow
def test_a_commit_of_one_file_from_another_work_tree_is_checked(repository, tmp_path):
    # Git then runs hooks with GIT_DIR, and with a GIT_INDEX_FILE of that commit alone.
    beside = tmp_path / "beside"
    assert git(repository, "worktree", "add", "--quiet", str(beside)).returncode == 0
    write(beside, "a-draft", f"{DRAFT}levle: 3\n")
    write(beside, "b-draft", f"{WANTS}remarks: Whatever.\n")

    assert refused(git(beside, "commit", "--message=Both", "--all"))
    assert refused(git(beside, "commit", "--message=One", "catalogue/micro-credentials/a-draft.yaml"))
    done = git(beside, "commit", "--message=Other", "catalogue/micro-credentials/b-draft.yaml")
    assert done.returncode == 0, done.stderr
    assert git(beside, "status", "--porcelain").stdout == " M catalogue/micro-credentials/a-draft.yaml\n"


@pytest.mark.packaging
def test_the_hook_that_this_repository_offers(repository, tmp_path):
    ours = tmp_path / "mcred"
    for name in ("src", "schemas", "templates"):
        shutil.copytree(ROOT / name, ours / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, ours)
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message=It"], ["tag", "v0"]):
        assert git(ours, *command).returncode == 0
    (repository / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {ours}\n    rev: v0\n    hooks: [{{id: mcred}}]\n"
    )
    git(repository, "add", ".")
    clean = run(repository, PRE_COMMIT, "run", "--all-files", PIP_CONSTRAINT=str(ROOT / "requirements/run.txt"))
    write(repository, "c-draft", BAD)
    git(repository, "add", ".")
    done = run(repository, PRE_COMMIT, "run")

    assert clean.returncode == 0, clean.stdout
    assert done.returncode == 1
    assert "--> catalogue/micro-credentials/c-draft.yaml:4:1" in done.stdout
