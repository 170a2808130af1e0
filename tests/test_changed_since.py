"""`validate --changed-since`: what a change did and what comes of it elsewhere, by the rules that it found."""

import contextlib
import subprocess
from datetime import date

import pytest

from mcred.baseline import FILE, debt, may_be_known, written
from mcred.cli import targets
from mcred.cli.since import Since
from mcred.dates import today
from mcred.validation import Request, validate
from tests.repositories import Repo, contents, git, trap
from tests.support import AS_OF, DRAFT, made, mcred, register
from tests.test_policy_changes import FRAMEWORK, POLICY, RECORD, SETTINGS, WATER

DAY = date.fromisoformat(AS_OF)

NEEDS_B = "id: a-draft\ntitle: A\nframework: none\nrequires: [b-draft]\n"
B = "id: b-draft\ntitle: B\nframework: none\n"
OLD_FAULT = "id: c-draft\ntitle: C\nframework: none\nlevle: 1\nrequires: [nowhere]\n"
FILES = {
    "micro-credentials/a-draft.yaml": NEEDS_B,
    "micro-credentials/b-draft.yaml": B,
    "micro-credentials/c-draft.yaml": OLD_FAULT,
}


@pytest.fixture
def repo(tmp_path):
    return Repo(tmp_path, FILES)


def report_of(repo, *named, since="main", **more):
    """The report on a change, made in this process."""
    with contextlib.chdir(repo.root):
        target = targets.whole([repo.root / path for path in named], None)
    since = Since(target, target.workspace, since)
    request = Request(
        entries=target.entries,
        again=target.again,
        files=target.walk.files,
        misplaced=target.misplaced,
        reported=target.reported,
        as_of=DAY,
        baseline=target.baseline,
        **more,
    )
    report = validate(since.narrowed(request), since.context)
    return report._replace(policy_changes=since.policy_changes(report, request))


def told(repo, *named, **more):
    """The file and the rule of each finding of the report on a change."""
    return [(d.path.rpartition("/")[2], d.name) for d in report_of(repo, *named, **more).diagnostics]


LEVLE = B + "levle: 1\n"


# --- what is changed -------------------------------------------------------------------------------------------------


def test_where_nothing_changed_nothing_is_told(repo):
    report = report_of(repo)

    assert (report.diagnostics, report.checked.files, report.policy_changes) == ((), 0, ())


@pytest.mark.parametrize("how", ["unstaged", "staged", "committed", "committed, then main went on"])
def test_a_file_that_differs_is_told_of_however_far_the_change_has_come(how, repo):
    repo.write({"micro-credentials/b-draft.yaml": LEVLE})
    if how == "staged":
        repo.git("add", "--all")
    if how.startswith("committed"):
        repo.commit()
    if how.endswith("went on"):
        repo.git("checkout", "--quiet", "main")
        repo.write({"micro-credentials/a-draft.yaml": "id: [\n", "catalogue.yaml": "format: 1\nlanguages: [mi]\n"})
        repo.commit()
        repo.git("checkout", "--quiet", "work")

    report = report_of(repo)

    assert [(d.path, d.name) for d in report.diagnostics] == [
        ("catalogue/micro-credentials/b-draft.yaml", "unknown-field")
    ]
    assert report.checked.paths == ("catalogue/micro-credentials/b-draft.yaml",)
    assert report.policy_changes == ()


def test_a_file_that_git_does_not_know_yet_is_told_of(repo):
    new = "id: d-draft\ntitle: D\nframework: none\nlevle: 1\n"
    repo.write({"micro-credentials/d-draft.yaml": new, "standards/x.yml": "a\n"})

    assert told(repo) == [("d-draft.yaml", "unknown-field"), ("x.yml", "wrong-extension")]


def test_old_faults_of_a_changed_file_are_told_and_those_of_others_are_not(repo):
    repo.write({"micro-credentials/c-draft.yaml": OLD_FAULT + "remarks: more\n"})

    assert told(repo) == [("c-draft.yaml", "unknown-field"), ("c-draft.yaml", "broken-reference")]


def test_a_renamed_file_is_a_changed_one(repo):
    repo.git("mv", "catalogue/micro-credentials/c-draft.yaml", "catalogue/micro-credentials/e-draft.yaml")
    repo.write({"micro-credentials/e-draft.yaml": OLD_FAULT.replace("c-draft", "e-draft")})

    assert told(repo) == [("e-draft.yaml", "unknown-field"), ("e-draft.yaml", "broken-reference")]


