"""Edits: a change gives exactly the data that it declares, and touches no byte that it need not."""

import json
import re
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import strategies as st

from mcred.diagnostic import Anchor, Pointer
from mcred.document import read
from mcred.edits import Append, CannotEdit, Insert, Remove, Rename, Set, apply, scalar
from tests.support import holds, real_records
from tests.test_spans import Writer

P = Pointer
ROOT = Pointer()
RECORDS = sorted(real_records().items())
OWN = [data for path, data in RECORDS if b"custody: own" in data or path.endswith("planting-beside-streams.yaml")]

VALUES = [
    *("", " ", "plain", "Whānau", "a: b", "a, b", "a #b", "- a", "[x]", "{x}", "'", '"', "\\", "two\nlines", "🌾"),
    *("1", "0451", "1.0", "1e3", "0x1f", "0o7", "true", "no", "Null", "~", "2026", "2026-02", "2026-02-12", "12:30"),
    *(1, -2, 2.5, 1.0, True, False, None),
    *([], {}, ["a", "b, c"], {"min": 1, "max": 2}, {"en": "x", "mi": "Ā"}, [{"id": "a", "text": "long " * 40}]),
]


# --- what a change may touch -----------------------------------------------------------------------------------------


def pointers(data, at=ROOT):
    """Every pointer into some data."""
    yield at
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for part, value in inner:
        yield from pointers(value, at / part)


def at(data, pointer):
    for part in pointer:
        data = data[part]
    return data


def exactly(value):
    """Text that differs where values do in type, or maps in the order of their keys."""
    return json.dumps(value, ensure_ascii=False)


def declared(data, change):
    """The data after a change, told without a line of the code under test."""
    data = json.loads(exactly(data))
    if isinstance(change, Append):
        holder = at(data, change.pointer.parent)
        last = change.pointer[-1]
        if isinstance(holder, dict) and holder.get(last) is None:
            holder[last] = []
        holder[last].append(change.item)
        return data
    if isinstance(change, Insert):
        holder = at(data, change.pointer)
        assert change.key not in holder
        items = list(holder.items())
        after = change.after if change.after is not None else (items[-1][0] if items else None)
        place = [key for key, _ in items].index(after) + 1 if after is not None else 0
        items.insert(place, (change.key, change.value))
        holder.clear()
        holder.update(items)
        return data
    holder, last = at(data, change.pointer.parent), change.pointer[-1]
    if isinstance(change, Set):
        holder[last] = change.value
    elif isinstance(change, Remove):
        del holder[last]
    else:
        items = [(change.key if key == last else key, value) for key, value in holder.items()]
        assert len(dict(items)) == len(items)
        holder.clear()
        holder.update(items)
    return data


