"""With a cache and without, by one process and by several: a report is the same to the byte, whatever happens."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from itertools import count
from pathlib import Path

import pytest
from hypothesis import strategies as st

from mcred.cli.examining import Days, Examination
from mcred.cli.means import Means
from mcred.cli.recalling import recalled
from mcred.diagnostic import Source
from mcred.packing import packed, unpacked
from mcred.store import dumped, loaded
from mcred.store.blocks import read, write
from mcred.validation import Entry, Request, validate
from mcred.workspace import Walk, Workspace
from tests.support import (
    AS_OF,
    CATALOGUE,
    DRAFT,
    PROGRAM,
    ROOT,
    copied,
    environment,
    holds,
    made,
    mcred,
    real_records,
    register,
    small,
    spoilt,
)
from tests.support import written as reported

DAY = date.fromisoformat(AS_OF)

HOUR = 3_600_000_000_000


def later(hours=1):
    """Return a clock that is ahead by some hours, to which no file is new."""
    return lambda: time.time_ns() + hours * HOUR


def looked(root, cache=None, day=DAY, asked=False, instead=None, **means):
    """Return the report on a catalogue as JSON, as it comes about by some means."""
    catalogue = Workspace(root)
    walk = catalogue.walk()
    context = catalogue.context(walk)
    again = lambda path: instead.source.data if instead and path == instead.source.path else catalogue.read(path)  # noqa: E731
    days = Days(day, asked=asked)
    examination = Examination(catalogue, walk, context, days, Means(cache, **means), again, instead)
    request = Request(
        entries=examination.entries(),
        again=again,
        places=examination.places,
        files=walk.files,
        misplaced=catalogue.misplaced(walk),
        as_of=day,
        baseline=catalogue.baseline(walk),
    )
    report = reported(validate(request, context), "json")
    examination.save()
    return report


def blocks(cache):
    """Return the blocks of a cache."""
    return sorted(path for path in cache.rglob("*") if path.is_file() and path.parent != cache)


@contextmanager
def generated(records, faulty):
    """Make a catalogue of invented records, some of them faulty, in a folder that goes away."""
    sys.path.insert(0, str(ROOT / "bench"))
    try:
        generate = import_module("generate")
    finally:
        sys.path.remove(str(ROOT / "bench"))
    with tempfile.TemporaryDirectory() as folder:
        generate.write(Path(folder), records, faulty)
        yield Path(folder) / "catalogue"


# --- the same as without ----------------------------------------------------------------------------------------------


def rules(tmp_path):
    """Make a catalogue with a record that each rule refuses, as far as it is a micro-credential."""
    files = {}
    for folder in sorted((ROOT / "tests" / "rules").glob("MC*")):
        for path in sorted(folder.glob("bad*.yaml"))[:1]:
            files[f"micro-credentials/{folder.name.lower()}.yaml"] = path.read_bytes()
    return made(tmp_path, {**register(), **files})


@pytest.mark.parametrize("source", ["the catalogue", "every rule", "generated"])
def test_what_is_taken_over_is_what_would_be_found(source, tmp_path):
    with generated(40, 50) as invented:
        root = {"the catalogue": CATALOGUE, "generated": invented}.get(source) or rules(tmp_path)
        cache = tmp_path / "cache"
        plain = looked(root)
        assert looked(root, cache, clock=later()) == plain
        assert len(blocks(cache)) > 0
        assert looked(root, cache, clock=later(2)) == plain  # nothing is read
        assert looked(root, cache, by_time=False) == plain  # everything is read, and nothing looked at


TEXTS = [
    DRAFT,
    DRAFT.replace("title", "titel"),
    "id: a-draft\ntitle: [\n",
    real_records()["micro-credentials/worked-example.yaml"].decode(),
    "id: other\ntitle: A Draft\nframework: nzqcf\nlevel: 3\ncredits: 5\n",
    "# mcred: ignore[MC201] -- known\n" + DRAFT,
    "title: Test\nformat: 1\nlanguages: [mi]\n",
    "format: 1\ntitle: Test\npolicies: [example-provider-policy]\n",
    real_records()["policies/example-provider-policy.yaml"].decode(),
    real_records()["policies/example-provider-policy.yaml"].decode().replace("summary:", "sumary:", 1),
    "id: a-body\ntitle: A Body\ntypes: [{type: provider}]\n",
    None,
]
PLACES = [
    *("micro-credentials/a-draft.yaml", "micro-credentials/below/b-draft.yaml", "organisations/a-body.yaml"),
    *("policies/example-provider-policy.yaml", "catalogue.yaml"),
]
EDIT = st.tuples(st.sampled_from(PLACES), st.sampled_from(TEXTS), st.booleans())


def edited(root, place, text, by_time, number):
    """Put a text in a place of a catalogue, or take away what is there; the catalogue's own file stays."""
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    if text is not None:
        beside = root.parent / f"{number}"  # a new file, so that the system knows it from the old one
        beside.write_text(text, "utf-8")
        beside.replace(path)
    elif place != "catalogue.yaml":
        path.unlink(missing_ok=True)


