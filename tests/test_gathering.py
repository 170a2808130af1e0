"""What falls due, taken over from an earlier run: the same to the byte, and nothing that must not come back."""

import os
import tempfile
import time
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from hypothesis import strategies as st

from mcred.cli.means import Means
from mcred.cli.schedule import due_in
from mcred.reporters.due import Sheet, writer
from mcred.review import Wanted, packed, unpacked
from mcred.store import dumped, loaded
from mcred.store.blocks import read, write
from mcred.workspace import Workspace
from tests.support import AS_OF, copied, holds, made, mcred, register, spoilt
from tests.test_cli import COMMAND_LINE, imported
from tests.test_due_reviews import RECORDS, approved, record

DAY, SINCE = date.fromisoformat(AS_OF), date(2026, 6, 1)

HOUR = 3_600_000_000_000

LATE = "micro-credentials/late.yaml"


def later(hours=1):
    """Return a clock that is ahead by some hours, to which no file is new."""
    return lambda: time.time_ns() + hours * HOUR


WANTED = (Wanted(undated=True), Wanted(until=date(2027, 2, 20), custodies=frozenset(["own"])))
"""Everything, and what the program shows by itself."""


def told(root, cache=None, since=SINCE, **means):
    """Return what is said of what falls due in a catalogue, and what is left out, as it comes about by some means."""
    found = due_in(Workspace(root), DAY, since, "due-reviews", Means(cache, **means))
    made = [found.report(wanted, each) for wanted in WANTED for each in {None, since}]
    sheets = [writer("json")(Sheet(each, unread=len(found.unread))) for each in made]
    return b"".join(sheets), found.unread, sorted(found.organisations), sorted(map(str, found.due.groups))


def rolls(cache):
    return sorted(cache.rglob("roll"))


# --- the same as without ----------------------------------------------------------------------------------------------

OPTIONS = (
    "",
    "--within 1y --format csv",
    "--within 1d --format json",
    "--until 2031-01-01 --format md --group-by level",
    "--since 2026-06-01 --within 1y --format json",
    "--kind developer,provider --custody all --format html",
    "--kind standard,framework --within 9y",
    "--lead quality-lead --format ics",
    "--lead none --sort title --limit 2 --format json",
    "--organisation other --within 1y",
    "--organisation scool",
    "--level 3 --custody observed",
    "--by month --format json",
    "--spread",
    "--fail-on overdue --format table",
)


@pytest.mark.parametrize("options", OPTIONS)
def test_whatever_is_asked_the_answer_is_the_same(options, known):
    catalogue, cache = known
    ask = lambda *more: mcred("due-reviews", "--as-of", AS_OF, *options.split(), *more, cwd=catalogue, **cache)  # noqa: E731
    plain = ask("--no-cache")
    asked = [ask(), ask(), ask("--no-stat-cache")]
    assert {(ran.code, ran.out, ran.err) for ran in asked} == {(plain.code, plain.out, plain.err)}


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A catalogue, and the surroundings of a user with a cache."""
    root = made(tmp_path_factory.mktemp("due"), RECORDS)
    return root, {"XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}


AWARD = """\
id: {}
title: An Award
framework: nzqcf
developer: school
{}decisions:
  - {{id: approved, act: content-approved, date: 2021-03-04, by: authority, version: "1"}}
  - {{id: listed, act: listed, date: {}, by: authority, version: "1", number: "9009"}}
"""
EARLIER = AWARD.format("earlier", "", "2021-03-04").replace("  - {id: listed", "  # - {id: listed")
SUCCESSOR = AWARD.format("successor", "replaces: [earlier]\n", "2025-05-06")
TEXTS = (
    record("late", approved("2024-02-12", 2)),
    record("late", approved("2024-02-12", 5)),
    record("late", approved("2024-02-12", 2)).replace("framework: nzqcf", "framework: nosuch"),
    "id: late\ntitle: [\n",
    EARLIER,
    SUCCESSOR,
    "id: example-provider-policy\ntitle: Ours\nextends: nzqcf\nreview_by: 2027-01-01\n",
    "{id: school, title: School, fictional: true}\n",
    "format: 1\ntitle: Another title\nframework: nzqcf\n",
    None,
)
PLACES = (
    *(LATE, "micro-credentials/below/new.yaml", "training-schemes/earlier.yaml", "organisations/school.yaml"),
    *("policies/example-provider-policy.yaml", "catalogue.yaml"),
)


def edited(root, place, text, number):
    """Put a text in a place of a catalogue, or take away what is there; the catalogue's own file stays."""
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    if text is not None:
        beside = root.parent / f"{number}"  # a new file, so that the system knows it from the old one
        beside.write_text(text, "utf-8")
        beside.replace(path)
    elif place != "catalogue.yaml":
        path.unlink(missing_ok=True)