def test_names_of_every_sort_are_known_again(tmp_path):
    names = ['it\'s a "name".yaml', "ngā wāhi.yaml", "a\nb.yaml", "-x.yaml", ":(top)x.yaml", "a\tb.yaml"]
    files = {f"micro-credentials/{name}": DRAFT for name in names}
    repo = Repo(tmp_path, files)
    repo.write({f"micro-credentials/{names[1]}": DRAFT + "levle: 1\n"})

    assert {path for path, _ in told(repo)} == {names[1]}


@pytest.mark.parametrize("config", [("core.autocrlf", "true"), ("core.eol", "crlf")])
def test_a_checkout_that_makes_line_ends_crlf_changes_nothing(config, tmp_path):
    repo = Repo(tmp_path, FILES)
    (repo.folder / ".gitattributes").write_text("*.yaml text\n")
    repo.git("config", *config)
    for path in repo.root.rglob("*.yaml"):
        path.unlink()
    repo.git("checkout", "--", "catalogue")

    assert b"\r\n" in (repo.root / "catalogue.yaml").read_bytes()
    assert report_of(repo).checked.files == 0


def test_a_catalogue_at_the_root_of_its_repository_is_compared_too(tmp_path):
    root = made(tmp_path, FILES)
    for arguments in (
        ["init", "--quiet", "--initial-branch", "main"],
        ["add", "--all"],
        ["commit", "--quiet", "-m", "x"],
    ):
        git(root, *arguments)
    (root / "micro-credentials" / "b-draft.yaml").write_text(LEVLE)
    ran = mcred("validate", "--changed-since", "HEAD", "--format", "concise", "--as-of", AS_OF, cwd=root)

    assert (
        ran.out
        == "micro-credentials/b-draft.yaml:4:1: error: unknown field 'levle'; did you mean 'level'? [MC102 unknown-field]\n"
    )


def test_a_revision_before_there_was_a_catalogue_makes_everything_new(tmp_path):
    (tmp_path / "README").write_text("x\n")
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "x")
    made(tmp_path, FILES)
    ran = mcred("validate", "--changed-since", "main", "--format", "json", "--as-of", AS_OF, cwd=tmp_path)

    assert ran.code == 1
    assert ran.json["checked"] == {"files": 4, "records": 3}
    assert [each["message"] for each in ran.json["policy_changes"]] == ["'format' is 1; it was absent"]


def test_a_revision_whose_catalogue_is_of_a_newer_format_is_refused(tmp_path):
    repo = Repo(tmp_path, {"catalogue.yaml": "format: 2\n"})
    repo.write({"catalogue.yaml": "format: 1\n"})
    ran = mcred("validate", "--changed-since", "main", cwd=repo.folder)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("mcred: the catalogue has format 2; this mcred knows ")


# --- what comes of it elsewhere --------------------------------------------------------------------------------------


def test_references_to_a_record_that_is_deleted_are_told_where_they_stand(repo):
    repo.write({"micro-credentials/b-draft.yaml": None})
    found = report_of(repo).diagnostics

    assert [(d.path, d.name, d.span.line) for d in found] == [
        ("catalogue/micro-credentials/a-draft.yaml", "broken-reference", 4)
    ]


def test_a_document_that_is_deleted_is_missed_where_it_is_named(tmp_path):
    repo = Repo(
        tmp_path,
        {
            **FILES,
            "documents/n.txt": "x",
            "micro-credentials/b-draft.yaml": B + "evidence_of_need: [{from: industry, document: documents/n.txt}]\n",
        },
    )
    repo.write({"documents/n.txt": None})

    assert ("b-draft.yaml", "missing-document") in told(repo)


def test_a_change_to_an_organisation_is_felt_by_what_is_judged_by_it(tmp_path):
    files = register()
    provider = next(path for path in files if path.endswith("example-provider.yaml"))
    repo = Repo(tmp_path, files)
    text = files[provider].decode()
    assert "from: 2015-03-02}" in text
    repo.write({provider: text.replace("from: 2015-03-02}", "from: 2015-03-02, until: 2019}")})

    assert ("worked-example.yaml", "nzqcf.developer-type") in told(repo)