@holds(st.lists(EDIT, min_size=2, max_size=6), quick=5, thorough=60)
def test_after_any_edits_the_report_is_the_same_as_without_a_cache(edits):
    numbers = count()
    with tempfile.TemporaryDirectory() as folder:
        root, cache = made(Path(folder), register_of_bodies()), Path(folder) / "cache"
        for place, text, by_time in edits:
            edited(root, place, text, by_time, next(numbers))
            assert looked(root, cache, by_time=by_time, clock=later(next(numbers))) == looked(root)


def register_of_bodies():
    return {path: data for path, data in real_records().items() if path.startswith("organisations/example-")}


def test_another_day_is_another_report_and_leaves_that_of_today_where_it_is(tmp_path):
    root, cache = copied(tmp_path), tmp_path / "cache"
    other = date(2031, 1, 1)
    looked(root, cache)
    [kept] = blocks(cache)
    before = os.stat(kept)
    assert looked(root, cache, other, asked=True) == looked(root, day=other) != looked(root)
    assert (os.stat(kept).st_ino, len(blocks(cache))) == (before.st_ino, 2)
    assert looked(root, cache, other) == looked(root, day=other)


# --- what must not come back -------------------------------------------------------------------------------------------

PLANTED = "this was planted"


def plant(cache, digest=None):
    """Put a title of our own in what the cache knows of each file, and another digest; return how many there were."""
    number = 0
    for path in blocks(cache):
        key, held = read(path)
        for name, (known, value) in held.items():
            of_file, places = loaded(value)
            result = unpacked(loaded(of_file))
            shown = [each._replace(message=PLANTED) for each in result.diagnostics]
            planted = dumped(packed(result._replace(diagnostics=shown)))
            held[name] = ((*known[:-1], digest or known[-1]), dumped((planted, places)))
            number += len(shown)
        write(path, (key, held))
    return number


@pytest.fixture
def warm(tmp_path):
    """Return a catalogue with a fault, a cache in which what was found is replaced, and the report without it."""
    root, cache = small(tmp_path, a_draft=DRAFT.replace("title", "titel")), tmp_path / "cache"
    looked(root, cache, clock=later())
    assert plant(cache, b"of another text") > 0
    return root, cache, looked(root)


def test_by_time_what_is_known_is_taken_over_unread(warm):
    root, cache, _ = warm
    assert PLANTED in looked(root, cache, clock=later(2))


@pytest.mark.parametrize(
    "means",
    [
        {"by_time": False, "clock": later(2)},
        {"clock": later(0)},  # a clock that was set back
    ],
    ids=["where time tells nothing", "after the clock was set back"],
)
def test_a_file_is_read_whose_time_tells_nothing(warm, means):
    root, cache, plain = warm
    assert looked(root, cache, **means) == plain


def test_a_file_is_read_that_was_written_shortly_before_it_was_read_last(tmp_path):
    root, cache = small(tmp_path, a_draft=DRAFT.replace("title", "titel")), tmp_path / "cache"
    looked(root, cache)  # at once, within the grain of the clock
    plant(cache, b"of another text")
    assert looked(root, cache, clock=later()) == looked(root)