def touched(old, new):
    """The first and last line of the old text, from 0, that are not in the new one as they were; how many are new."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return start, len(before) - end, len(after) - end - start


def stays(old, new, document, change):
    """Hold that all lines outside of the place of a change are what they were."""
    if old == new:
        return
    first, end, _ = touched(old.decode(), new.decode())
    if isinstance(change, Insert) and not change.pointer:
        low, high = 1, len(old.decode().split("\n"))
    else:
        pointer = change.pointer
        try:
            at(document.data, pointer)
        except KeyError:
            pointer = pointer.parent
        key, value = document.locate(pointer, Anchor.KEY), document.locate(pointer)
        low, high = min(key.line, value.line), max(key.end_line, ends(document, pointer))
    if isinstance(change, Remove) and change.pointer[-1] != 0:
        # With the last of several in brackets goes the comma before it, which may stand on an earlier line.
        before = at(document.data, change.pointer.parent)
        part = change.pointer[-1]
        names = list(before) if isinstance(before, dict) else list(range(len(before)))
        if names.index(part):
            low = min(low, ends(document, change.pointer.parent / names[names.index(part) - 1]))
    # A list or map that ends where the file or a comment follows grows on the next line.
    assert low - 1 <= first or first == end, (low, first)
    assert end <= high + 1, (end, high)


def ends(document, pointer):
    """The last line of anything at or below a pointer."""
    return max(document.locate(each).end_line for each in pointers(at(document.data, pointer), pointer))


COMMENT = re.compile(r"(?:^|(?<=\s))#.*")


def remarks(data):
    """Whatever may be a comment, line by line."""
    return [line[match.start() :] for line in data.decode("utf-8-sig").splitlines() if (match := COMMENT.search(line))]


def holds_for(data, change):
    """Hold everything about one change of one file; return the new bytes, or None where it was refused."""
    document = read(data)
    assert document.data is not None
    try:
        new = apply(data, [change])
    except CannotEdit:
        return None
    again = read(new)
    assert exactly(again.data) == exactly(declared(document.data, change)), (change, data, new)
    assert len(again.faults) <= len(document.faults)
    stays(data, new, document, change)
    assert new.startswith(b"\xef\xbb\xbf") == data.startswith(b"\xef\xbb\xbf")
    if b"\r\n" in data and data.count(b"\n") == data.count(b"\r\n"):
        assert new.count(b"\n") == new.count(b"\r\n")
    elif b"\r" not in data:
        assert b"\r" not in new
    if isinstance(change, Insert | Append):
        assert data.endswith(b"\n") == new.endswith(b"\n")
    if isinstance(change, Set):
        assert apply(new, [change]) == new
    return new


def some_change(chance, data):
    """A change of some data, by chance: most can be made, some are nonsense."""
    known = list(pointers(data))
    pointer = chance.choice(known)
    if chance.random() < 0.05:
        pointer = pointer / chance.choice(["nowhere", 99])
    value = chance.choice(VALUES)
    key = chance.choice(["x-new", "another key", "level", "null", "1", "ā", "a: b", ""])
    kind = chance.choice([Set, Rename, Insert, Remove, Append])
    if kind in (Set, Append):
        if kind is Append and chance.random() < 0.7:
            lists = [each for each in known if isinstance(at(data, each), list)]
            pointer = chance.choice(lists) if lists else P((key,))
        return kind(pointer, value)
    if kind is Rename:
        return kind(pointer, key)
    if kind is Remove:
        return kind(pointer)
    maps = [each for each in known if isinstance(at(data, each), dict)]
    pointer = chance.choice(maps) if chance.random() < 0.9 else pointer
    holder = at(data, pointer) if pointer in maps else {}
    after = chance.choice([None, *holder])
    return Insert(pointer, key, value, after)


# --- properties ------------------------------------------------------------------------------------------------------


@holds(st.integers(0, 2**32), quick=250, thorough=6000)
def test_a_change_of_any_document_says_what_it_declares_or_is_refused(seed):
    chance = Random(seed)
    data = Writer(seed, chance.randrange(2, 40)).bytes
    document = read(data)
    if document.data is None or document.faults:
        return
    for _ in range(4):
        holds_for(data, some_change(chance, document.data))


@holds(st.integers(0, 2**32), quick=120, thorough=4000)
def test_a_change_of_a_record_says_what_it_declares_or_is_refused(seed):
    chance = Random(seed)
    _, data = chance.choice(RECORDS)
    end = chance.choice(["\n", "\r\n"])
    data = data.replace(b"\n", end.encode())
    if chance.random() < 0.3:
        data = data.rstrip(b"\r\n")
    if chance.random() < 0.3:
        data = b"\xef\xbb\xbf" + data
    document = read(data)
    change = some_change(chance, document.data)
    new = holds_for(data, change)
    if new is not None and isinstance(change, Set | Rename | Insert | Append):
        value = document.data
        for part in change.pointer:
            value = value[part] if not isinstance(value, dict) or part in value else None
        # What looks like a comment in the value that is replaced is none.
        old = [line for line in remarks(data) if not isinstance(change, Set) or line.rstrip("\"'}],") not in str(value)]
        there = new.decode()
        assert [line for line in old if line not in there] == []


@pytest.mark.slow
@pytest.mark.parametrize(("path", "data"), RECORDS, ids=[path for path, _ in RECORDS])
def test_every_scalar_of_every_record_can_be_set_and_every_key_renamed(path, data):
    document = read(data)
    for pointer in list(pointers(document.data))[1::5]:
        if not isinstance(at(document.data, pointer), dict | list):
            assert holds_for(data, Set(pointer, "another: value")) is not None
        if isinstance(pointer[-1], str):
            assert holds_for(data, Rename(pointer, "x-new")) is not None


@pytest.mark.parametrize("data", OWN, ids=range(len(OWN)))
def test_a_decision_can_be_appended_to_each_record_and_only_adds_lines(data):
    new = holds_for(data, Append(P(("decisions",)), {"id": "x-1", "act": "withdrawn", "because": "Why, it was so."}))
    assert new is not None
    first, end, _ = touched(data.decode(), new.decode())
    assert first == end


# --- single changes, as a person would expect them -------------------------------------------------------------------

OURS = "# mcred: ignore[MC213] -- so"
SINGLE = {
    "set-keeps-the-comment-beside": ("a: 1  # why\nb: 2\n", Set(P(("a",)), 3), "a: 3  # why\nb: 2\n"),
    "set-of-nothing": ("a:\nb: 2\n", Set(P(("a",)), 3), "a: 3\nb: 2\n"),
    "set-of-nothing-with-a-comment": ("a:  # why\nb: 2\n", Set(P(("a",)), 3), "a: 3  # why\nb: 2\n"),
    "set-of-a-block-text": ("a: |\n  x\n  y\n\n# c\nb: 2\n", Set(P(("a",)), "z"), "a: z\n\n# c\nb: 2\n"),
    "set-of-a-block-text-with-a-comment": ("a: >-  # why\n  x\nb: 2\n", Set(P(("a",)), "z"), "a: z  # why\nb: 2\n"),
    "set-of-a-flow-list": ("a: [1, 2]  # why\n", Set(P(("a",)), [3]), "a: [3]  # why\n"),
    "set-in-flow": ("a: {b: 1, c: 2}\n", Set(P(("a", "b")), "x, y"), 'a: {b: "x, y", c: 2}\n'),
    "set-text-that-looks-like-a-number": ("a: 451\n", Set(P(("a",)), "0451"), 'a: "0451"\n'),
    "set-a-date": ("a: x\n", Set(P(("a",)), "2026-11-20"), "a: 2026-11-20\n"),
    "rename-keeps-the-value": ("levle: 3  # why\nb: 2\n", Rename(P(("levle",)), "level"), "level: 3  # why\nb: 2\n"),
    "rename-of-a-quoted-key": ("'a b': 3\n", Rename(P(("a b",)), "c"), "c: 3\n"),
    "insert-last": ("a: 1\nb: 2\n", Insert(P(), "c", 3), "a: 1\nb: 2\nc: 3\n"),
    "insert-after": ("a: 1  # why\nb: 2\n", Insert(P(), "c", 3, "a"), "a: 1  # why\nc: 3\nb: 2\n"),
    "insert-in-flow": ("a: {}\n", Insert(P(("a",)), "c", 3), "a: {c: 3}\n"),
    "insert-without-a-last-line-end": ("a: 1", Insert(P(), "c", 3), "a: 1\nc: 3"),
    "insert-after-a-block-text": ("a: >\n  x\n\n# c\n", Insert(P(), "c", 3), "a: >\n  x\nc: 3\n\n# c\n"),
    "insert-with-crlf": ("a: 1\r\nb: 2\r\n", Insert(P(), "c", 3), "a: 1\r\nb: 2\r\nc: 3\r\n"),
    "remove-a-key": ("a: 1\n# of b\nb:\n  c: 2\nd: 3\n", Remove(P(("b",))), "a: 1\n# of b\nd: 3\n"),
    "remove-an-item": ("a:\n  - 1\n  - 2\n", Remove(P(("a", 0))), "a:\n  - 2\n"),
    "remove-in-flow": ("a: {b: 1, c: 2}\n", Remove(P(("a", "b"))), "a: {c: 2}\n"),
    "remove-the-last-in-flow": ("a: {b: 1, c: 2}\n", Remove(P(("a", "c"))), "a: {b: 1}\n"),
    "remove-with-a-comment-for-mcred": (
        f"a: 1\n{OURS}\n# of b\nb:\n  c: 2  {OURS}\n# of d\nd: 3\n",
        Remove(P(("b",))),
        "a: 1\n# of b\n# of d\nd: 3\n",
    ),
    "remove-with-two-comments-for-mcred": (
        f"a:\r\n  {OURS}\r\n  # see {OURS}\r\n  - b: 1\r\n  - 2\r\n",
        Remove(P(("a", 0))),
        "a:\r\n  - 2\r\n",
    ),
    "remove-below-a-text-that-looks-like-a-comment": (
        f"a: |\n  {OURS}\nb: 2\n",
        Remove(P(("b",))),
        f"a: |\n  {OURS}\n",
    ),
    "remove-below-a-comment-about-more": (
        f"{OURS}\na:\n  - 1\n  - 2\n",
        Remove(P(("a", 0))),
        f"{OURS}\na:\n  - 2\n",
    ),
    "remove-in-flow-with-a-comment-above": (
        f"a: [\n  {OURS}\n  1,\n  2]\n",
        Remove(P(("a", 0))),
        "a: [\n  2]\n",
    ),
    "remove-in-flow-with-a-comment-behind": (
        f"a: [\n  1,  {OURS}\n  2]\n",
        Remove(P(("a", 0))),
        "a: [\n  2]\n",
    ),
    "remove-the-last-in-flow-with-a-comment-behind": (
        f"a: [\n  1,\n  2  {OURS}\n]\n",
        Remove(P(("a", 1))),
        "a: [\n  1\n]\n",
    ),
    "remove-the-last-in-flow-with-a-comment-above": (
        f"a: [\n  1,\n  {OURS}\n  2]\n",
        Remove(P(("a", 1))),
        "a: [\n  1,\n  ]\n",
    ),
    "remove-of-two-in-a-line-with-a-comment": (
        f"a: [1, 2]  {OURS}\n",
        Remove(P(("a", 1))),
        f"a: [1]  {OURS}\n",
    ),
    "append-block": ("a:\n- 1\n\n# c\nb: 2\n", Append(P(("a",)), 3), "a:\n- 1\n- 3\n\n# c\nb: 2\n"),
    "append-flow": ("a: {b: [1]}\n", Append(P(("a", "b")), 3), "a: {b: [1, 3]}\n"),
    "append-to-none": ("a: []\nb: 2\n", Append(P(("a",)), 3), "a:\n  - 3\nb: 2\n"),
    "append-to-nothing": ("a:\nb: 2\n", Append(P(("a",)), 3), "a:\n  - 3\nb: 2\n"),
    "append-begins-a-list": ("a: 1\n", Append(P(("b",)), {"c": 3}), "a: 1\nb:\n  - {c: 3}\n"),
    "with-a-byte-order-mark": ("\ufeffa: 1\n", Set(P(("a",)), 2), "\ufeffa: 2\n"),
}


@pytest.mark.parametrize(("text", "change", "wanted"), SINGLE.values(), ids=SINGLE)
def test_a_change_as_a_person_would_make_it(text, change, wanted):
    assert apply(text.encode(), [change]).decode() == wanted


REFUSED = {
    "rename-to-a-key-that-is-there": ("a: 1\nb: 1\n", Rename(P(("a",)), "b")),
    "insert-a-key-that-is-there": ("a: 1\nb: 1\n", Insert(P(), "a", 1)),
    "insert-a-key-that-is-there-in-flow": ("a: {c: 1}\n", Insert(P(("a",)), "c", 1)),
    "insert-after-what-is-not-there": ("a: 1\n", Insert(P(), "c", 1, "b")),
    "remove-all": ("a: 1\n", Remove(P())),
    "append-to-all": ("a: 1\n", Append(P(), 1)),
    "rename-all": ("a: 1\n", Rename(P(), "b")),
    "set-all": ("a: 1\n", Set(P(), {})),
    "rename-an-item": ("a: [1]\n", Rename(P(("a", 0)), "b")),
    "append-to-a-text": ("a: x\n", Append(P(("a",)), 1)),
    "insert-in-a-text": ("a: x\n", Insert(P(("a",)), "b", 1)),
    "set-a-block": ("a:\n  b: 1\n", Set(P(("a",)), 1)),
    "set-a-list-with-a-comment": ("a: [1, # why\n  2]\n", Set(P(("a",)), 1)),
    "remove-the-only-item": ("a:\n  - 1\n", Remove(P(("a", 0)))),
    "remove-the-first-field-of-an-item": ("a:\n  - b: 1\n    c: 2\n", Remove(P(("a", 0, "b")))),
    "set-half-a-character": ("a: 1\n", Set(P(("a",)), "\ud800")),
    "set-a-line-separator": ("a: 1\n", Set(P(("a",)), "\u2028")),
    "set-what-is-no-number": ("a: 1\n", Set(P(("a",)), float("nan"))),
    "nowhere": ("a: 1\n", Set(P(("b", "c")), 1)),
    "a-broken-file": ("a: [1\n", Set(P(("a",)), 1)),
    "an-empty-file": ("", Insert(P(), "a", 1)),
    "a-list": ("- 1\n", Append(P(), 1)),
    "more-than-a-file-may-hold": ("a: 1\n", Set(P(("a",)), "x" * 300_000)),
}


@pytest.mark.parametrize(("text", "change"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_done_safely_is_refused_with_a_reason(text, change):
    with pytest.raises(CannotEdit, match=r"\w+ \w+"):
        apply(text.encode(), [change])


def test_true_is_not_one():
    assert apply(b"a: 1\n", [Set(P(("a",)), True)]) == b"a: true\n"
    assert apply(b"a: 1\n", [Set(P(("a",)), 1.0)]) == b"a: 1.0\n"


def test_several_changes_are_all_made_or_none():
    given = SimpleNamespace(data=b"a: 1\nb: 2\n")
    assert apply(given.data, [Set(P(("a",)), 3), Remove(P(("b",)))]) == b"a: 3\n"
    with pytest.raises(CannotEdit):
        apply(given.data, [Set(P(("a",)), 3), Remove(P(("c",)))])


@holds(st.text(max_size=12), quick=300, thorough=20000)
def test_text_written_as_a_scalar_is_read_as_that_text(text):
    again = read(f"a: {scalar(text)}\nb: [{scalar(text)}, {{c: {scalar(text)}}}]\n".encode("utf-8", "replace"))
    if again.data is not None and not again.faults:
        assert again.data == {"a": text, "b": [text, {"c": text}]}
    else:
        assert not text.isprintable() or not text.isascii()
