"""A roll: what is kept of all files of a catalogue at once, and when it may be believed."""

import os
from types import SimpleNamespace

import pytest

from mcred.store import Found, Roll, Standing, blocks
from mcred.store.results import GRAIN

NOW = 1_700_000_000_000_000_000
LONG_AGO = NOW - 10 * GRAIN


def standing(**files):
    """Files by name, each with what differs from an ordinary one."""
    made = Standing()
    for name, more in files.items():
        known = {"st_size": 7, "st_mtime_ns": LONG_AGO, "st_ctime_ns": LONG_AGO, "st_ino": 70, **more}
        made.add(name, SimpleNamespace(**known))
    return made


def found(text):
    return Found(text.encode().ljust(16), text.encode())


def roll(files, read_at=NOW, before=None):
    """What is kept of files that were read at a moment, in each of which its name was found."""
    for place in range(len(files.paths)):
        files.read(place, read_at)
    joined = lambda values: b" ".join(values).decode()  # noqa: E731
    return (before or Roll()).updated(files, [found(path) for path in files.paths], joined, read_at)


def test_what_was_kept_is_there_in_the_next_run(tmp_path):
    roll(standing(a={}, b={})).keep(tmp_path, "/register", "key")
    kept = Roll.kept(tmp_path, "/register", "key")
    assert (len(kept), kept[0], kept[1], kept.whole) == (2, found("a"), found("b"), "a b")
    assert kept.tells_of(standing(a={}, b={}), NOW)


@pytest.mark.parametrize("other", [("/elsewhere", "key"), ("/register", "another")])
def test_of_another_catalogue_or_under_other_rules_nothing_is_known(tmp_path, other):
    roll(standing(a={})).keep(tmp_path, "/register", "key")
    kept = Roll.kept(tmp_path, *other)
    assert (len(kept), kept.whole) == (0, None)
    assert list(kept.known(standing(a={}), NOW)) == [(Found(), False)]


DIFFERENT = {
    "another size": standing(a={"st_size": 8}, b={}),
    "another time": standing(a={"st_mtime_ns": LONG_AGO + 1}, b={}),
    "its time put back": standing(a={"st_ctime_ns": LONG_AGO + 1}, b={}),
    "another file": standing(a={"st_ino": 71}, b={}),
    "one more": standing(a={}, b={}, c={}),
    "one less": standing(a={}),
    "another name": standing(a={}, c={}),
}


@pytest.mark.parametrize("files", DIFFERENT.values(), ids=DIFFERENT)
def test_where_anything_differs_it_does_not_tell_of_the_files(files):
    assert not roll(standing(a={}, b={})).tells_of(files, NOW)


def test_of_each_file_it_says_what_was_found_and_whether_it_is_as_it_was():
    files = standing(new={}, b={"st_mtime_ns": LONG_AGO + 1}, a={})
    known = roll(standing(a={}, b={})).known(files, NOW)
    assert list(known) == [(Found(), False), (found("b"), False), (found("a"), True)]


def test_after_the_clock_was_set_back_nothing_is_sure():
    kept = roll(standing(a={}))
    assert not kept.tells_of(standing(a={}), NOW - 1)
    assert list(kept.known(standing(a={}), NOW - 1)) == [(found("a"), False)]


@pytest.mark.parametrize("time", ["st_mtime_ns", "st_ctime_ns"])
def test_of_a_file_that_was_written_shortly_before_it_was_read_nothing_is_sure(time):
    early, late = {time: NOW - GRAIN - 1}, {time: NOW - GRAIN}
    assert roll(standing(a=early)).tells_of(standing(a=early), NOW)
    assert not roll(standing(a=late)).tells_of(standing(a=late), NOW)


@pytest.mark.parametrize("number", [-1, (1 << 63) + 1, (1 << 64) + 1])
def test_any_time_and_number_that_a_file_system_tells_has_its_room(number):
    odd = {"st_ino": number, "st_mtime_ns": number % (1 << 61)}
    assert not roll(standing(a={})).tells_of(standing(a=odd), NOW)
    assert [each for each, _ in roll(standing(a=odd)).known(standing(a=odd), NOW)] == [found("a")]


def test_where_nothing_is_new_it_stays_as_it_is():
    kept = roll(standing(a={}, b={}))
    assert roll(standing(a={}, b={}), NOW + 1, before=kept) is kept


def test_whatever_the_clock_says_now_counts_from_now_on():
    kept = roll(standing(a={}))
    again = roll(standing(a={}), NOW - 1, before=kept)
    assert not kept.tells_of(standing(a={}), NOW - 1)
    assert again.tells_of(standing(a={}), NOW - 1)


def test_what_was_made_of_all_is_made_anew_where_a_value_differs_and_only_there():
    asked = []
    kept = roll(standing(a={}))
    for value, size in (("a", 7), ("a", 8), ("other", 8)):
        kept = kept.updated(standing(a={"st_size": size}), [found(value)], lambda values: asked.append([*values]), NOW)
    assert asked == [[b"other"]]


def test_of_no_files_there_is_a_roll_too(tmp_path):
    roll(standing()).keep(tmp_path, "/register", "key")
    assert Roll.kept(tmp_path, "/register", "key").whole == ""


DAMAGES = {
    "cut short": lambda data: data[:-1],
    "empty": lambda data: b"",
    "other bytes": lambda data: data.replace(b"a", b"b"),
}


@pytest.mark.parametrize("spoil", DAMAGES.values(), ids=DAMAGES)
def test_one_that_is_damaged_says_nothing(tmp_path, spoil):
    roll(standing(a={})).keep(tmp_path, "/register", "key")
    [path] = tmp_path.rglob("roll")
    path.write_bytes(spoil(path.read_bytes()))
    assert len(Roll.kept(tmp_path, "/register", "key")) == 0


def test_what_a_writer_that_was_killed_left_behind_goes_after_an_hour(tmp_path):
    roll(standing(a={})).keep(tmp_path, "/register", "key")
    [path] = tmp_path.rglob("roll")
    left, fresh = path.with_name("roll.1.new"), path.with_name("roll.2.new")
    for each in (left, fresh):
        each.write_bytes(b"half of a")
    os.utime(left, (0, 0))
    roll(standing(b={})).keep(tmp_path, "/register", "key")
    assert sorted(each.name for each in path.parent.iterdir()) == ["roll", "roll.2.new"]


@pytest.mark.parametrize("used", [True, False])
def test_one_that_nobody_asks_for_goes(tmp_path, used):
    roll(standing(a={})).keep(tmp_path, "/register", "key")
    [path] = tmp_path.rglob("roll")
    os.utime(path.parent, (0, 0))
    if used:
        Roll.used(tmp_path, "/register")
    (tmp_path / "tidied").unlink()
    blocks.bound(tmp_path, tmp_path / "other")
    assert path.exists() is used


def test_without_a_cache_nothing_is_known_and_nothing_is_written(tmp_path):
    roll(standing(a={})).keep(None, "/register", "key")
    Roll.used(None, "/register")
    assert len(Roll.kept(None, "/register", "key")) == 0
    assert list(tmp_path.iterdir()) == []