def test_an_edit_of_the_same_size_that_puts_the_time_back_is_seen(tmp_path):
    root, cache = small(tmp_path, a_draft=DRAFT), tmp_path / "cache"
    path = root / "micro-credentials" / "a-draft.yaml"
    before = os.stat(path)
    looked(root, cache, clock=later())
    path.write_text(DRAFT.replace("title", "titel"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert os.stat(path).st_size == before.st_size
    assert looked(root, cache, clock=later(2)) == looked(root)


def test_a_moved_checkout_finds_nothing_that_is_of_another_place(tmp_path):
    root, cache = copied(tmp_path / "here"), tmp_path / "cache"
    looked(root, cache, clock=later())
    plant(cache)
    (tmp_path / "here").rename(tmp_path / "there")
    moved = tmp_path / "there" / "catalogue"
    assert looked(moved, cache, clock=later(2)) == looked(moved)


def test_a_catalogue_that_becomes_a_repository_tells_its_paths_anew(tmp_path):
    root, cache = small(tmp_path, a_draft=DRAFT.replace("title", "titel")), tmp_path / "cache"
    looked(root, cache, clock=later())
    (root / ".git").mkdir()
    assert looked(root, cache, clock=later(2)) == looked(root)


@spoilt
def test_a_block_that_is_none_costs_time_and_nothing_else(tmp_path, spoil):
    root, cache = copied(tmp_path), tmp_path / "cache"
    looked(root, cache, clock=later())
    for path in blocks(cache):
        spoil(path)
    assert looked(root, cache, clock=later(2)) == looked(root)


TWINS = {"a_draft": DRAFT, "b_draft": DRAFT.replace("a-draft", "b-draft")}
"""Two records with one title, which is told of both, each with the place in the other."""


def test_places_in_other_files_are_kept_until_a_file_differs(tmp_path):
    root, cache = small(tmp_path, **TWINS), tmp_path / "cache"
    plain = looked(root, cache, clock=later())
    assert plain.count("MC213") > 0
    [(_, held)] = [read(path) for path in blocks(cache)]
    assert sum(len(loaded(loaded(value)[1])) for _, value in held.values()) > 1
    assert looked(root, cache, clock=later(2)) == plain
    edited(root, "micro-credentials/b-draft.yaml", "# moved\n" + TWINS["b_draft"], by_time=True, number=1)
    moved = looked(root)
    assert moved != plain
    assert looked(root, cache, clock=later(3)) == moved
    assert looked(root, cache, clock=later(4)) == moved


def test_places_in_a_text_that_stands_for_a_file_are_those_of_the_text(tmp_path):
    root, cache = small(tmp_path, **TWINS), tmp_path / "cache"
    looked(root, cache, clock=later())
    path = Workspace(root).shown("micro-credentials/b-draft.yaml")
    unsaved = Entry(Source(path, b"# moved\n" + TWINS["b_draft"].encode()), "micro-credential")
    assert looked(root, cache, instead=unsaved, clock=later(2)) == looked(root, instead=unsaved)
    assert looked(root, cache, clock=later(3)) == looked(root)


def test_a_text_that_stands_for_a_file_is_judged_and_leaves_no_trace(tmp_path):
    root, cache = small(tmp_path, a_draft=DRAFT), tmp_path / "cache"
    path = Workspace(root).shown("micro-credentials/a-draft.yaml")
    unsaved = Entry(Source(path, DRAFT.replace("title", "titel").encode()), "micro-credential")
    assert "titel" in looked(root, cache, instead=unsaved, clock=later())
    assert looked(root, cache, clock=later(2)) == looked(root)


def about_the_example(report):
    """Return the rules of which a report says that a record breaks them which itself was not touched."""
    return {each["rule"] for each in json.loads(report)["findings"] if each["record"] == "worked-example"}


JUDGED_BY = {
    "settings": ("catalogue.yaml", "policies: [example-provider-policy]", "policies: []"),
    "policy": ("policies/example-provider-policy.yaml", "min: 9, checked", "min: 1, checked"),
    "organisation": (
        "organisations/example-qualifications-authority.yaml",
        "fictional: true",
        "x-fictional: true",
    ),
}


@pytest.mark.parametrize("by", JUDGED_BY)
def test_results_depend_on_what_records_are_judged_by(tmp_path, by):
    root, cache = copied(tmp_path), tmp_path / "cache"
    settings, policy = root / "catalogue.yaml", root / "policies" / "example-provider-policy.yaml"
    settings.write_text(settings.read_text() + "policies: [example-provider-policy]\n")
    policy.write_text(policy.read_text().replace("min: 1, checked", "min: 9, checked"))
    before = looked(root, cache, clock=later())
    inside, old, new = JUDGED_BY[by]
    text = (root / inside).read_text()
    assert old in text
    edited(root, inside, text.replace(old, new), by_time=True, number=1)
    plain = looked(root)
    assert about_the_example(before) != about_the_example(plain)
    assert looked(root, cache, clock=later(2)) == plain


def test_what_records_are_judged_by_is_read_once(tmp_path):
    root = copied(tmp_path)
    catalogue = Workspace(root)
    walk = catalogue.walk()
    before = list(catalogue.sources(walk, "framework")), catalogue.written
    for inside in ("catalogue.yaml", "policies/example-provider-policy.yaml"):
        edited(root, inside, "title: saved in between\n", by_time=True, number=1)
    assert (catalogue.sources(walk, "framework"), catalogue.written) == before
    assert catalogue.sources(catalogue.walk(), "framework") != before[0]


def test_results_depend_on_mcred_itself(tmp_path, monkeypatch):
    root, cache = small(tmp_path, a_draft=DRAFT.replace("title", "titel")), tmp_path / "cache"
    looked(root, cache, clock=later())
    plant(cache)
    monkeypatch.setattr("mcred.cli.means.program_digest", lambda: "another mcred")
    assert looked(root, cache, clock=later(2)) == looked(root)


# --- what records are judged by ----------------------------------------------------------------------------------------


def judging(root, keeping=True):
    """Return what records are judged by, with what was kept of it and without."""
    catalogue = Workspace(root)
    if keeping:
        recalled(catalogue)
    found = catalogue.context(catalogue.walk())
    return catalogue.settings, dict(found.broken), dict(found.books), dict(found.frameworks), set(found.policies)


@pytest.fixture
def keeping(tmp_path_factory, monkeypatch):
    """Return the folder of a cache in which everything is kept from now on."""
    home = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    return home / "mcred"


def test_what_records_are_judged_by_is_kept_until_it_differs(tmp_path, keeping):
    root = copied(tmp_path)
    policy, body = "policies/example-provider-policy.yaml", "organisations/example-provider.yaml"
    for inside, old, new in (
        (policy, "min: 1, checked", "min: 9, checked"),
        ("catalogue.yaml", "timezone:", "policies: [example-provider-policy]\ntimezone:"),
        (policy, "clauses:", "clausses:"),
        (policy, "clausses:", "clauses:"),
        (body, "id: example-provider", "id: example-providers"),
        (policy, "extends: nzqcf", "extends: pqf"),
        (policy, "extends: pqf", ": {"),
    ):
        path = root / inside
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))
        afresh = judging(root, keeping=False)
        assert [judging(root), judging(root)] == [afresh, afresh]


