"""What a repository held: real ones of every sort, and none that gets anything to run."""

import os
import shutil

import pytest
from git import Repo as OtherReader

from mcred.errors import McredError
from mcred.history import Repository
from tests.repositories import Repo, git
from tests.support import AS_OF, DRAFT, is_root, mcred

FILES = {
    "micro-credentials/a-draft.yaml": DRAFT,
    'micro-credentials/it\'s a "wānanga"\nx.yaml': DRAFT,
    "documents/a b/ā.txt": "text\n",
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory):
    """A repository that no test changes."""
    repo = Repo(tmp_path_factory.mktemp("repo"), FILES)
    repo.write({"micro-credentials/a-draft.yaml": DRAFT + "levle: 1\n"})
    repo.commit()
    return repo


def refused(folder, revision="main"):
    """What is said where the history of a repository cannot be read."""
    with pytest.raises(McredError) as told:
        Repository(folder).merge_base(revision)
    return str(told.value)


def shallow(repo, to, depth=1):
    git(
        to.parent,
        "clone",
        "--quiet",
        "--no-local",
        f"--depth={depth}",
        "--no-single-branch",
        f"file://{repo.folder}",
        to,
    )
    return to


# --- what is there ---------------------------------------------------------------------------------------------------


def test_a_tree_has_every_name_as_it_is_and_its_bytes(repo):
    found = Repository(repo.folder)
    tree = found.tree(found.commit("main"), "catalogue")
    data = dict(found.read(blob.id for blob in tree.blobs.values()))

    assert {path: data[blob.id] for path, blob in tree.blobs.items()} == {
        path: text.encode() for path, text in {"catalogue.yaml": "format: 1\ntitle: Test\n", **FILES}.items()
    }
    assert sorted(item.name for item in tree.scan("documents")) == ["a b"]
    assert [item.is_dir() for item in tree.scan("documents")] == [True]
    assert found.tree(found.commit("main"), "elsewhere") is None


def test_another_reader_of_git_finds_the_same(repo):
    found = Repository(repo.folder)
    with OtherReader(repo.folder) as other:
        for revision in ("main", "work"):
            blobs = found.tree(found.commit(revision), "catalogue").blobs
            data = dict(found.read(blob.id for blob in blobs.values()))
            listed = (each for each in (other.commit(revision).tree / "catalogue").traverse() if each.type == "blob")

            assert {path: (blob.mode, blob.id, data[blob.id]) for path, blob in blobs.items()} == {
                each.path.removeprefix("catalogue/"): (each.mode, each.hexsha, each.data_stream.read())
                for each in listed
            }


def test_a_blob_knows_its_bytes_whatever_a_checkout_did_to_line_ends(repo):
    found = Repository(repo.folder)
    blob = found.tree(found.commit("main"), "catalogue").blobs["micro-credentials/a-draft.yaml"]

    assert blob.holds(DRAFT.encode())
    assert blob.holds(DRAFT.replace("\n", "\r\n").encode())
    assert not blob.holds(DRAFT.encode() + b" ")


def test_what_is_larger_than_a_record_is_read_in_part_and_the_next_one_whole(tmp_path):
    repo = Repo(tmp_path, {"micro-credentials/a.yaml": "x" * 1_000_000, "micro-credentials/b.yaml": "b\n"})
    found = Repository(repo.folder)
    blobs = found.tree(found.commit("main"), "catalogue").blobs
    large, small = (blobs[f"micro-credentials/{name}.yaml"].id for name in "ab")

    assert [(blob, len(data)) for blob, data in found.read([large, small])] == [(large, 256 * 1024 + 1), (small, 2)]


