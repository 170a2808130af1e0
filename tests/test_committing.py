"""`--commit`: one commit of what was written, beside all that is staged, changed or checked out; or a plain refusal."""

import subprocess

import pytest

from mcred.errors import McredError, UsageError
from mcred.history import File, Recording
from tests.repositories import Repo
from tests.support import mcred

PATH = "catalogue/micro-credentials/a-draft.yaml"
TEXT = "id: a-draft\ntitle: A Draft\nframework: none\n"
NEW = TEXT + "remarks: more\n"
FILES = {"micro-credentials/a-draft.yaml": TEXT, 'micro-credentials/ngā "b",c.yaml': TEXT, "x.txt": "x\n"}


@pytest.fixture
def repo(tmp_path):
    made = Repo(tmp_path / "r", FILES)
    made.git("config", "user.name", "Aroha Ngata")
    made.git("config", "user.email", "aroha@provider.example")
    return made


def commit(repo, branch=None, path=PATH, old=TEXT, new=NEW):
    """Commit a file, after it was written."""
    recording = Recording(repo.folder, [File(path, old.encode(), new.encode())], branch)
    (repo.folder / path).write_bytes(new.encode())
    return recording.commit("a-draft: Record something\n")


def refused(repo, **more):
    """Why nothing can be committed."""
    with pytest.raises(McredError) as told:
        commit(repo, **more)
    assert (repo.root / "micro-credentials/a-draft.yaml").read_text() in (TEXT, TEXT + "# mine\n")
    return str(told.value)


def test_the_commit_holds_the_file_and_nothing_else(repo):
    (repo.root / "x.txt").write_text("changed\n")
    (repo.root / "staged.txt").write_text("staged\n")
    repo.git("add", "catalogue/staged.txt")
    (repo.root / "new.txt").write_text("new\n")

    made = commit(repo)

    assert made.branch == "work"
    assert repo.git("rev-parse", "work", "HEAD").split() == [made.commit] * 2
    assert repo.git("show", "--name-only", "--format=%an %ae%n%cn%n%B%n%P", "HEAD").split("\n") == [
        "Aroha Ngata aroha@provider.example",
        "Aroha Ngata",
        "a-draft: Record something",
        "",
        repo.git("rev-parse", "main"),
        "",
        PATH,
    ]
    assert repo.git("show", f"HEAD:{PATH}") + "\n" == NEW
    assert repo.git("status", "--short").split("\n") == [
        "A  catalogue/staged.txt",
        " M catalogue/x.txt",
        "?? catalogue/new.txt",
    ]


def test_a_branch_begins_here_and_the_other_stays(repo):
    made = commit(repo, branch="listing-9001")

    assert made.branch == "listing-9001"
    assert repo.git("symbolic-ref", "HEAD") == "refs/heads/listing-9001"
    assert repo.git("rev-parse", "work") == repo.git("rev-parse", "listing-9001^")
    assert repo.git("status", "--short") == ""


@pytest.mark.parametrize("name", ["-x", "a b", "a..b", "", "HEAD", "a.lock"])
def test_a_name_that_no_branch_may_have(repo, name):
    with pytest.raises(UsageError, match="is no name that a branch may have"):
        commit(repo, branch=name)
    assert repo.git("branch", "--format=%(refname:short)").split() == ["main", "work"]


def test_a_branch_that_is_there_is_left_alone(repo):
    assert "there is a branch 'main'" in refused(repo, branch="main")


@pytest.mark.parametrize(("there", "new"), [("listing/9001", "listing"), ("listing", "listing/9001")])
def test_a_name_beside_which_a_branch_leaves_no_room(repo, there, new):
    repo.git("branch", there)

    assert refused(repo, branch=new) == (
        f"--branch: there is a branch '{there}', so '{new}' cannot be one; choose another name"
    )
    assert commit(repo, branch="listings").branch == "listings"


def test_how_far_it_came_is_said_where_git_cannot_go_on(repo):
    (repo.folder / ".git/refs/heads/work.lock").touch()
    recording = Recording(repo.folder, [File(PATH, TEXT.encode(), NEW.encode())])
    with pytest.raises(
        McredError, match=r"^the change was written and not committed: git cannot do it: .*cannot lock ref"
    ):
        recording.commit("x\n")

    tree = repo.git("rev-parse", "HEAD^{tree}")
    (repo.folder / ".git/objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(
        McredError, match=r"^the change was written and not committed: git cannot do it: not a tree object"
    ):
        recording.commit("x\n")
    with pytest.raises(McredError, match=r"^nothing was written: git cannot do it: not a tree object"):
        Recording(repo.folder, [File(PATH, TEXT.encode(), NEW.encode())])