def test_where_another_fault_hides_an_old_one_nothing_new_is_told(repo):
    repo.write({"micro-credentials/c-draft.yaml": "id: [\n"})

    assert told(repo) == [("c-draft.yaml", "yaml-syntax")]


def test_old_faults_of_a_file_with_very_many_are_not_told_as_new_ones(tmp_path):
    many = "".join(f"f{number}: 1\n" for number in range(300))
    repo = Repo(tmp_path, {**FILES, "micro-credentials/d-draft.yaml": DRAFT.replace("a-draft", "d-draft") + many})
    repo.write({"micro-credentials/b-draft.yaml": None})

    assert told(repo) == [("a-draft.yaml", "broken-reference")]


BOARD, PROVIDER = "organisations/example-industry-board.yaml", "organisations/example-provider.yaml"
EXAMPLE = "micro-credentials/worked-example.yaml"
EDITS = {
    "an organisation is deleted": {BOARD: None},
    "an organisation is renamed and keeps its name": {
        BOARD: None,
        "organisations/new-board.yaml": (
            *(BOARD, "id: example-industry-board\n", "id: new-board\naliases: [example-industry-board]\n"),
        ),
    },
    "an organisation cannot be read": {PROVIDER: "id: [\n"},
    "a standard is deleted": {"standards/example-standard-90001.yaml": None},
    "a title is taken once more": {
        "micro-credentials/a.yaml": (EXAMPLE, "id: worked-example\n", "id: a\n"),
        "micro-credentials/z.yaml": (EXAMPLE, "id: worked-example\n", "id: z\n"),
    },
    "the record itself": {EXAMPLE: (EXAMPLE, "\ncredits: ", "\nlevle: 1\ncredits: ")},
    "all at once": {PROVIDER: None, EXAMPLE: (EXAMPLE, "\ncredits: ", "\ncredits: 1")},
}


NOT_FELT_ELSEWHERE = ("the record itself", "an organisation is renamed and keeps its name")


@pytest.mark.parametrize("edit", EDITS)
def test_what_is_told_is_all_of_changed_files_and_all_that_is_new_elsewhere(edit, tmp_path):
    files = register()
    repo = Repo(tmp_path, files)
    before = {each.fingerprint for each in whole(repo)}
    for path, made_of in EDITS[edit].items():
        if isinstance(made_of, tuple):
            source, old, new = made_of
            assert files[source].decode().count(old) == 1
            repo.write({path: files[source].decode().replace(old, new)})
        else:
            repo.write({path: made_of})
    changed = {f"catalogue/{path}" for path in EDITS[edit]}
    wanted = [each for each in whole(repo) if each.path in changed or each.fingerprint not in before]

    # What the change itself did wrong is told besides.
    assert [each for each in report_of(repo).diagnostics if not each.rule.startswith("MC5")] == wanted
    elsewhere = any(each.path not in changed for each in wanted)
    assert elsewhere == (edit not in NOT_FELT_ELSEWHERE)


def whole(repo):
    """All that is found in a catalogue as it is."""
    with contextlib.chdir(repo.root):
        target = targets.whole([], None)
    request = Request(target.entries, target.again, files=target.walk.files, misplaced=target.misplaced, as_of=DAY)
    return validate(request, target.context).diagnostics


def test_text_that_is_not_saved_yet_is_part_of_the_change(repo):
    ran = mcred(
        "validate", "-", "--stdin-filename", "catalogue/micro-credentials/b-draft.yaml", "--changed-since", "main",
        "--format", "concise", "--as-of", AS_OF, cwd=repo.folder, stdin=LEVLE,
    )  # fmt: skip

    assert ran.out.startswith("catalogue/micro-credentials/b-draft.yaml:4:1: error: unknown field 'levle'")
    assert ran.out.count("\n") == 1


def test_only_what_is_named_is_told_of(repo):
    repo.write({"micro-credentials/b-draft.yaml": None, "micro-credentials/c-draft.yaml": OLD_FAULT + "x-a: 1\n"})

    assert told(repo, "micro-credentials/a-draft.yaml") == [("a-draft.yaml", "broken-reference")]
    assert told(repo, "micro-credentials/c-draft.yaml", select=frozenset({"unknown-field"})) == [
        ("c-draft.yaml", "unknown-field")
    ]