def test_what_is_asked_for_one_by_one_is_what_is_read_together(repo):
    found = Repository(repo.folder)
    tree = found.held(found.commit("work"), ["catalogue/micro-credentials", "nowhere"])
    data = dict(found.read(blob.id for blob in tree.blobs.values()))

    assert sorted(tree.blobs) == sorted(f"catalogue/{path}" for path in FILES if path.startswith("micro"))
    assert {id: found.blob(id) for id in [*data, *reversed(data)]} == data
    assert [len(found.blob(id, most=3)) for id in data] == [4] * len(data)
    assert {id: found.blob(id) for id in data} == data
    assert found.held(found.commit("work"), ["."]).blobs == found.tree(found.commit("work"), "").blobs
    with pytest.raises(McredError, match=f"^the repository lacks the object {'0' * 40}: `git fsck` says more$"):
        found.blob("0" * 40)
    assert found.blob(next(iter(data))) == data[next(iter(data))]


def test_what_stands_at_a_path_is_told_as_of_one_on_disk(repo):
    found = Repository(repo.folder)
    tree = found.held(found.commit("work"), ["catalogue"])

    assert [
        oct(tree.mode(path)) for path in ("catalogue/documents/a b", "catalogue/catalogue.yaml", "catalogue/x")
    ] == [
        "0o40000",
        "0o100644",
        "0o0",
    ]


def test_a_repository_of_sha256_is_read_too(tmp_path):
    folder = tmp_path / "sha256"
    folder.mkdir()
    git(folder, "init", "--quiet", "--object-format=sha256", "--initial-branch", "main")
    (folder / "a").write_text("a\n")
    git(folder, "add", "a")
    git(folder, "commit", "--quiet", "--message", "a")
    found = Repository(folder)

    assert found.tree(found.commit("main"), "").blobs["a"].holds(b"a\n")


@pytest.mark.parametrize("revision", ["main", "HEAD^", "work~1", "HEAD@{1}", ":/a change", "heads/main"])
def test_a_revision_is_whatever_git_takes_for_one(revision, repo):
    assert Repository(repo.folder).merge_base(revision) == repo.git("rev-parse", revision)


def test_a_detached_head_a_worktree_and_a_submodule_are_repositories(repo, tmp_path):
    repo.git("worktree", "add", "--quiet", "--detach", tmp_path / "tree", "work")
    outer = Repo(tmp_path / "outer", {})
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", repo.folder, "inner")

    for folder in (tmp_path / "tree", outer.folder / "inner"):
        assert Repository(folder).merge_base("HEAD^") == repo.git("rev-parse", "main")
    repo.git("worktree", "remove", "--force", tmp_path / "tree")


def test_a_repository_without_a_working_tree_is_read(repo, tmp_path):
    git(tmp_path, "clone", "--quiet", "--bare", repo.folder, "bare/.git")

    assert Repository(tmp_path / "bare").merge_base("main") == repo.git("rev-parse", "main")


def test_inside_a_hook_the_repository_is_the_one_around_the_catalogue(repo, tmp_path, monkeypatch):
    other = Repo(tmp_path, {})
    for name, value in {"GIT_DIR": other.folder / ".git", "GIT_INDEX_FILE": "x", "GIT_WORK_TREE": "/"}.items():
        monkeypatch.setenv(name, str(value))

    assert Repository(repo.folder).commit("work") == git(repo.folder, "rev-parse", "work")


# --- who wrote it ----------------------------------------------------------------------------------------------------


@pytest.fixture
def written(tmp_path):
    """A file of four lines: the first by A, two that are alike by A and by Hinemoa, and one more by her."""
    repo = Repo(tmp_path / "repo", {"a.yaml": "one\nalike\n"})
    (repo.root / "a.yaml").write_text("one\nalike\nalike\nfour\n")
    repo.git("commit", "--quiet", "--all", "--message", "author A", GIT_AUTHOR_NAME="Hinemoa Pōtiki")
    return repo


def authors(folder, data=b"one\nalike\nalike\nfour\n"):
    return Repository(folder).authors("catalogue/a.yaml", data)


def test_lines_are_whose_they_are_at_head(written):
    by = {1: "A", 2: "A", 3: "Hinemoa Pōtiki", 4: "Hinemoa Pōtiki"}

    assert authors(written.folder) == by
    assert authors(written.folder, b"one\r\nalike\r\nalike\r\nfour\r\n") == by
    assert authors(written.folder, b"new\nfour\none\nalike\n") == {2: "Hinemoa Pōtiki", 3: "A"}
    with pytest.raises(McredError):
        Repository(written.folder).authors("catalogue/b.yaml", b"")


