"""`--at`: what a command says of the register as its repository recorded it, whatever lies in the working tree."""

import json
import os
import re
import shutil

import pytest

from mcred.cli.app import COMMANDS as COMMANDS_OF_MCRED
from mcred.cli.app import load
from mcred.cli.running import run
from tests.repositories import Repo, git
from tests.support import AS_OF, CATALOGUE, DRAFT, ROOT, mcred, register
from tests.test_changed_since import contents, trap
from tests.test_history import shallow

DAY = ("--as-of", AS_OF)
OLD = "id: a-draft\ntitle: An Early Draft\nframework: nzqcf\nlevel: 3\ncredits: 10\n"
NEW = OLD.replace("An Early", "A Later").replace("10", "15")
ZONED = "format: 1\ntitle: Test\ntimezone: Pacific/Auckland\n"


@pytest.fixture
def says(monkeypatch, capfdbinary):
    """What a command prints on both streams in a folder, and its exit code."""

    def said(folder, *arguments):
        monkeypatch.chdir(folder)
        code = run([*map(str, arguments)])
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return said


# --- as a checkout has it --------------------------------------------------------------------------------------------


def beside(repo, files):
    """Write files beside the catalogue."""
    for path, text in files.items():
        place = repo.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """A register that has a history of everything that a command reads, and a working tree that is none of it.

    Of each commit there is a checkout: the fixture is the repository, and the commits with their folders.
    """
    folder = tmp_path_factory.mktemp("story")
    documents = CATALOGUE / "documents" / "worked-example"
    papers = {f"documents/worked-example/{path.name}": path.read_bytes() for path in documents.iterdir()}
    worked = register()["micro-credentials/worked-example.yaml"]
    repo = Repo(folder / "repo", {**register(), **papers, "micro-credentials/a-draft.yaml": OLD})
    broken = {"micro-credentials/broken.yaml": OLD.replace("a-draft", "broken") + "levle: 1\ntitle: [\n"}
    faulty = {
        "micro-credentials/faulty.yaml": DRAFT.replace("a-draft", "faulty") + "level: eleven\ndeveloper: nobody\n"
    }

    listing = (ROOT / "templates" / "listing.html.j2").read_text()
    repo.write({**broken, **faulty, "micro-credentials/a-draft.yaml": NEW, "micro-credentials/stray.yml": NEW})
    repo.write({"micro-credentials/worked-example.yaml": worked.replace(b"credits: 10", b"credits: 12", 1)})
    repo.write({"documents/worked-example/letter-of-support.md": None})
    beside(repo, {"templates/listing.html.j2": f"<p>of this register</p>\n{listing}"})
    beside(repo, {".mcred/schemas/group.schema.json": "{}"})
    assert mcred("baseline", "create", *DAY, cwd=repo.folder).code == 0
    repo.commit()
    repo.git("checkout", "--quiet", "-b", "side", "HEAD~1")
    repo.write({"micro-credentials/a-draft.yaml": OLD.replace("Early", "Other")})
    repo.commit()
    repo.git("checkout", "--quiet", "work")
    repo.git("merge", "--quiet", "--strategy", "ours", "side")
    (repo.root / "standards" / "a-link.yaml").symlink_to("/etc/passwd")
    (repo.root / "groups").symlink_to("organisations")
    (repo.root / "micro-credentials" / "sub").mkdir()
    marks = f"<<<<<<< work\n{NEW}=======\n{OLD}>>>>>>> side\n"
    names = ('it\'s a "wānanga"\nx', "ātea", " spaced out ")
    repo.write(
        {"micro-credentials/a-draft.yaml": marks, **{f"micro-credentials/sub/{name}.yaml": NEW for name in names}}
    )
    repo.write(
        {"catalogue.yaml": register()["catalogue.yaml"] + b"languages: [mi, en]\n", "policies/faulty.yaml": "id: x\n"}
    )
    repo.commit()

    commits = [repo.git("rev-parse", name) for name in ("main", "HEAD~1", "HEAD")]
    checkouts = []
    for commit in commits:
        checkouts.append((commit, folder / commit))
        repo.git("worktree", "add", "--quiet", "--detach", folder / commit, commit)
    repo.write(
        {
            "micro-credentials/worked-example.yaml": "[",
            "micro-credentials/dirty.yaml": NEW,
            "catalogue.yaml": "format: 7\ntimezone: X\n",
        }
    )
    repo.write({"micro-credentials/faulty.yaml": None, "micro-credentials/sub/ātea.yaml": None})
    repo.write({".mcred-baseline.jsonl": "{}"})
    beside(repo, {"templates/listing.html.j2": "{{ nothing", "templates/index.html.j2": "{{ nothing"})
    return repo, checkouts