def test_a_framework_that_is_kept_is_not_read(tmp_path, keeping):
    root = copied(tmp_path)
    judging(root)
    for block in blocks(keeping):
        key, found = read(block)
        if isinstance(found, dict) and found.get("id") == "pqf":
            write(block, (key, {**found, "title": "planted"}))
    catalogue = Workspace(root)
    recalled(catalogue)
    frameworks = catalogue.context(Walk()).frameworks
    assert frameworks["pqf"].title == "planted"
    assert frameworks["nzqcf"].title != "planted"


def test_one_file_alone_is_told_of_alike_with_a_cache_without_and_where_none_can_be(tmp_path):
    folder, user, taken = tmp_path / "here", tmp_path / "user", tmp_path / "taken"
    copied(folder)
    taken.write_text("mine")
    file = "catalogue/micro-credentials/worked-example.yaml"
    run = lambda home, *more: mcred("validate", "--alone", file, *more, cwd=folder, XDG_CACHE_HOME=str(home))  # noqa: E731
    plain = run(user, "--no-cache")
    assert not user.exists()
    runs = [run(user), run(user), run(taken)]
    assert [(each.code, each.out, each.err) for each in runs] == [(plain.code, plain.out, plain.err)] * 3
    assert len(blocks(user / "mcred")) == 4
    assert taken.read_text() == "mine"


# --- the program ------------------------------------------------------------------------------------------------------


def started(*arguments, cwd, limit=None, **env):
    """Start the program as a shell does in which Ctrl-C works, and what is bounded by a limit."""

    def prepare():
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if limit is not None:
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [PROGRAM, "validate", "--as-of", AS_OF, *arguments],
        cwd=cwd,
        env=environment(cwd, **env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=prepare,  # noqa: PLW1509 - no threads of ours here
    )


def said(process):
    """Return what a process said, and its exit code."""
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def children(process):
    """Wait until a process has some of its own, or has ended; return their ids."""
    while process.poll() is None:
        found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if found:
            return [int(pid) for pid in found]
    return []


def gone(pid):
    """Wait until a process is gone; return that it is."""
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True


@pytest.fixture(scope="module")
def large():
    """Return a folder with a catalogue that several processes are shared out over, and the report on it."""
    with generated(400, 20) as root:
        yield root.parent, said(started("--no-cache", "--jobs", "1", cwd=root.parent))