@holds(
    st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(TEXTS), st.booleans()), min_size=2, max_size=6),
    quick=5,
    thorough=60,
)
def test_after_any_edits_the_answer_is_the_same_as_without_a_cache(edits):
    numbers = count()
    with tempfile.TemporaryDirectory() as folder:
        root, cache = made(Path(folder), RECORDS), Path(folder) / "cache"
        for place, text, by_time in edits:
            edited(root, place, text, next(numbers))
            plain = told(root)
            assert told(root, cache, by_time=by_time, clock=later(next(numbers))) == plain
            assert told(root, cache, by_time=by_time, clock=later(next(numbers))) == plain


def test_an_award_is_under_review_until_another_record_takes_its_place(tmp_path):
    root, cache = made(tmp_path, {**RECORDS, "micro-credentials/earlier.yaml": EARLIER}), tmp_path / "cache"
    before = told(root, cache, clock=later())
    assert before[0].count(b'"transition"') > 0
    edited(root, "micro-credentials/successor.yaml", SUCCESSOR, 1)
    after = told(root, cache, clock=later(2))
    assert after == told(root)
    assert after[0].count(b'"transition"') == 0
    (root / "micro-credentials/successor.yaml").unlink()
    assert told(root, cache, clock=later(3)) == before


def test_an_item_that_was_packed_is_the_same_again():
    with tempfile.TemporaryDirectory() as folder:
        root = made(Path(folder), {**register(), **RECORDS})
        items = due_in(Workspace(root), DAY, None, "", Means()).due.items(Wanted(undated=True))
    assert len({each.kind for each in items}) > 4
    assert [unpacked(loaded(dumped(packed(each)))) for each in items] == items
    assert {type(each.due.pointer) for each in items} == {type(items[0].due.pointer)}


# --- what must not come back -------------------------------------------------------------------------------------------

PLANTED = b"this was planted"