COMMANDS = {
    "list": ("list", "--kind", "all"),
    "list.json": ("list", "--format", "json", "--columns", "id,title,credits,version"),
    "show": ("show", "worked-example"),
    "show.json": ("show", "worked-example", "--format", "json"),
    "show.none": ("show", "broken"),
    "stats": ("stats", "--format", "json"),
    "validate": ("validate", "--verbose"),
    "validate.json": ("validate", "--format", "json", "--no-baseline"),
    "validate.named": ("validate", "catalogue/micro-credentials/faulty.yaml", "catalogue/standards", "a-draft"),
    "validate.root": ("validate", "catalogue", "--format", "concise"),
    "validate.missing": ("validate", "catalogue/micro-credentials/sub/ātea.yaml", "catalogue/organisations/none.yaml"),
    "ready": ("ready", "worked-example"),
    "ready.json": ("ready", "a-draft", "--format", "json"),
    "why": ("why", "worked-example", "nzqcf.credits"),
    "why.review": ("why", "worked-example", "review"),
    "due-reviews": ("due-reviews", "--within", "9y", "--format", "md", "--since", "2026-01-31"),
    "due-reviews.json": ("due-reviews", "--format", "json"),
    "due-reviews.month": ("due-reviews", "--by", "month", "--format", "json"),
    "transition": ("transition", "--custody", "all", "--format", "json"),
    "frameworks.diff": ("frameworks", "diff", "OLD", "NEW"),
    "render": ("render", "--format", "md", "--format", "json", "--output", "OUT", "--force"),
    "render.refused": ("render", "faulty", "worked-example", "a-draft", "--format", "html", "--output", "OUT"),
}  # fmt: skip


def without_headings(text):
    """A text without what tells the commit that was read."""
    text = re.sub(r"(, recorded at| --at) [0-9a-f]{12}( of \d{4}-\d\d-\d\d)?", "", text)
    text = re.sub(r"\n\n  As of +[-0-9]{10}\n$", "\n", text)
    text = re.sub(r"[^\n]*As recorded at [0-9a-f]{12} of [^\n]*\n\n?", "", text)
    return re.sub(r'("recorded_(at|on)": )"[^"]*"', r"\1null", text).replace("file said it then", "file says it today")


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_says_what_it_would_in_a_checkout(command, story, says, tmp_path):
    repo, checkouts = story
    shipped = ROOT / "schemas" / "frameworks" / "nzqcf.yaml"
    other = tmp_path / "nzqcf.yaml"
    other.write_text(shipped.read_text().replace("max: 40", "max: 11"))
    files = {**dict.fromkeys(("worked-example",), "a-draft"), "OLD": shipped, "NEW": other}
    told = []
    for commit, folder in checkouts:
        both = []
        for where, more in ((folder, ()), (repo.folder, ("--at", commit))):
            out = tmp_path / f"{commit}-{len(both)}"
            given = [files.get(word, out if word == "OUT" else word) for word in command]
            code, *streams = says(where, *given, *DAY, *more)
            streams = [text.replace(str(out), "OUT").replace(str(where), "HERE") for text in streams]
            made = {str(path.relative_to(out)): path.read_text() for path in sorted(out.rglob("*.*"))}
            both.append(
                (code, *map(without_headings, streams), {path: without_headings(text) for path, text in made.items()})
            )
        assert both[1] == both[0]
        told.append(both[0])
    # What cannot differ would prove nothing.
    assert len({repr(each) for each in told}) > 1