@pytest.mark.parametrize("jobs", [2, 3])
def test_several_processes_find_what_one_finds(large, jobs):
    folder, alone = large
    assert said(started("--no-cache", "--jobs", str(jobs), cwd=folder)) == alone


def test_runs_at_once_share_a_cache(large, tmp_path):
    folder, alone = large
    for _ in range(2):  # the first write it together, the others read it
        runs = [started(cwd=folder, XDG_CACHE_HOME=str(tmp_path)) for _ in range(2)]
        assert [said(run) for run in runs] == [alone, alone]


def test_a_writer_that_is_killed_leaves_a_cache_that_can_be_used(large, tmp_path):
    folder, alone = large
    run = started(cwd=folder, XDG_CACHE_HOME=str(tmp_path))
    while run.poll() is None and not (tmp_path / "mcred").exists():
        pass
    run.kill()
    said(run)
    assert said(started(cwd=folder, XDG_CACHE_HOME=str(tmp_path))) == alone


def test_a_process_that_dies_is_told_of_and_its_work_is_done_again(large):
    folder, (code, out, err) = large
    run = started("--no-cache", "--jobs", "2", cwd=folder)
    os.kill(children(run)[0], signal.SIGKILL)
    lost = "mcred: a process ended before its work was done; the rest is done without it\n"
    assert said(run) == (code, out, lost + err)


def test_ctrl_c_ends_all_processes_at_once(large):
    folder, _ = large
    run = started("--no-cache", "--jobs", "2", cwd=folder)
    pids = children(run)
    assert len(pids) > 0
    began = time.monotonic()
    os.killpg(run.pid, signal.SIGINT)
    assert said(run) == (130, "", "mcred: stopped\n")
    assert all(gone(pid) for pid in pids)
    assert time.monotonic() - began < 5


def test_a_disk_that_is_full_costs_time_and_nothing_else(tmp_path):
    copied(tmp_path)
    plain = said(started("--no-cache", cwd=tmp_path))
    cache = tmp_path.parent / "full"
    for _ in range(2):
        assert said(started(cwd=tmp_path, limit=64, XDG_CACHE_HOME=str(cache))) == plain
    assert blocks(cache / "mcred") == []


@pytest.mark.parametrize("place", ["a file", "below a file", "links in a circle", "/proc"])
def test_a_cache_folder_that_cannot_be_made_costs_time_and_nothing_else(tmp_path, place):
    copied(tmp_path)
    (tmp_path / "mcred").write_text("mine")
    (tmp_path / "circle").symlink_to("circle")
    homes = {"a file": tmp_path, "below a file": tmp_path / "mcred", "links in a circle": tmp_path / "circle"}
    home = homes.get(place, place)
    (tmp_path / "catalogue" / ".git").mkdir()  # the repository, outside which the cache is
    plain = said(started("--no-cache", cwd=tmp_path))
    assert said(started(cwd=tmp_path, XDG_CACHE_HOME=str(home))) == plain
    assert (tmp_path / "mcred").read_text() == "mine"


# --- mcred cache -------------------------------------------------------------------------------------------------------


def test_the_cache_is_told_of_and_taken_away(tmp_path):
    folder, user = tmp_path / "here", tmp_path / "user"
    small(folder, a_draft=DRAFT)
    run = lambda *arguments: mcred(*arguments, cwd=folder, XDG_CACHE_HOME=str(user))  # noqa: E731
    told = {"folder": str(user / "mcred"), "used": "yes", "files": 0, "bytes": 0, "at_most": 536_870_912}
    assert run("cache", "info", "--format", "json").json == told
    assert run("validate").code == 0
    size = sum(path.stat().st_size for path in (user / "mcred").rglob("*") if path.is_file())
    shown = f"folder\t{user}/mcred\nused\tyes\nfiles\t3\nbytes\t{size:,}\nat most\t536,870,912\n"
    assert run("cache", "info").out == "what\tvalue\n" + shown
    assert run("cache", "clear", "--dry-run").out == f"would remove 3 files of {size:,} bytes from {user}/mcred\n"
    assert run("cache", "clear").out == f"removed 3 files of {size:,} bytes from {user}/mcred\n"
    assert run("cache", "clear").out == f"removed 0 files of 0 bytes from {user}/mcred\n"
    assert list(user.iterdir()) == []