def test_a_fingerprint_does_not_depend_on_what_is_asked_for(repo):
    twice = "id: {}\ntitle: Same\nframework: none\n"
    repo.write({f"micro-credentials/{name}.yaml": twice.format("same") for name in ("x-draft", "y-draft")})
    whole = {(d.path, d.name): d.fingerprint for d in report_of(repo).diagnostics}
    named = report_of(repo, "micro-credentials/y-draft.yaml").diagnostics

    assert {(d.path, d.name): d.fingerprint for d in named} == {
        key: value for key, value in whole.items() if "y-draft" in key[0]
    }


# --- by what it is judged --------------------------------------------------------------------------------------------

FARM = {
    "catalogue.yaml": SETTINGS,
    "policies/farm-framework.yaml": FRAMEWORK,
    "policies/farm-policy.yaml": POLICY,
    WATER: RECORD,
}


@pytest.fixture
def farm(tmp_path):
    return Repo(tmp_path, FARM)


def test_settings_and_policies_are_those_from_before_the_change(farm):
    farm.write(
        {
            "catalogue.yaml": SETTINGS.replace("policies: [farm-policy]\n", ""),
            "policies/farm-policy.yaml": POLICY.replace("max: 30", "max: 39"),
            WATER: RECORD + "remarks: more\n",
        }
    )
    report = report_of(farm)

    assert "farm-framework.credits" in {d.rule for d in report.diagnostics}
    assert [c.kind for c in report.policy_changes] == ["setting", "policy"]
    for change in report.policy_changes:
        assert {d.rule for d in change.silenced} == {"farm-framework.credits"}


def debts_of(repo):
    """The baseline of all that is found in a catalogue as it is."""
    return written(debt(each) for each in whole(repo) if may_be_known(each))


def test_the_baseline_is_that_from_before_but_for_what_is_taken_out(tmp_path):
    twice = OLD_FAULT + "titel: 2\n"
    repo = Repo(tmp_path / "one", {"micro-credentials/c-draft.yaml": twice})
    old = debts_of(repo)
    repo = Repo(tmp_path / "two", {"micro-credentials/c-draft.yaml": twice, FILE: old})
    assert (told(repo), old.count("\n")) == ([], 3)

    repo.write({"micro-credentials/c-draft.yaml": twice + "credit: 3\n"})
    new = debts_of(repo)
    repo.write({FILE: "".join(line for line in new.splitlines(keepends=True) if "levle" not in line)})
    report = report_of(repo)

    assert [d.arguments["name"] for d in report.diagnostics] == ["levle", "credit"]
    assert [(c.kind, c.message, [d.arguments["name"] for d in c.silenced]) for c in report.policy_changes] == [
        ("baseline", "the baseline gains 1 entry", ["credit"]),
        ("baseline", "the baseline loses 1 entry", []),
    ]


TWIN = "id: d-draft\ntitle: B  # mcred: ignore[MC213] -- of another campus\nframework: none\n"


def test_a_comment_is_listed_where_it_is_new_and_nothing_of_one_that_was_there(tmp_path):
    repo = Repo(tmp_path / "one", FILES)
    repo.write({"micro-credentials/d-draft.yaml": TWIN})
    report = report_of(repo)
    assert (report.diagnostics, [each.diagnostic.name for each in report.ignored]) == ((), ["near-duplicate-title"])
    assert [(c.kind, c.span.line, [d.name for d in c.silenced]) for c in report.policy_changes] == [
        ("suppression", 2, ["near-duplicate-title"])
    ]

    repo = Repo(tmp_path / "two", {**FILES, "micro-credentials/d-draft.yaml": TWIN})
    repo.write({"micro-credentials/a-draft.yaml": NEEDS_B + "remarks: more\n"})
    report = report_of(repo)
    assert (report.diagnostics, report.ignored, report.policy_changes) == ((), (), ())


def test_a_framework_that_is_new_is_used_by_the_records_that_come_with_it(farm):
    new = FRAMEWORK.replace("farm-framework", "new-framework").replace("max: 40", "max: 20")
    farm.write({"policies/new-framework.yaml": new, WATER: RECORD.replace("farm-framework", "new-framework")})
    report = report_of(farm)

    assert "new-framework.credits" in {d.rule for d in report.diagnostics}
    assert [(c.kind, c.record) for c in report.policy_changes] == [
        ("framework", "farm-water"),
        ("policy", "new-framework"),
    ]