def test_a_hint_names_the_commit_too(story, says):
    repo, checkouts = story
    commit, _ = checkouts[-1]
    check = f"mcred validate --at {commit[:12]}"

    assert says(repo.folder, "list", "--at", commit)[2] == (
        f"mcred: 2 files could not be read and are left out: `{check}`\n"
    )
    assert says(repo.folder, "due-reviews", "--at", commit)[2].endswith(f" (`{check}` says which)\n")
    assert says(repo.folder, "show", "broken", "--at", commit)[2].endswith(
        f"`mcred validate catalogue/micro-credentials/broken.yaml --at {commit[:12]}` says why\n"
    )


# --- which commit ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dated(tmp_path_factory):
    """A draft of 1 January that was changed in March, and once more since, without a commit."""
    repo = Repo(tmp_path_factory.mktemp("dated"), {"catalogue.yaml": ZONED, "micro-credentials/a-draft.yaml": OLD})
    repo.write({"micro-credentials/a-draft.yaml": NEW, "micro-credentials/more.yaml": NEW.replace("a-draft", "more")})
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "--message", "more", GIT_COMMITTER_DATE="2026-03-01T12:30:00Z")
    repo.write(
        {"micro-credentials/a-draft.yaml": NEW.replace("Later", "Latest"), "catalogue.yaml": "format: 1\ntitle: Test\n"}
    )
    return repo


LIST = ("list", "--columns", "id,title,credits", *DAY)
THEN = "id\ttitle\tcredits\na-draft\tAn Early Draft\t10\n"
SINCE = "id\ttitle\tcredits\na-draft\tA Later Draft\t15\nmore\tA Later Draft\t15\n"


@pytest.mark.parametrize("at", ["main", "HEAD~1", "2026-01-01", "2026-02", "2026-03-01"])
def test_what_was_recorded_first(at, dated, says):
    assert says(dated.folder, *LIST, "--at", at) == (0, THEN, "")


@pytest.mark.parametrize("at", ["HEAD", "work", "2026-03-02", "2026-03", "2026", "2199-12-31"])
def test_what_was_recorded_later_where_a_day_ends_in_the_zone_of_the_catalogue(at, dated, says):
    # The commit was made on 1 March by UTC, which was 2 March in Auckland; that the zone was taken out is not recorded.
    assert says(dated.folder, *LIST, "--at", at) == (0, SINCE, "")


@pytest.mark.parametrize(
    ("at", "code", "err"),
    [
        ("nowhere", 3, "no revision 'nowhere' in this repository"),
        ("--output=x", 3, "no revision '--output=x' in this repository"),
        ("", 3, "no revision '' in this repository"),
        ("main..work", 3, "no revision 'main..work' in this repository"),
        ("main:catalogue", 3, "no revision 'main:catalogue' in this repository"),
        ("2025-12-31", 3, "2025-12-31: nothing was recorded by then: the first commit is younger"),
        ("2026-02-30", 2, "--at: 30 February 2026 does not exist"),
    ],
)
def test_what_names_no_commit_is_refused(at, code, err, dated, says):
    for command in (("list",), ("validate",), ("due-reviews",), ("render",)):
        assert says(dated.folder, *command, f"--at={at}") == (code, "", f"mcred: {err}\n")
    assert not os.path.lexists(dated.folder / "x")