@pytest.mark.parametrize(
    ("cache", "used"),
    [
        ("{}/catalogue/.cache", "no: it lies in the repository, where anybody could write it"),
        ("relative", "yes"),  # counts as none, and that of the home is taken
        ("{}/a-file", "no: it cannot be written"),
        ("{}/a-link-to-nothing", "no: it cannot be written"),
        ("{}/not-there-yet/nor-this", "yes"),
    ],
)
def test_it_is_told_whether_the_cache_is_used(tmp_path, cache, used):
    (tmp_path / "a-file").write_text("")
    (tmp_path / "a-link-to-nothing").symlink_to("nothing")
    (small(tmp_path, a_draft=DRAFT) / ".git").mkdir()
    ran = mcred("cache", "info", "--format", "json", cwd=tmp_path, XDG_CACHE_HOME=cache.format(tmp_path))
    assert ran.json["used"] == used


def test_without_a_folder_there_is_nothing_to_tell_of_or_to_take_away(tmp_path):
    homeless = {"XDG_CACHE_HOME": "", "HOME": ""}
    assert mcred("cache", "info", cwd=tmp_path, **homeless).out.splitlines()[1:3] == [
        "folder\tnone",
        "used\tno: the user has no folder for it (XDG_CACHE_HOME, HOME)",
    ]
    assert mcred("cache", "clear", cwd=tmp_path, **homeless).out == "nothing is kept: the user has no folder for it\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes into every folder, whatever its permissions")
def test_it_is_told_that_the_user_may_not_write_there(tmp_path):
    small(tmp_path / "here", a_draft=DRAFT)
    (tmp_path / "mine").mkdir(mode=0o500)
    ran = mcred("cache", "info", cwd=tmp_path / "here", XDG_CACHE_HOME=str(tmp_path / "mine"))
    assert ran.out.splitlines()[2] == "used\tno: it cannot be written"


def test_a_line_end_in_the_name_of_the_folder_makes_no_line(tmp_path):
    user = tmp_path / "two\nlines"
    ran = mcred("cache", "clear", cwd=tmp_path, XDG_CACHE_HOME=str(user))
    assert ran.out == f"removed 0 files of 0 bytes from {tmp_path}/two<U+000A>lines/mcred\n"


def test_what_is_no_cache_is_not_taken_away(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mcred").symlink_to(tmp_path / "mine")
    ran = mcred("cache", "clear", cwd=tmp_path, XDG_CACHE_HOME=str(tmp_path))
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith(f"mcred: cannot clear {tmp_path}/mcred: ")
    assert (tmp_path / "mine").is_dir()


# --- what the options and surroundings say ----------------------------------------------------------------------------


@pytest.fixture
def surroundings(tmp_path, monkeypatch):
    """Return a catalogue in surroundings that tell nothing but where the cache is."""
    for name in ("CI", "GIT_INDEX_FILE", "PRE_COMMIT", "HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.setattr("mcred.cli.means.processors", lambda: 16)
    return Workspace(small(tmp_path / "here", a_draft=DRAFT))


def test_by_itself_a_run_takes_the_cache_and_the_time_and_some_of_the_processors(surroundings, tmp_path):
    assert Means.given(surroundings) == Means(tmp_path / "user" / "mcred", by_time=True, jobs=8)


def test_what_the_options_say_counts(surroundings):
    assert Means.given(surroundings, cache=False, by_time=False, jobs=20) == Means(None, by_time=False, jobs=20)


@pytest.mark.parametrize(("value", "by_time"), [("true", False), ("1", False), ("false", True), ("", True)])
def test_in_ci_time_tells_nothing(surroundings, monkeypatch, value, by_time):
    monkeypatch.setenv("CI", value)
    assert Means.given(surroundings).by_time is by_time


@pytest.mark.parametrize("name", ["GIT_INDEX_FILE", "PRE_COMMIT"])
def test_a_hook_starts_no_processes_whatever_is_asked_for(surroundings, monkeypatch, name):
    monkeypatch.setenv(name, "1")
    assert Means.given(surroundings).jobs == Means.given(surroundings, jobs=4).jobs == 1


@pytest.mark.parametrize("cache", ["here/.cache", "link/.cache"])
def test_a_cache_in_the_repository_is_none_since_a_stranger_may_have_put_it_there(
    surroundings, monkeypatch, tmp_path, cache
):
    (tmp_path / "link").symlink_to(tmp_path / "here")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / cache))
    assert Means.given(surroundings).cache is None


@pytest.mark.parametrize("home", ["", "relative"])
def test_a_user_without_a_folder_has_no_cache(surroundings, monkeypatch, home):
    monkeypatch.setenv("XDG_CACHE_HOME", home)
    assert Means.given(surroundings).cache is None