def test_what_is_older_than_a_shallow_clone_is_nobodys(written, tmp_path):
    clone = shallow(written, tmp_path / "clone")
    assert authors(clone) == {}
    (clone / "catalogue" / "a.yaml").write_text("one\nalike\nalike\nfour\nfive\n")
    git(clone, "commit", "--quiet", "--all", "--message", "x", GIT_AUTHOR_NAME="B")

    assert authors(clone, b"one\nfive\n") == {2: "B"}


# --- what is not there -----------------------------------------------------------------------------------------------


def test_without_a_repository_a_commit_or_a_common_one_it_is_said(tmp_path):
    (tmp_path / "none").mkdir()
    (tmp_path / "fresh").mkdir()
    git(tmp_path / "fresh", "init", "--quiet")
    repo = Repo(tmp_path / "two", {})
    repo.git("checkout", "--quiet", "--orphan", "other")
    repo.git("commit", "--quiet", "--message", "x")

    assert refused(tmp_path / "none") == f"{tmp_path}/none is no Git repository, so nothing was recorded in it"
    assert refused(tmp_path / "fresh") == "the repository has no commit yet, so nothing was recorded in it"
    assert refused(repo.folder) == "HEAD and 'main' have no commit in common"


def test_an_empty_git_folder_does_not_stand_for_the_repository_around_it(repo, tmp_path):
    inner = repo.folder / "inner"
    (inner / ".git").mkdir(parents=True)

    assert "is no Git repository" in refused(inner)
    shutil.rmtree(inner)


@pytest.mark.parametrize(
    "revision",
    [
        "nowhere",
        "--output=x",
        "-x",
        "main..work",
        "^main",
        "",
        "main:catalogue",
        "a\nb",
        "--all",
        "--glob=refs/heads/main",
    ],
)
def test_what_is_no_commit_is_refused_and_no_option(revision, repo, monkeypatch):
    monkeypatch.chdir(repo.folder)

    assert refused(repo.folder, revision) == f"no revision '{revision}' in this repository"
    assert not (repo.folder / "x").exists()


def test_every_call_of_git_is_guarded(repo, tmp_path, monkeypatch):
    recorder = tmp_path / "git"
    recorder.write_text(
        f"#!/bin/sh\necho \"$*\" >>'{tmp_path}/calls'\nenv | grep ^GIT_ | sort >>'{tmp_path}/known'\nexec {shutil.which('git')} \"$@\"\n"
    )
    recorder.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    for name in ("GIT_DIR", "GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_CONFIG_COUNT", "GIT_PAGER"):
        monkeypatch.setenv(name, "0")
    found = Repository(repo.folder)
    tree = found.tree(found.merge_base("main"), "catalogue")
    assert list(found.read([blob.id for blob in tree.blobs.values()]))
    assert found.authors("catalogue/catalogue.yaml", b"format: 1\n") == {1: "A"}

    calls = (tmp_path / "calls").read_text().splitlines()
    guards = (
        "-c core.fsmonitor=false -c core.hooksPath=/dev/null -c protocol.allow=never -c log.showSignature=false"
        " --no-pager --no-replace-objects --literal-pathspecs "
    )
    assert [call for call in calls if not call.startswith(guards)] == []
    rest = [call.removeprefix(guards) for call in calls]
    assert {call.split()[0] for call in rest} == {"rev-parse", "merge-base", "ls-tree", "cat-file", "blame"}
    assert [call for call in rest if "--verify" in call and "--quiet --end-of-options " not in call] == []
    assert [call for call in rest if call.startswith("cat-file")] == ["cat-file --batch"]
    assert [call for call in rest if call.startswith("blame")] == [
        f"blame --porcelain --no-textconv --encoding=UTF-8 {found.commit('HEAD')} -- catalogue/catalogue.yaml"
    ]
    assert set((tmp_path / "known").read_text().splitlines()) == {
        "GIT_ALLOW_PROTOCOL=",
        f"GIT_CEILING_DIRECTORIES={os.path.realpath(repo.folder.parent)}",
        "GIT_NO_LAZY_FETCH=1",
        "GIT_OPTIONAL_LOCKS=0",
        "GIT_TERMINAL_PROMPT=0",
    }


