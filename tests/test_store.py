"""The cache: what is kept of each file, and everything that must not come back from it."""

import importlib
import marshal
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from mcred import hashing
from mcred.store import Known, Store, blocks, clear, dumped, loaded, noted, usage
from mcred.store.results import GRAIN
from tests.support import is_root

NOW = 1_700_000_000_000_000_000
LONG_AGO = NOW - 10 * GRAIN


def opened(folder, key="key", catalogue="/register", size=0):
    return Store(folder, catalogue, key, size)


def known(data=b"text", read_at=NOW):
    return Known(len(data), LONG_AGO, LONG_AGO, 7, read_at, data[:1])


def kept(folder, paths=("a.yaml",), value=b"data", **of):
    store = opened(folder, **of)
    for path in paths:
        store.put(path, known(), value)
    store.save()
    return store


def files(folder):
    """Return the blocks of all catalogues."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.parent != folder)


def test_what_was_kept_is_there_in_the_next_run(tmp_path):
    kept(tmp_path)
    assert opened(tmp_path).get("a.yaml") == (known(), b"data")
    assert opened(tmp_path).get("b.yaml") is None


@pytest.mark.parametrize("other", [{"key": "another"}, {"catalogue": "/elsewhere"}])
def test_nothing_is_there_for_other_rules_or_another_catalogue(tmp_path, other):
    kept(tmp_path)
    assert opened(tmp_path, **other).get("a.yaml") is None


def test_under_other_rules_all_is_kept_anew_in_the_same_room(tmp_path):
    kept(tmp_path)
    before = files(tmp_path)
    kept(tmp_path, key="another")
    assert files(tmp_path) == before
    assert opened(tmp_path, key="another").get("a.yaml") is not None
    assert opened(tmp_path).get("a.yaml") is None


def test_a_file_that_nobody_asks_for_any_more_is_forgotten(tmp_path):
    kept(tmp_path, ["a.yaml", "b.yaml"])
    store = opened(tmp_path)
    store.get("a.yaml")
    store.save()
    assert opened(tmp_path).get("b.yaml") is None
    assert opened(tmp_path).get("a.yaml") is not None


def test_an_unchanged_run_writes_nothing(tmp_path):
    kept(tmp_path)
    [block] = files(tmp_path)
    before = os.stat(block)
    store = opened(tmp_path)
    store.get("a.yaml")
    store.save()
    assert os.stat(block).st_mtime_ns == before.st_mtime_ns
    assert os.stat(block).st_ino == before.st_ino


def test_a_change_of_one_file_writes_one_block_of_many(tmp_path):
    paths = [f"{number}.yaml" for number in range(2000)]
    kept(tmp_path, paths, size=2000)
    before = {path: path.stat().st_ino for path in files(tmp_path)}
    assert len(before) == 4
    store = opened(tmp_path, size=2000)
    for path in paths:
        store.get(path)
    store.put(paths[0], known(b"other"), b"")
    store.save()
    assert sum(path.stat().st_ino != before[path] for path in files(tmp_path)) == 1


def test_a_catalogue_that_grew_leaves_no_blocks_behind(tmp_path):
    kept(tmp_path)
    for path in files(tmp_path):
        os.utime(path, (0, 0))
    kept(tmp_path, [f"{number}.yaml" for number in range(2000)], size=2000)
    assert {path.name for path in files(tmp_path)} == {"4-0", "4-1", "4-2", "4-3"}


DAMAGES = {
    "is empty": lambda data: b"",
    "is cut short": lambda data: data[:-1],
    "has one other byte": lambda data: data[:-3] + bytes([data[-3] ^ 1]) + data[-2:],
    "has another checksum": lambda data: data[:15] + bytes([data[15] ^ 1]) + data[16:],
    "is of another version": lambda data: data.replace(b"block 1", b"block 2", 1),
    "is foreign": lambda data: b"SQLite format 3\0" + data,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_block_that_is_damaged_says_nothing_and_is_written_anew(tmp_path, damage):
    kept(tmp_path)
    [block] = files(tmp_path)
    block.write_bytes(damage(block.read_bytes()))
    assert opened(tmp_path).get("a.yaml") is None
    kept(tmp_path)
    assert opened(tmp_path).get("a.yaml") is not None


@pytest.mark.parametrize("body", [b"", b"\xff", b"i\1", marshal.dumps(["no", "block"])])
def test_a_block_whose_checksum_is_right_and_whose_data_are_not_says_nothing(tmp_path, body):
    kept(tmp_path)
    [block] = files(tmp_path)
    block.write_bytes(b"mcred block 1\n" + blocks.checksum(body) + body)
    assert opened(tmp_path).get("a.yaml") is None


def test_a_link_in_the_place_of_a_block_is_not_read(tmp_path):
    kept(tmp_path)
    [block] = files(tmp_path)
    block.rename(tmp_path / "elsewhere")
    block.symlink_to(tmp_path / "elsewhere")
    assert opened(tmp_path).get("a.yaml") is None


def test_a_pipe_in_the_place_of_a_block_is_not_waited_for(tmp_path):
    kept(tmp_path)
    [block] = files(tmp_path)
    block.unlink()
    os.mkfifo(block)
    assert opened(tmp_path).get("a.yaml") is None


@pytest.mark.skipif(not is_root(), reason="only root gives files away")
def test_a_block_of_somebody_else_is_not_read(tmp_path):
    kept(tmp_path)
    [block] = files(tmp_path)
    os.chown(block, 1, -1)
    assert opened(tmp_path).get("a.yaml") is None


@pytest.mark.parametrize("value", [("text", [1, {"two": None}], b"bytes", 2.5, True), "", 0])
def test_plain_data_are_the_same_again(value):
    assert loaded(dumped(value)) == value


def test_what_is_no_plain_data_is_not_let_through(tmp_path):
    with pytest.raises(ValueError, match="unmarshallable"):
        dumped(tmp_path)


def test_a_writer_that_was_killed_leaves_the_old_block_and_its_own_goes_after_an_hour(tmp_path):
    kept(tmp_path)
    [block] = files(tmp_path)
    left, fresh = block.with_name("1-0.123.new"), block.with_name("1-0.124.new")
    for path in (left, fresh):
        path.write_bytes(b"half of a")
    os.utime(left, (0, 0))
    store = opened(tmp_path)
    assert store.get("a.yaml") is not None
    store.put("b.yaml", known(), b"")
    store.save()
    assert files(tmp_path) == [block, fresh]


def test_of_many_that_write_at_once_each_finds_whole_blocks(tmp_path):
    values = [b"%d" % number * 5000 for number in range(4)]

    def write(value):
        for _ in range(25):
            kept(tmp_path, value=value)
            found = opened(tmp_path).get("a.yaml")
            assert found is not None
            assert found[1] in values

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, values))
    assert len(files(tmp_path)) == 1


def test_without_a_cache_nothing_is_known_and_nothing_is_written(tmp_path):
    store = kept(None)
    assert opened(None).get("a.yaml") is None
    assert store.get("a.yaml") is None
    assert files(tmp_path) == []


@pytest.mark.parametrize("cache", ["a file", "below a file"])
def test_a_cache_that_cannot_be_written_costs_nothing_else(tmp_path, cache):
    (tmp_path / "file").write_text("mine")
    folder = tmp_path / "file" if cache == "a file" else tmp_path / "file" / "below"
    kept(folder)
    assert opened(folder).get("a.yaml") is None
    assert (tmp_path / "file").read_text() == "mine"


def test_a_full_disk_keeps_the_old_block():
    program = (
        "import resource, sys, signal; from pathlib import Path; from mcred.store import Known, Store\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "folder = Path(sys.argv[1])\n"
        "def keep(value):\n"
        "    store = Store(folder, 'r', 'k', 0); store.put('a', Known(1, 1, 1, 1, 1, b''), value); store.save()\n"
        "keep(b'old')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "keep(b'new' * 5000)\n"
        "print(Store(folder, 'r', 'k', 0).get('a')[1], len([*folder.glob('*/*')]))\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run([sys.executable, "-c", program, folder], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("b'old' 1\n", "")


class TestWhetherAFileIsStillTheSame:
    """What `lstat` says of a file that was read at NOW, having been written long before."""

    def found(self, path, **changed):
        path.write_bytes(b"text")
        os.utime(path, ns=(LONG_AGO, LONG_AGO))
        return os.lstat(path)

    def read(self, stat, read_at):
        return Known.of(stat, b"text", read_at)

    def test_it_is(self, tmp_path):
        stat = self.found(tmp_path / "a")
        at = stat.st_ctime_ns + 2 * GRAIN
        assert self.read(stat, at).is_still(stat, at)

    def test_it_was_written_within_the_grain_of_the_clock(self, tmp_path):
        stat = self.found(tmp_path / "a")
        at = stat.st_ctime_ns + GRAIN
        assert not self.read(stat, at).is_still(stat, at)
        assert self.read(stat, at + 1).is_still(stat, at + 1)

    def test_the_clock_was_set_back(self, tmp_path):
        stat = self.found(tmp_path / "a")
        at = stat.st_ctime_ns + 2 * GRAIN
        assert not self.read(stat, at).is_still(stat, at - 1)

    def test_another_file_was_put_in_its_place_with_its_size_and_time(self, tmp_path):
        stat = self.found(tmp_path / "a")
        other = self.found(tmp_path / "b")
        at = max(stat.st_ctime_ns, other.st_ctime_ns) + 2 * GRAIN
        assert stat.st_mtime_ns == other.st_mtime_ns
        assert not self.read(stat, at).is_still(other, at)

    def test_its_size_is_another(self, tmp_path):
        stat = self.found(tmp_path / "a")
        at = stat.st_ctime_ns + 2 * GRAIN
        assert not self.read(stat, at)._replace(size=5).is_still(stat, at)


def test_what_was_noted_is_made_once_under_a_key(tmp_path):
    folder, made = tmp_path / "cache" / "notes", []

    def make():
        made.append("made")
        return {"number": len(made)}

    assert [noted(folder, key, make)["number"] for key in ("a", "a", "b", "b", "a")] == [1, 1, 2, 2, 3]
    (folder / "note").write_bytes(b"foreign")
    assert noted(folder, "a", make) == {"number": 4}


@pytest.mark.parametrize("folder", [None, "a file"])
def test_where_nothing_can_be_noted_it_is_made_each_time(tmp_path, folder):
    (tmp_path / "a file").write_text("mine")
    place = tmp_path / folder if folder else None
    assert [noted(place, "a", lambda: 1), noted(place, "a", lambda: 2)] == [1, 2]


def test_usage_and_clear(tmp_path):
    cache = tmp_path / "cache"
    assert usage(cache) == (0, 0)
    kept(cache)
    [block] = files(cache)
    held = (2, block.stat().st_size)
    assert usage(cache) == held
    assert clear(cache) == held
    assert not cache.exists()
    assert clear(cache) == (0, 0)


def used(cache, *days):
    """Keep something of as many catalogues, each last used so many days ago."""
    folders = [kept(cache, catalogue=f"/{ago}", value=b"x" * 10_000).folder for ago in days]
    for folder, ago in zip(folders, days, strict=True):
        at = time.time() - ago * 86_400
        os.utime(folder, (at, at))
    (cache / "tidied").unlink()
    return folders


def test_what_nobody_used_for_long_goes_but_never_ones_own(tmp_path):
    recent, _, own = used(tmp_path, 80, 91, 99)
    blocks.bound(tmp_path, own)
    assert set(tmp_path.iterdir()) == {recent, own, tmp_path / "tidied"}


def test_of_what_is_too_much_the_least_recent_goes(tmp_path):
    first, second, _, own = used(tmp_path, 10, 20, 30, 40)
    blocks.bound(tmp_path, own, most=32_000)
    assert set(tmp_path.iterdir()) == {first, second, own, tmp_path / "tidied"}


def test_the_cache_is_looked_through_once_a_day(tmp_path):
    old, own = used(tmp_path, 99, 0)
    noted = tmp_path / "tidied"
    noted.touch()
    blocks.bound(tmp_path, own)
    assert old.exists()
    for at in (time.time() - 90_000, time.time() + 90_000):  # yesterday, and by a clock that was wrong
        os.utime(noted, (at, at))
        old.mkdir(exist_ok=True)
        os.utime(old, (0, 0))
        blocks.bound(tmp_path, own)
        assert not old.exists()


def test_where_python_has_no_blake2_of_its_own_hashlib_stands_in(monkeypatch):
    monkeypatch.setitem(sys.modules, "_blake2", None)
    monkeypatch.delitem(sys.modules, "mcred.hashing")
    blake2b = importlib.import_module("mcred.hashing").blake2b
    assert blake2b(b"text", digest_size=4).hexdigest() == hashing.blake2b(b"text", digest_size=4).hexdigest()