def test_no_program_of_the_repository_runs(repo, tmp_path):
    ran = tmp_path / "ran"
    script = f"#!/bin/sh\ntouch {ran}\n"
    for name in ("pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-index-change"):
        hook = repo.folder / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(script)
        hook.chmod(0o755)
    program = tmp_path / "program"
    program.write_text(script)
    program.chmod(0o755)
    for key in ("core.fsmonitor", "filter.f.clean", "gpg.program", "core.editor"):
        repo.git("config", key, program)
    repo.git("config", "commit.gpgSign", "true")
    (repo.folder / ".git/info/attributes").write_text("*.yaml filter=f\n")

    commit(repo)

    assert not ran.exists()
    assert repo.git("show", f"HEAD:{PATH}") + "\n" == NEW


def test_a_name_with_quotes_commas_and_macrons(repo):
    made = commit(repo, path='catalogue/micro-credentials/ngā "b",c.yaml')

    assert repo.git("show", "--name-only", "--format=", "-z", made.commit).strip("\0").endswith('ngā "b",c.yaml')


def test_line_ends_stay_in_the_repository_as_they_were(repo):
    old, new = TEXT.replace("\n", "\r\n"), NEW.replace("\n", "\r\n")
    (repo.folder / PATH).write_bytes(old.encode())

    commit(repo, old=old, new=new)

    assert repo.git("show", f"HEAD:{PATH}") + "\n" == NEW


@pytest.mark.parametrize("how", ["unstaged", "staged", "staged and taken back"])
def test_a_file_with_changes_of_its_own_is_refused(repo, how):
    mine = TEXT + "# mine\n"
    (repo.folder / PATH).write_text(mine)
    if how != "unstaged":
        repo.git("add", "--all")
    if how == "staged and taken back":
        (repo.folder / PATH).write_text(TEXT)
    assert refused(repo, old=TEXT if how == "staged and taken back" else mine) == (
        f"nothing was written: {PATH} has changes that are not committed yet; "
        "commit them or take them back first, or leave out --commit"
    )


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n")])
@pytest.mark.parametrize("staged", [False, True])
def test_a_file_that_is_new_to_git_is_committed_whole(repo, staged, text):
    path = "catalogue/micro-credentials/new-one.yaml"
    (repo.folder / path).write_bytes(text.encode())
    if staged:
        repo.git("add", path)
    made = commit(repo, path=path, old=text, new=text + "remarks: more\n")

    assert repo.git("show", "--name-only", "--format=", made.commit) == path
    assert repo.git("cat-file", "--filters", f"{made.commit}:{path}") + "\n" == (text + "remarks: more\n")
    assert repo.git("status", "--short") == ""


def test_a_new_file_that_was_staged_otherwise_is_refused(repo):
    path = "catalogue/micro-credentials/new-one.yaml"
    (repo.folder / path).write_text(TEXT)
    repo.git("add", "--intent-to-add", path)

    with pytest.raises(
        McredError, match=r"^nothing was written: .*new-one\.yaml has changes that are not committed yet"
    ):
        commit(repo, path=path)
    assert (repo.folder / path).read_text() == TEXT


def test_one_that_was_deleted_meanwhile_is_not_brought_back(repo):
    other = Recording(repo.folder, [File(PATH, TEXT.encode(), NEW.encode())])
    repo.git("rm", "--quiet", PATH)
    repo.git("commit", "--quiet", "--message", "gone")

    with pytest.raises(McredError, match=r"^the change was written and not committed: "):
        other.commit("mine\n")


def test_nobody_in_particular_cannot_commit(repo, monkeypatch):
    repo.git("config", "--unset", "user.email")
    # Whoever runs the tests may be known to Git by settings of their own.
    monkeypatch.setenv("HOME", str(repo.folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(repo.folder))

    assert "Git does not know who you are; tell it once" in refused(repo)


def test_without_a_branch_a_commit_would_be_lost(repo):
    repo.git("checkout", "--quiet", "--detach")

    assert "no branch is checked out, so a commit would be lost" in refused(repo)
    assert commit(repo, branch="saved").branch == "saved"


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("MERGE_HEAD", "a merge"),
        ("CHERRY_PICK_HEAD", "a cherry-pick"),
        ("REVERT_HEAD", "a revert"),
        ("index.lock", "another command of Git"),
    ],
)
def test_what_is_under_way_is_finished_first(repo, name, what):
    (repo.folder / ".git" / name).write_text(repo.git("rev-parse", "main") + "\n")

    assert refused(repo) == f"nothing was written: {what} is under way in this repository; finish it first"