def plant(cache, digest=None):
    """Put a title of our own in what the cache knows of each record, and another digest of its bytes."""
    for path in rolls(cache):
        key, (paths, numbers, digests, ends, values, whole, read_at) = read(path)
        title = b"Late".ljust(len(PLANTED))[:4]
        assert values.count(title) > 0
        digests = digest * (len(digests) // len(digest)) if digest else digests
        write(path, (key, (paths, numbers, digests, ends, values.replace(title, b"LATE"), whole, read_at)))


OTHER = b"of another text."


@pytest.fixture
def warm(tmp_path):
    """Return a catalogue, a cache in which what was found is replaced, and the answer without it."""
    root, cache = made(tmp_path, RECORDS), tmp_path / "cache"
    assert told(root, cache, clock=later()) == told(root)
    plant(cache, OTHER)
    return root, cache, told(root)


def test_by_time_what_is_known_is_taken_over_unread(warm):
    root, cache, plain = warm
    assert b'"LATE"' in told(root, cache, clock=later(2))[0]
    assert b'"LATE"' not in plain[0]


@pytest.mark.parametrize(
    "means",
    [{"by_time": False, "clock": later(2)}, {"clock": later(0)}],
    ids=["where time tells nothing", "after the clock was set back"],
)
def test_a_file_is_read_whose_time_tells_nothing(warm, means):
    root, cache, plain = warm
    assert told(root, cache, **means) == plain


def test_a_file_is_read_that_was_written_shortly_before_it_was_read_last(tmp_path):
    root, cache = made(tmp_path, RECORDS), tmp_path / "cache"
    told(root, cache)  # at once, within the grain of the clock
    plant(cache, OTHER)
    assert told(root, cache, clock=later()) == told(root)


def test_what_was_read_and_is_the_same_is_not_looked_at(tmp_path):
    root, cache = made(tmp_path, RECORDS), tmp_path / "cache"
    told(root, cache, clock=later())
    plant(cache)
    assert b'"LATE"' in told(root, cache, by_time=False, clock=later(2))[0]


def test_an_edit_of_the_same_size_that_puts_the_time_back_is_seen(tmp_path):
    root, cache = made(tmp_path, RECORDS), tmp_path / "cache"
    path = root / LATE
    before = os.stat(path)
    told(root, cache, clock=later())
    path.write_text(path.read_text().replace("2024-02-12", "2024-02-13"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert os.stat(path).st_size == before.st_size
    assert told(root, cache, clock=later(2)) == told(root)


@pytest.mark.parametrize("change", ["another mcred", "another day", "a repository", "moved"])
def test_what_is_of_other_rules_another_day_or_another_place_is_not_taken_over(tmp_path, monkeypatch, change):
    # Without organisations, which are read each time and by themselves would tell.
    files = {path: text for path, text in RECORDS.items() if not path.startswith("organisations/")}
    root, cache = made(tmp_path / "here", files), tmp_path / "cache"
    told(root, cache, clock=later())
    plant(cache)
    if change == "another mcred":
        monkeypatch.setattr("mcred.cli.means.program_digest", lambda: "another mcred")
    if change == "another day":
        monkeypatch.setattr("tests.test_gathering.DAY", date(2027, 3, 4))
    if change == "a repository":
        (root / ".git").mkdir()
    if change == "moved":
        root = (tmp_path / "here").rename(tmp_path / "there") / "catalogue"
    plain = told(root)
    assert b'"LATE"' not in plain[0]
    assert told(root, cache, clock=later(2)) == plain


def test_a_day_that_is_asked_for_leaves_that_of_today_where_it_is(tmp_path):
    root, surroundings = made(tmp_path, RECORDS), {"XDG_CACHE_HOME": str(tmp_path.parent / "days")}
    mcred("due-reviews", cwd=root, **surroundings)
    [kept] = rolls(tmp_path.parent / "days")
    before = os.stat(kept)
    for asked in ("--as-of 2031-01-01", "--since 2026-01-01"):
        mcred("due-reviews", *asked.split(), cwd=root, **surroundings)
    assert os.stat(kept).st_ino == before.st_ino
    assert len(rolls(tmp_path.parent / "days")) == 3


# --- files that cannot be read ----------------------------------------------------------------------------------------


def test_a_file_that_is_gone_when_it_is_read_is_told_of_until_it_can_be(tmp_path, monkeypatch):
    root, cache = made(tmp_path, RECORDS), tmp_path / "cache"
    shown = Workspace(root).shown(LATE)
    plain = told(root)

    def refused(path):
        if path.name == "late.yaml":
            raise PermissionError(13, "Permission denied")
        return path.read_bytes()

    with monkeypatch.context() as patched:
        patched.setattr("mcred.cli.gathering.read_bytes", refused)
        without = told(root)
        assert without[1] == [shown]
        assert without[0] != plain[0]
        for hours in (1, 2):
            assert told(root, cache, clock=later(hours)) == without
    assert told(root, cache, clock=later(3)) == plain


def test_a_file_that_vanishes_after_it_was_found_is_told_of(tmp_path, monkeypatch):
    root, cache = made(tmp_path, RECORDS), tmp_path / "cache"
    told(root, cache, clock=later())
    catalogue = Workspace(root)
    walk = catalogue.walk()
    (root / LATE).unlink()
    monkeypatch.setattr(Workspace, "walk", lambda self: walk)
    assert told(root, cache, clock=later(2))[1] == [catalogue.shown(LATE)]


def test_a_catalogue_without_records_has_nothing_due(tmp_path):
    root, cache = made(tmp_path, {}), tmp_path / "cache"
    assert told(root, cache) == told(root, cache) == told(root)


@spoilt
def test_a_roll_that_is_none_costs_time_and_nothing_else(tmp_path, spoil):
    root, cache = made(tmp_path, RECORDS), tmp_path / "cache"
    told(root, cache, clock=later())
    [path] = rolls(cache)
    spoil(path)
    assert told(root, cache, clock=later(2)) == told(root)


# --- what it spares ---------------------------------------------------------------------------------------------------


def test_where_nothing_changed_no_file_is_opened_and_nothing_is_written(tmp_path, monkeypatch):
    root, cache = made(tmp_path, RECORDS), tmp_path / "cache"
    plain = told(root, cache, clock=later())
    [path] = rolls(cache)
    before = os.stat(path)
    monkeypatch.setattr("mcred.cli.gathering.read_bytes", None)
    assert told(root, cache, clock=later(2)) == plain
    assert (os.stat(path).st_ino, os.stat(path).st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_where_every_file_is_read_and_none_differs_nothing_is_written(tmp_path):
    root, cache = made(tmp_path, RECORDS), tmp_path / "cache"
    told(root, cache, clock=later())
    [path] = rolls(cache)
    before = os.stat(path).st_ino
    told(root, cache, by_time=False, clock=later(2))
    assert os.stat(path).st_ino == before


def test_several_processes_find_what_one_finds(tmp_path):
    many = {
        f"micro-credentials/r-{number}.yaml": record(f"r-{number}", approved("2024-02-12", 2)) for number in range(9)
    }
    padded = {path: text + f"remarks: {'long ' * 8000}\n" for path, text in many.items()}
    root = made(tmp_path, {**RECORDS, **padded})
    assert told(root, jobs=3) == told(root)


def test_a_run_in_which_nothing_changed_reads_no_yaml_no_schema_and_no_framework(tmp_path):
    copied(tmp_path)
    surroundings = {"XDG_CACHE_HOME": str(tmp_path.parent / "unchanged")}
    imported("due-reviews", tmp_path, **surroundings)
    found = imported("due-reviews", tmp_path, **surroundings)
    assert {name for name in found if not name.startswith("mcred.")} == {*COMMAND_LINE, "tzdata"}
    judging = ("mcred.document.reading", "mcred.validation", "mcred.rules", "mcred.frameworks", "mcred.shape")
    assert [name for name in found if name.startswith(judging)] == []