def test_headings_tell_both_clocks(dated, says):
    commit = dated.git("rev-parse", "HEAD")
    clocks = f"2026-11-22, recorded at {commit[:12]} of 2026-03-02"

    def said(*arguments):
        return says(dated.folder, *arguments, "--at", "HEAD", *DAY)[1]

    assert f"\nAs of {clocks} (what stands above is as the file said it then)\n" in said("show", "a-draft")
    assert said("why", "a-draft", "nzqcf.credits").endswith(f"\n\n  As of         {clocks}\n")
    assert said("ready", "a-draft").endswith(f" (as of {clocks})\n")
    assert said("validate").endswith(
        f"1 warning in 1 file of 3 checked (as of {clocks}); 28 notes (--verbose lists them)\n"
    )
    assert said("due-reviews", "--format", "md").startswith(f"# Test: reviews due as of {clocks} (Pacific/Auckland)\n")
    assert said("transition", "--format", "md").startswith(
        f"# Test: earlier awards under review as of {clocks} (Pacific/Auckland)\n"
    )
    shipped = ROOT / "schemas" / "frameworks" / "nzqcf.yaml"
    assert said("frameworks", "diff", shipped, shipped) == (
        f"no verdict changes (2 records looked at, as of {clocks})\n"
    )
    for command in (("list",), ("show", "a-draft"), ("stats",), ("ready", "a-draft"), ("validate",), ("due-reviews",)):
        told = json.loads(said(*command, "--format", "json"))
        assert (told["as_of"], told["recorded_at"]) == (AS_OF, commit)
        assert json.loads(says(dated.folder, *command, "--format", "json", *DAY)[1])["recorded_at"] is None


def test_a_document_says_what_it_was_made_of(dated, says, tmp_path):
    commit = dated.git("rev-parse", "main")
    made = says(dated.folder, "render", "--at", "main", "-f", "md", "-f", "json", "-o", tmp_path, "--force", *DAY)

    assert made[::2] == (0, "")
    recorded = f"As recorded at {commit[:12]} of 1 January 2026: what was recorded later is left out."
    for name in ("a-draft/listing.md", "index.md"):
        page = (tmp_path / name).read_text()
        assert f"> As of 22 November 2026: what was decided later is left out.\n\n> {recorded}\n" in page
        assert "An Early Draft" in page
    for name in ("a-draft/view.json", "index.json"):
        data = json.loads((tmp_path / name).read_text())
        assert (data["as_of"], data["recorded_at"], data["recorded_on"]) == (AS_OF, commit, "2026-01-01")
    # A document names its commit, so that of another it is written anew, even where nothing else differs.
    same = dated.git("commit-tree", "work^{tree}", "-p", "work", "-m", "nothing changed")
    for at, wrote in (
        ("work", "wrote 6, unchanged 0\n"),
        (same, "wrote 6, unchanged 0\n"),
        (same, "wrote 0, unchanged 6\n"),
    ):
        again = says(dated.folder, "render", "--at", at, "-f", "md", "-f", "json", "-o", tmp_path, "--force", *DAY)
        assert (again[0], again[1].endswith(wrote), again[2]) == (0, True, "")


# --- repositories of every sort --------------------------------------------------------------------------------------


def test_a_commit_without_a_catalogue_and_one_of_another_format_are_refused(tmp_path, says):
    repo = Repo(tmp_path, {})
    repo.git("rm", "-r", "--quiet", "--cached", "catalogue")
    repo.git("commit", "--quiet", "--message", "no catalogue")
    (repo.root / "catalogue.yaml").rename(repo.root / "kept")
    (repo.root / "catalogue.yaml").symlink_to("kept")
    repo.commit()
    (repo.root / "catalogue.yaml").unlink()
    repo.write({"catalogue.yaml": "format: 2\ntitle: Test\n"})
    repo.commit()
    repo.write({"catalogue.yaml": "format: 1\ntitle: Test\n"})

    for name in ("HEAD~2", "HEAD~1"):
        commit = repo.git("rev-parse", name)[:12]
        none = f"there was no catalogue yet at {commit} of 2026-01-01: it holds no file catalogue/catalogue.yaml"
        assert says(repo.folder, "list", "--at", name) == (3, "", f"mcred: {none}\n")
    commit = repo.git("rev-parse", "HEAD")[:12]
    newer = f"the catalogue recorded at {commit} of 2026-01-01 has format 2; this mcred knows 1: install a newer one"
    assert says(repo.folder, "list", "--at", "HEAD") == (3, "", f"mcred: {newer}\n")