def test_a_folder_that_is_no_repository_and_one_without_a_commit(tmp_path):
    for name, what in (
        ("plain", r"/plain is no Git repository, so there is nothing to commit to; `git init` begins one"),
        ("empty", "the repository has no commit yet"),
    ):
        folder = tmp_path / name
        folder.mkdir()
        if name == "empty":
            subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
        with pytest.raises(McredError, match=what):
            Recording(folder, [])


def test_of_two_at_once_both_are_committed(repo):
    other = Recording(repo.folder, [File(PATH, TEXT.encode(), NEW.encode())])
    repo.write({"x.txt": "theirs\n"})
    repo.git("commit", "--quiet", "--all", "--message", "theirs")

    other.commit("mine\n")

    assert repo.git("log", "--format=%s", "-2").split("\n") == ["mine", "theirs"]


def test_somebody_who_changed_the_same_file_is_not_overruled(repo):
    other = Recording(repo.folder, [File(PATH, TEXT.encode(), NEW.encode())])
    repo.write({"micro-credentials/a-draft.yaml": "id: a-draft\n"})
    repo.git("commit", "--quiet", "--all", "--message", "theirs")

    with pytest.raises(McredError, match=r"the change was written and not committed: .* has changes"):
        other.commit("mine\n")
    assert repo.git("log", "--format=%s", "-1") == "theirs"


def test_the_worktree_of_a_repository(repo, tmp_path):
    repo.git("worktree", "add", "--quiet", "-b", "beside", tmp_path / "beside", "main")
    recording = Recording(tmp_path / "beside", [File(PATH, TEXT.encode(), NEW.encode())])
    (tmp_path / "beside" / PATH).write_text(NEW)

    assert recording.commit("x\n").branch == "beside"
    assert repo.git("-C", tmp_path / "beside", "status", "--short") == ""
    assert repo.git("status", "--short") == ""


# --- the program -----------------------------------------------------------------------------------------------------

RECORD = "id: a-draft\ntitle: A Draft\nframework: none\nstage: draft\n"
ORGANISATION = "id: a-provider\ntitle: A Provider\ntypes: [{type: private-training-establishment}]\n"
SUBMITTED = ["decide", "a-draft", "submitted", "--date", "2026-11-20", "--by", "a-provider", "--as-of", "2026-11-22"]


@pytest.fixture
def register(tmp_path):
    made = Repo(
        tmp_path / "r", {"micro-credentials/a-draft.yaml": RECORD, "organisations/a-provider.yaml": ORGANISATION}
    )
    made.git("config", "user.name", "Aroha Ngata")
    made.git("config", "user.email", "aroha@provider.example")
    return made


def test_decide_commits_what_it_wrote(register):
    ran = mcred(*SUBMITTED, "--commit", cwd=register.folder)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith(f"committed as {register.git('rev-parse', 'HEAD')[:12]} on the branch 'work'\n")
    assert register.git("log", "-1", "--format=%B") == "a-draft: Record submitted of 2026-11-20 by a-provider"
    assert register.git("status", "--short") == ""


def test_a_refusal_leaves_nothing_written(register):
    register.write({"micro-credentials/a-draft.yaml": RECORD + "# mine\n"})
    ran = mcred(*SUBMITTED, "--commit", cwd=register.folder)

    assert ran.code == 3
    assert "has changes that are not committed yet" in ran.err
    assert (register.root / "micro-credentials/a-draft.yaml").read_text() == RECORD + "# mine\n"


def test_a_dry_run_commits_nothing_and_a_branch_goes_with_a_commit(register):
    ran = mcred(*SUBMITTED, "--commit", "--branch", "new", "--dry-run", cwd=register.folder)
    assert ran.out.endswith("nothing was written (--dry-run)\n")
    assert register.git("branch", "--format=%(refname:short)").split() == ["main", "work"]

    ran = mcred(*SUBMITTED, "--branch", "new", cwd=register.folder)
    assert (ran.code, ran.err) == (2, "mcred: --branch goes with --commit\n")
