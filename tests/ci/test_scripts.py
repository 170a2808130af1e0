"""The scripts of the files for CI, run as they stand, with the real program in real repositories."""

import base64
import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support import DRAFT, PROGRAM, ROOT, environment, made

GITHUB = yaml.safe_load((ROOT / "templates/ci/github/catalogue.yml").read_text("utf-8"))["jobs"]
GITLAB = yaml.safe_load((ROOT / "templates/ci/gitlab/.gitlab-ci.yml").read_text("utf-8"))["mcred"]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]

BAD = "id: b-draft\ntitle: B\nframework: none\nlevle: 3\n"
OTHER = "id: c-draft\ntitle: C\nframework: none\nlevle: 3\n"


def step(steps, name):
    (found,) = (each for each in steps if each.get("name") == name)
    return found


def run(script, cwd, **env):
    """Run a script as a service does."""
    known = environment(cwd, PATH=f"{PROGRAM.parent}:/usr/bin:/bin", **env)
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=cwd, env=known, capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL
    )


def git(folder, *arguments):
    known = environment(folder, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1")
    who = ("-c", "user.name=Tester", "-c", "user.email=tester@example.org")
    command = ["git", *who, *arguments]
    return subprocess.run(command, cwd=folder, env=known, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def repository(tmp_path):
    """A repository whose main has an old fault, and a branch on it that changes nothing yet."""
    folder = made(tmp_path / "repository", {"micro-credentials/c-draft.yaml": OTHER}).parent
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=Begin")
    git(folder, "switch", "--quiet", "--create=change")
    return folder


def commit(folder, path, text):
    """Change a file on the branch; return the commit that it started from."""
    (folder / "catalogue" / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / "catalogue" / path).write_text(text)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=Change")
    return git(folder, "rev-parse", "main")


# --- GitHub ----------------------------------------------------------------------------------------------------------


def test_a_push_is_checked_as_a_whole_and_the_summary_has_the_report(repository, tmp_path):
    summary = tmp_path / "summary.md"
    script = step(GITHUB["check"]["steps"], "Check the whole catalogue")
    done = run(script["run"], repository, GITHUB_STEP_SUMMARY=str(summary))

    assert (done.returncode, done.stderr) == (1, "")
    assert "::error file=catalogue/micro-credentials/c-draft.yaml,line=4," in done.stdout
    assert "| error | 4 | unknown field" in summary.read_text("utf-8")


@pytest.mark.parametrize("fork", ["true", "false"])
def test_a_pull_request_is_judged_by_what_it_changes(repository, fork):
    script = step(GITHUB["check"]["steps"], "Check what the pull request changes")["run"]
    base = commit(repository, "micro-credentials/a-draft.yaml", DRAFT)
    clean = run(script, repository, BASE=base, FORK=fork)
    commit(repository, "micro-credentials/b-draft.yaml", BAD)
    done = run(script, repository, BASE=base, FORK=fork)

    assert (clean.returncode, clean.stderr) == (0, "")
    assert (done.returncode, done.stderr) == (1, "")
    assert "::error file=catalogue/micro-credentials/b-draft.yaml,line=4," in done.stdout
    assert "c-draft" not in done.stdout


def test_a_fork_may_not_change_the_rules(repository):
    script = step(GITHUB["check"]["steps"], "Check what the pull request changes")["run"]
    base = commit(repository, "catalogue.yaml", "format: 1\ntitle: Test\nlanguages: [mi]\n")

    assert run(script, repository, BASE=base, FORK="false").returncode == 0
    assert run(script, repository, BASE=base, FORK="true").returncode == 1
    assert run(script, repository, BASE=base, FORK="").returncode == 1


def test_findings_are_handed_in_for_code_scanning(repository, tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "gh").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{tmp_path}/asked\n')
    (programs / "gh").chmod(0o755)
    script = step(GITHUB["code-scanning"]["steps"], "Hand in the findings")["run"]
    known = {"GITHUB_SHA": "1" * 40, "GITHUB_REF": "refs/heads/main", "GITHUB_REPOSITORY": "o/r"}
    done = run(f'PATH="{programs}:$PATH"\n{script}', repository, RUNNER_TEMP=str(tmp_path), **known)
    *asked, _, sarif = (tmp_path / "asked").read_text().splitlines()
    report = json.loads(gzip.decompress(base64.b64decode(Path(sarif.removeprefix("sarif=@")).read_bytes())))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert asked == [
        *("api", "--method", "POST", "--silent", "repos/o/r/code-scanning/sarifs"),
        *("-f", f"commit_sha={'1' * 40}", "-f", "ref=refs/heads/main"),
    ]
    assert [each["ruleId"] for each in report["runs"][0]["results"]] == ["MC102"]


# --- GitLab ----------------------------------------------------------------------------------------------------------


def test_gitlab_gets_its_reports_of_the_whole_branch(repository):
    done = run(GITLAB["script"][-1], repository)
    reports = GITLAB["artifacts"]["reports"]

    assert done.returncode == 1
    assert "error[MC102]" in done.stdout
    (finding,) = json.loads((repository / reports["codequality"]).read_text("utf-8"))
    assert finding["location"] == {"path": "catalogue/micro-credentials/c-draft.yaml", "lines": {"begin": 4}}
    assert "<failure" in (repository / reports["junit"]).read_text("utf-8")
    assert all((repository / path).is_file() for path in GITLAB["artifacts"]["paths"])


def test_gitlab_judges_a_merge_request_by_what_it_changes(repository):
    base = commit(repository, "micro-credentials/a-draft.yaml", DRAFT)
    own = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_MERGE_REQUEST_PROJECT_ID": "1"}

    assert run(GITLAB["script"][-1], repository, CI_MERGE_REQUEST_SOURCE_PROJECT_ID="1", **own).returncode == 0
    commit(repository, "catalogue.yaml", "format: 1\ntitle: Test\nlanguages: [mi]\n")
    assert run(GITLAB["script"][-1], repository, CI_MERGE_REQUEST_SOURCE_PROJECT_ID="1", **own).returncode == 0
    assert run(GITLAB["script"][-1], repository, CI_MERGE_REQUEST_SOURCE_PROJECT_ID="2", **own).returncode == 1


# --- the action ------------------------------------------------------------------------------------------------------


@pytest.mark.packaging
def test_the_action_installs_itself_and_checks(repository, tmp_path):
    action, temporary, summary = tmp_path / "the action", tmp_path / "temporary files", tmp_path / "summary.md"
    for name in ("src", "schemas", "templates", "requirements"):
        shutil.copytree(ROOT / name, action / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, action)
    temporary.mkdir()
    known = {"GITHUB_ACTION_PATH": str(action), "RUNNER_TEMP": str(temporary), "GITHUB_STEP_SUMMARY": str(summary)}
    install, check = (each["run"] for each in ACTION)
    python = Path(sys.executable).resolve().parent
    installed = run(f'PATH="{python}:$PATH"\n{install}', tmp_path, **known)
    assert (installed.returncode, installed.stdout) == (0, ""), installed.stderr

    asked = {"CHANGED_SINCE": "", "FAIL_ON_POLICY_CHANGE": "false", "FAIL_ON": "error"}
    done = run(check, repository, **known, **asked)
    assert (done.returncode, done.stderr) == (1, "")
    assert "::error file=catalogue/micro-credentials/c-draft.yaml,line=4," in done.stdout
    assert "| error | 4 | unknown field" in summary.read_text("utf-8")
    assert run(check, repository, **known, **{**asked, "FAIL_ON": "never"}).returncode == 0


def test_the_action_hands_over_each_input(tmp_path):
    given = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]
    env = ACTION[1]["env"] | {"": ACTION[1]["working-directory"]}

    assert sorted(env.values()) == sorted(f"${{{{ inputs.{name} }}}}" for name in given)
    assert all(f'"${name}"' in ACTION[1]["run"] for name in ACTION[1]["env"])