def test_the_day_is_that_of_the_time_zone_from_before(tmp_path):
    repo = Repo(tmp_path, {"catalogue.yaml": "format: 1\ntimezone: Pacific/Kiritimati\n"})
    repo.write({"catalogue.yaml": "format: 1\ntimezone: Pacific/Niue\n"})
    before = today("Pacific/Kiritimati")  # 25 hours ahead of the other
    ran = mcred("validate", "--changed-since", "main", "--format", "json", cwd=repo.folder)

    assert before.isoformat() <= ran.json["as_of"] <= today("Pacific/Kiritimati").isoformat()


def test_a_change_of_policy_fails_a_run_that_asks_for_it_and_no_other(farm):
    farm.write({WATER: RECORD.replace("level: 2\n", "level: 2\ncustody: observed\n")})
    arguments = ("validate", "--changed-since", "main", "--fail-on", "never", "--as-of", AS_OF)

    assert mcred(*arguments, cwd=farm.folder).code == 0
    assert mcred(*arguments, "--fail-on-policy-change", cwd=farm.folder).code == 1
    farm.write({WATER: RECORD + "remarks: more\n"})
    assert mcred(*arguments, "--fail-on-policy-change", cwd=farm.folder).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--fail-on-policy-change",), "--fail-on-policy-change goes with --changed-since REV"),
        (
            ("--alone", "--changed-since", "main", "catalogue/catalogue.yaml"),
            "--changed-since looks at the whole catalogue, and --alone does not",
        ),
    ],
)
def test_options_that_do_not_go_together(arguments, said, farm):
    ran = mcred("validate", *arguments, cwd=farm.folder)

    assert (ran.code, ran.out, ran.err) == (2, "", f"mcred: {said}\n")


# --- a repository that was made to do harm ---------------------------------------------------------------------------


@pytest.fixture
def hostile(tmp_path):
    repo = Repo(tmp_path / "repo", FILES)
    repo.write({"micro-credentials/b-draft.yaml": LEVLE, "micro-credentials/a-draft.yaml": None})
    trap(repo, tmp_path / "ran")
    return repo


def test_the_trap_is_one(hostile, tmp_path):
    with contextlib.suppress(subprocess.CalledProcessError):  # what runs is no filter that git could use
        git(hostile.folder, "status")

    assert (tmp_path / "ran").exists()