def test_where_nothing_was_recorded_it_is_said(tmp_path, says):
    folder = tmp_path / "none"
    Repo(tmp_path / "repo", {"micro-credentials/a-draft.yaml": OLD})
    shutil.copytree(tmp_path / "repo" / "catalogue", folder / "catalogue")

    assert says(folder, *LIST, "--at", "HEAD") == (
        3,
        "",
        f"mcred: {folder} is no Git repository, so nothing was recorded in it\n",
    )
    git(folder, "init", "--quiet")
    assert says(folder, *LIST, "--at", "HEAD") == (
        3,
        "",
        "mcred: the repository has no commit yet, so nothing was recorded in it\n",
    )
    git(tmp_path, "clone", "--quiet", "--bare", tmp_path / "repo", "bare")
    assert says(tmp_path / "bare", *LIST, "--at", "HEAD") == (
        3,
        "",
        f"mcred: no catalogue here: neither {tmp_path}/bare nor a folder above it holds catalogue/catalogue.yaml\n",
    )


def test_a_worktree_a_submodule_and_a_hook_read_their_own_repository(dated, tmp_path, says, monkeypatch):
    dated.git("worktree", "add", "--quiet", "--detach", tmp_path / "tree", "main")
    outer = Repo(tmp_path / "outer", {"micro-credentials/other.yaml": DRAFT.replace("a-draft", "other")})
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", dated.folder, "inner")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", dated.folder, "catalogue/standards/in")
    outer.commit()
    monkeypatch.setenv("GIT_DIR", str(outer.folder / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", "x")

    assert says(tmp_path / "tree", *LIST, "--at", "work")[1] == SINCE
    assert says(tmp_path / "tree", *LIST, "--at", "HEAD")[1] == THEN
    assert says(outer.folder / "inner", *LIST, "--at", "HEAD^")[1] == THEN
    # Of a repository inside this one nothing is read: its records are not this register's.
    assert says(outer.folder, *LIST, "--at", "HEAD")[::2] == (0, "")
    assert says(outer.folder, "list", "--kind", "all", "--at", "HEAD")[1].count("\n") == 2
    dated.git("worktree", "remove", "--force", tmp_path / "tree")


def test_a_shallow_clone_says_how_to_fetch_what_it_lacks(dated, tmp_path, says):
    clone = shallow(dated, tmp_path / "clone")
    run_ = "run: git fetch --unshallow (in GitHub Actions: `fetch-depth: 0` for actions/checkout)"

    assert says(clone, *LIST, "--at", "HEAD")[1] == SINCE
    assert says(clone, *LIST, "--at", "2026-01-31")[2] == (
        f"mcred: 2026-01-31: this clone is shallow and lacks what was recorded by then; {run_}\n"
    )
    assert says(clone, *LIST, "--at", "HEAD~1")[2] == (
        f"mcred: no revision 'HEAD~1' in this clone, which is shallow; {run_}\n"
    )


@pytest.mark.parametrize("filter", ["blob:none", "tree:0"])
def test_a_partial_clone_says_how_to_fetch_what_it_lacks_and_fetches_nothing(filter, dated, tmp_path, says):
    dated.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--no-local", f"--filter={filter}", f"file://{dated.folder}", clone)
    git(clone, "config", "remote.origin.url", f"ext::sh -c touch% {tmp_path}/ran")
    git(clone, "config", "protocol.ext.allow", "always")
    before = sorted(path.name for path in (clone / ".git" / "objects").rglob("*"))

    assert says(clone, *LIST, "--at", "HEAD")[1] == SINCE
    assert says(clone, *LIST, "--at", "HEAD~1") == (
        3,
        "",
        "mcred: this clone is partial and lacks some of what was recorded; run: git fetch --refetch --no-filter\n",
    )
    assert sorted(path.name for path in (clone / ".git" / "objects").rglob("*")) == before
    assert not (tmp_path / "ran").exists()


def test_a_catalogue_at_the_root_of_its_repository_is_read_there_and_nothing_beside_it(tmp_path, says):
    repo = Repo(tmp_path / "outer", {"micro-credentials/a-draft.yaml": OLD})
    git(repo.root, "init", "--quiet")
    git(repo.root, "add", "--all")
    git(repo.root, "commit", "--quiet", "--message", "x")
    repo.write({"micro-credentials/a-draft.yaml": "["})
    beside(repo, {"templates/listing.html.j2": "{{ nothing"})
    out = tmp_path / "out"

    assert says(repo.root, *LIST, "--at", "HEAD")[1] == THEN
    assert says(repo.root, "render", "-f", "md", "-o", out, "--at", "HEAD", *DAY) == (
        0,
        f"wrote {out}/a-draft/listing.md\nwrote {out}/index.md\nwrote 2, unchanged 0\n",
        "",
    )


# --- whom it trusts --------------------------------------------------------------------------------------------------


def test_no_command_runs_anything_of_a_repository_or_writes_in_it(tmp_path):
    repo = Repo(tmp_path / "repo", {"micro-credentials/a-draft.yaml": OLD})
    repo.write({"micro-credentials/a-draft.yaml": NEW})
    trap(repo, tmp_path / "ran")
    shipped = ROOT / "schemas" / "frameworks" / "nzqcf.yaml"
    files = {
        **dict.fromkeys(("worked-example",), "a-draft"),
        "OLD": shipped,
        "NEW": shipped,
        "OUT": tmp_path / "out",
    }
    before = contents(repo.folder)
    given = {
        **{name: str(repo.folder / "trap.sh") for name in ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_SSH_COMMAND")},
        "GIT_DIR": str(tmp_path),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_TRACE": str(tmp_path / "trace"),
    }
    for command in {command[0]: command for command in reversed(COMMANDS.values())}.values():
        words = [files.get(word, word) for word in command]
        for at, codes in (("2026-01-01", (0, 1)), ("--output=x", (3,))):
            ran = mcred(*words, *DAY, f"--at={at}", cwd=repo.folder, **given)
            assert ran.code in codes, ran.err
            assert ("no revision '--output=x'" in ran.err) == (at == "--output=x")
    assert contents(repo.folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "repo"]


# --- which commands --------------------------------------------------------------------------------------------------


def test_the_commands_that_read_take_it_and_those_that_write_do_not():
    taking = {name for name in COMMANDS_OF_MCRED if any("--at" in each.opts for each in load(name).params)}

    assert taking == {command[0] for command in COMMANDS.values()}


@pytest.mark.parametrize("others", [("--alone", "x"), ("-", "--stdin-filename", "x"), ("--changed-since", "main")])
def test_what_lies_in_no_commit_is_not_looked_for_in_one(others, dated):
    ran = mcred("validate", *others, "--at", "HEAD", cwd=dated.folder, stdin="")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "mcred: --at is about a whole catalogue as it was recorded; leave out --alone, - and --changed-since\n"
    )


def test_what_looks_at_no_record_does_not_take_it(dated, says):
    assert says(dated.folder, "frameworks", "show", "nzqcf", "--at", "HEAD") == (
        2,
        "",
        "mcred: --as-of and --at are about the records that diff judges; show looks at none\n",
    )