def test_without_git_it_is_said(repo, tmp_path):
    ran = mcred("validate", "--changed-since", "main", cwd=repo.folder, PATH=str(tmp_path))

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == "mcred: there is no git on the PATH: install Git, which keeps what was there before\n"


def test_a_git_in_the_folder_where_mcred_runs_is_not_the_one_that_is_meant(repo, tmp_path, monkeypatch):
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\ntouch ran\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".")

    assert refused(repo.folder).startswith("there is no git on the PATH")
    assert not (tmp_path / "ran").exists()


def test_a_shallow_clone_says_how_to_fetch_what_it_lacks(repo, tmp_path):
    said = "run: git fetch --unshallow (in GitHub Actions: `fetch-depth: 0` for actions/checkout)"
    clone = shallow(repo, tmp_path / "clone")

    assert refused(clone, "nowhere") == f"no revision 'nowhere' in this clone, which is shallow; {said}"
    assert refused(clone, "origin/main") == (
        f"this clone is shallow and lacks the commit at which HEAD and 'origin/main' part; {said}"
    )
    git(clone, "fetch", "--quiet", "--unshallow")
    assert Repository(clone).merge_base("origin/main") == repo.git("rev-parse", "main")


def test_a_shallow_clone_that_holds_the_revision_in_its_history_is_enough(repo, tmp_path):
    clone = shallow(repo, tmp_path / "clone", depth=2)

    assert Repository(clone).merge_base("HEAD^") == repo.git("rev-parse", "main")


@pytest.mark.parametrize("filter", ["blob:none", "tree:0"])
def test_a_partial_clone_says_how_to_fetch_what_it_lacks_and_fetches_nothing(filter, repo, tmp_path):
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git(
        tmp_path,
        "clone",
        "--quiet",
        "--no-checkout",
        "--no-local",
        f"--filter={filter}",
        f"file://{repo.folder}",
        clone,
    )
    address = git(clone, "config", "remote.origin.url")
    # A transport that is a program of its own, and is allowed by the repository itself.
    git(clone, "config", "remote.origin.url", f"ext::sh -c touch% {tmp_path}/ran")
    git(clone, "config", "protocol.ext.allow", "always")

    def read():
        found = Repository(clone)
        tree = found.tree(found.merge_base("origin/main"), "catalogue")
        return dict(found.read(blob.id for blob in tree.blobs.values()))

    before = sorted(path.name for path in (clone / ".git" / "objects").rglob("*"))
    with pytest.raises(McredError) as told:
        read()
    assert str(told.value) == (
        "this clone is partial and lacks some of what was recorded; run: git fetch --refetch --no-filter"
    )
    assert sorted(path.name for path in (clone / ".git" / "objects").rglob("*")) == before
    assert not (tmp_path / "ran").exists()

    git(clone, "config", "remote.origin.url", address)
    git(clone, "fetch", "--quiet", "--refetch", "--no-filter")
    assert len(read()) == 3


@pytest.mark.skipif(not is_root(), reason="only root can give a folder to another user")
def test_a_repository_of_another_user_is_not_read_and_it_is_said_what_to_do(repo, tmp_path):
    foreign = tmp_path / "foreign"
    shutil.copytree(repo.folder, foreign)
    for path in (foreign, *foreign.rglob("*")):
        os.chown(path, 4321, 4321, follow_symlinks=False)

    ran = mcred("validate", "--changed-since", "main", cwd=foreign)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        f"mcred: the repository {foreign} belongs to another user, and git does not read it; if you trust who made it, "
        f"run: git config --global --add safe.directory {foreign}\n"
    )
    (foreign / ".gitconfig").write_text(f"[safe]\n\tdirectory = {foreign}\n")  # the folder is HOME here
    assert mcred("validate", "--changed-since", "main", "--as-of", AS_OF, cwd=foreign).code == 1