def test_nothing_that_a_repository_names_runs_and_nothing_in_it_is_written(hostile, tmp_path):
    before = contents(hostile.folder)
    ran = mcred(
        "validate", "--changed-since", "main", "--format", "concise", "--as-of", AS_OF, cwd=hostile.folder,
        GIT_EXTERNAL_DIFF=str(hostile.folder / "trap.sh"), GIT_PAGER=str(hostile.folder / "trap.sh"),
        GIT_DIR=str(tmp_path), GIT_INDEX_FILE=str(tmp_path / "index"), GIT_TRACE=str(tmp_path / "trace"),
    )  # fmt: skip

    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("catalogue/micro-credentials/b-draft.yaml:4:1: error: unknown field 'levle'")
    assert contents(hostile.folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["repo"]


@pytest.mark.parametrize("command", ["diff main", "diff --since-approval", "log --format atom", "history a-draft"])
def test_telling_what_changed_runs_and_writes_nothing_either(hostile, tmp_path, command):
    before = contents(hostile.folder)
    ran = mcred(
        *command.split(), cwd=hostile.folder, GIT_EXTERNAL_DIFF=str(hostile.folder / "trap.sh"),
        GIT_PAGER=str(hostile.folder / "trap.sh"), GIT_DIR=str(tmp_path), GIT_TRACE=str(tmp_path / "trace"),
    )  # fmt: skip

    assert (ran.code, ran.err) == (0, "")
    assert ran.out
    assert contents(hostile.folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["repo"]


def test_whose_a_comment_is_is_asked_of_no_program_of_the_repository(tmp_path):
    repo = Repo(tmp_path / "repo", {"micro-credentials/b-draft.yaml": B + "remarks: x  # mcred: ignore[MC213] -- so\n"})
    trap(repo, tmp_path / "ran")
    repo.git("config", "alias.blame", f"!{repo.folder / 'trap.sh'}")
    before = contents(repo.folder)
    ran = mcred("ignores", "--as-of", AS_OF, cwd=repo.folder, GIT_EXTERNAL_DIFF=str(repo.folder / "trap.sh"))

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[1].endswith("\tso\tA")
    assert contents(repo.folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["repo"]


def test_a_revision_that_looks_like_an_option_writes_no_file(hostile):
    before = contents(hostile.folder)
    ran = mcred("validate", "--changed-since=--output=x", cwd=hostile.folder)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == "mcred: no revision '--output=x' in this repository\n"
    assert contents(hostile.folder) == before


def test_a_working_tree_elsewhere_is_not_looked_at(repo, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    repo.git("config", "core.worktree", other)
    repo.write({"micro-credentials/b-draft.yaml": LEVLE})

    assert told(repo) == [("b-draft.yaml", "unknown-field")]


def test_links_are_not_followed_neither_now_nor_before(tmp_path):
    secret = tmp_path / "secret.yaml"
    secret.write_text(LEVLE)
    repo = Repo(tmp_path / "repo", FILES)
    link = repo.root / "micro-credentials" / "old-link.yaml"
    link.symlink_to(secret)
    repo.git("checkout", "--quiet", "main")
    repo.commit()
    repo.git("checkout", "--quiet", "-B", "work")
    (repo.root / "micro-credentials" / "new-link.yaml").symlink_to(secret)
    (repo.root / "standards").symlink_to("/etc")

    report = report_of(repo)
    assert [(d.path, d.name) for d in report.diagnostics] == [
        ("catalogue/micro-credentials/new-link.yaml", "not-a-regular-file"),
        ("catalogue/standards", "not-a-regular-file"),
    ]


def test_an_object_that_another_is_to_stand_for_is_read_as_it_is(repo):
    after = B.replace("none", "nzqcf")
    blob = repo.git("rev-parse", "main:catalogue/micro-credentials/b-draft.yaml")
    (repo.folder / "other").write_text(after + "remarks: more\n")
    repo.git("replace", blob, repo.git("hash-object", "-w", "other"))
    repo.write({"micro-credentials/b-draft.yaml": after})

    assert [c.message for c in report_of(repo).policy_changes] == ["'framework' is 'nzqcf'; it was 'none'"]


# --- what the change itself did wrong ---------------------------------------------------------------------------------

SENT = """\
id: b-draft
title: Farm Water
framework: none
decisions: [{act: submitted, date: 2026-02-12}]
"""


def test_a_record_that_is_deleted_is_told_at_line_1_of_its_file(tmp_path):
    repo = Repo(tmp_path, {"micro-credentials/b-draft.yaml": SENT})
    repo.write({"micro-credentials/b-draft.yaml": None})

    assert [(d.where, d.name) for d in report_of(repo).diagnostics] == [
        ("catalogue/micro-credentials/b-draft.yaml:1:1", "record-deleted")
    ]


def test_a_record_that_cannot_be_read_is_not_called_deleted(tmp_path):
    repo = Repo(tmp_path, {"micro-credentials/b-draft.yaml": SENT})
    repo.write({"micro-credentials/b-draft.yaml": None, "micro-credentials/c-draft.yaml": SENT + "x: [\n"})

    assert told(repo) == [("c-draft.yaml", "yaml-syntax")]


def test_an_id_that_was_deleted_commits_ago_is_not_given_to_something_else(repo):
    repo.git("checkout", "--quiet", "main")
    repo.write({"micro-credentials/c-draft.yaml": None})
    repo.commit()
    repo.git("checkout", "--quiet", "-b", "later")
    repo.write({"micro-credentials/sub/c-draft.yaml": "id: c-draft\ntitle: Bees\nframework: none\n"})

    assert told(repo) == [("c-draft.yaml", "id-reused")]
    repo.write({"micro-credentials/sub/c-draft.yaml": "id: c-draft\ntitle: C\nframework: none\n"})
    assert told(repo) == []


def test_a_warning_of_a_change_can_be_ignored_and_the_comment_is_not_unused_later(tmp_path):
    text = "id: b-draft\ntitle:\n  en: A\n  mi: B\nframework: none\n"
    repo = Repo(tmp_path, {"micro-credentials/b-draft.yaml": text})
    kept = text.replace("en: A", "en: C").replace("mi: B", "mi: B  # mcred: ignore[MC506] -- it says so still")
    repo.write({"micro-credentials/b-draft.yaml": kept})

    assert told(repo) == []
    assert told(repo, since="HEAD") == []
    repo.commit()
    assert told(repo, since="HEAD") == []
