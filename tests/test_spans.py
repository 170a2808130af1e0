"""Spans: every key and value of a document is found where it stands, however it is written."""

import json
from io import StringIO
from random import Random

import pytest
from hypothesis import strategies as st
from ruamel.yaml import YAML

from mcred.diagnostic import Anchor, Pointer
from mcred.document import read
from tests.support import cut, holds, inside, lines_of, real_records

# --- documents made together with the place of everything in them ----------------------------------------------------

# Text of records: macrons in one piece and in two, emoji of several code points, wide, right-to-left and odd spaces.
LETTERS = [
    *"aeiou tk-ĀāĒēŌū水試é💧🌾אבغ\u00a0ß\\",
    "👩🏽\u200d🌾",
    "a\u0304",
    "u\u0304",
    "nga",
    "Whānau",
    "x:y",
    "a#b",
    "it's",
]
SIGNS = [*LETTERS, '"', "[", "}", ", ", ": ", " #", "&", "!", "- ", "\t"]
LOOKS_ELSE = ["", " ", "1", "true", "~", "2026", "- a", "no"]
BLOCK_STYLES = ("|", "|-", ">", ">-")


class Writer:
    """Writes a document by chance, and notes data and places: of each pointer its key's span and its value's."""

    def __init__(self, seed, size):
        self.chance = Random(seed)
        self.left = size
        self.out = StringIO()
        self.line, self.column = 1, 1
        self.keys, self.values = {}, {}
        self.data = self.map(Pointer(), 0)
        end = self.chance.choice(["\n", "\r\n"])
        start = self.chance.choice(["", "\ufeff"])
        self.text = self.out.getvalue()
        self.bytes = (start + self.text.replace("\n", end)).encode()

    def __repr__(self):
        return f"{self.bytes!r}\n{self.text}"

    def some(self, *choices):
        return self.chance.choice(choices)

    @property
    def here(self):
        return self.line, self.column

    def put(self, text):
        self.out.write(text)
        for character in text:
            if character == "\n":
                self.line, self.column = self.line + 1, 1
            else:
                self.column += 1

    def plain(self):
        return "k" + "".join(self.chance.choices(LETTERS, k=self.chance.randrange(9))) + "k"

    def words(self):
        if self.chance.random() < 0.2:
            return self.chance.choice(LOOKS_ELSE)
        return "".join(self.chance.choices(SIGNS, k=self.chance.randrange(9)))

    def scalar(self, of_key=False):
        """Write a key or value in one of the flow styles; return what it stands for, and its span."""
        start = self.here
        style = self.some("plain", "single", "double", *([] if of_key else ["escaped", "number", "other"]))
        value = self.plain() if style == "plain" else self.words()
        if style == "plain":
            self.put(value)
        elif style == "single":
            self.put("'" + value.replace("'", "''") + "'")
        elif style == "double":
            self.put('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"')
        elif style == "escaped":
            self.put('"' + "".join(f"\\U{ord(c):08X}" for c in value) + '"')
        elif style == "number":
            value = self.some(1, -20, 2.5, 2026)
            self.put(str(value))
        else:
            value = self.some(True, False, None)
            self.put({True: "true", False: "false", None: "null"}[value])
        return value, (*start, *self.here)

    def key(self, taken):
        """Write a key that is not taken yet."""
        while True:
            place, length = self.out.tell(), (self.line, self.column)
            name, span = self.scalar(of_key=True)
            if name not in taken:
                return name, span
            self.out.seek(place)
            self.out.truncate()
            self.line, self.column = length

    def block_scalar(self, indent):
        """Write a text in block style; its value is for others to say."""
        start = self.here
        self.put(self.chance.choice(BLOCK_STYLES) + self.some("", " ", " # a remark") + "\n")
        end = self.here
        for number in range(self.chance.randrange(1, 5)):
            text = self.plain() if not number else self.some("", self.plain(), "  " + self.plain(), "# no remark")
            if text:
                self.put(" " * indent + text)
                end = self.here
            self.put("\n")
        return BLOCK_TEXT, (*start, *end)

    def flow(self, pointer, depth=0):
        self.left -= 1
        if depth > 3 or self.left < 0 or self.chance.random() < 0.5:
            value, span = self.scalar()
            self.values[pointer] = span
            return value
        start = self.here
        kind = self.some(dict, list)
        data = kind()
        self.put("{" if kind is dict else "[")
        for place in range(self.chance.randrange(4)):
            if place:
                self.put("," + self.some(" ", "  ", "\n      "))
            if kind is dict:
                name, span = self.key(data)
                self.keys[pointer / name] = span
                self.put(": ")
                data[name] = self.flow(pointer / name, depth + 1)
            else:
                data.append(self.flow(pointer / place, depth + 1))
        self.put("}" if kind is dict else "]")
        self.values[pointer] = (*start, *self.here)
        return data

    def gap(self, indent):
        self.put(self.some("", "", "", "\n", " " * indent + "# a remark: x\n", "# ngā\n"))

    def value(self, pointer, indent, after_dash=False):
        """Write a value behind `key:` or `-`, up to the end of its line."""
        self.left -= 1
        kind = self.some("flow", "flow", "block text", "map", "list") if self.left > 0 and indent < 30 else "flow"
        if kind == "map" and after_dash and self.chance.random() < 0.7:
            self.put(" ")
            return self.map(pointer, indent, first=False)
        if kind in ("map", "list"):
            self.put("\n")
            return (self.map if kind == "map" else self.list)(pointer, indent)
        self.put(self.some(" ", "  "))
        if kind == "block text":
            value, self.values[pointer] = self.block_scalar(indent + 1)
            return value
        value = self.flow(pointer)
        self.put(self.some("", "", " ", "  # a remark") + "\n")
        return value

    def map(self, pointer, indent, first=True):
        data = {}
        for _ in range(self.chance.randrange(1, 5)):
            if first:
                self.gap(indent)
                self.put(" " * indent)
            first = True
            name, span = self.key(data)
            self.keys[pointer / name] = span
            self.put(self.some(":", ":", " :"))
            data[name] = self.value(pointer / name, indent + self.some(1, 2, 4))
        return data

    def list(self, pointer, indent):
        data = []
        for place in range(self.chance.randrange(1, 5)):
            self.gap(indent)
            self.put(" " * indent + "-")
            data.append(self.value(pointer / place, indent + 2, after_dash=True))
        return data


BLOCK_TEXT = object()
"""Stands for the value of a text in block style."""

documents = st.builds(Writer, st.integers(0, 2**64), st.integers(0, 25))


def _read(made):
    document = read(made.bytes)
    assert {fault.rule for fault in document.faults} <= {"not-nfc"}
    assert document.data is not None
    return document


@holds(documents, quick=150, thorough=4000)
def test_every_value_is_found_where_it_was_written(made):
    document = _read(made)
    for pointer, span in made.values.items():
        assert tuple(document.locate(pointer)) == span, str(pointer)


@holds(documents, quick=150, thorough=4000)
def test_every_key_is_found_where_it_was_written(made):
    document = _read(made)
    for pointer, span in made.keys.items():
        assert tuple(document.locate(pointer, Anchor.KEY)) == span, str(pointer)


@holds(documents, quick=100, thorough=2000)
def test_the_text_of_a_span_reads_as_the_value_again(made):
    document = _read(made)
    for pointer in made.values:
        value = document.data
        for part in pointer:
            value = value[part]
        text = cut(document.lines, document.locate(pointer))
        again = read(f"again: {text}\n".encode()).data["again"]
        if text.startswith(BLOCK_STYLES):
            # The line ends behind a block text belong to its value, not to its span.
            assert again.rstrip("\n") == value.rstrip("\n")
        else:
            assert again == value
    for pointer in made.keys:
        text = cut(document.lines, document.locate(pointer, Anchor.KEY))
        assert list(read(f"{text}: 1\n".encode()).data) == [pointer[-1]]


@holds(documents, quick=100, thorough=2000)
def test_a_document_is_read_as_it_was_meant_and_as_ruamel_reads_it(made):
    data = _read(made).data
    assert data == YAML(typ="safe", pure=True).load(made.text)
    assert _like(data, made.data)


def _like(data, meant):
    if meant is BLOCK_TEXT:
        return isinstance(data, str)
    if isinstance(meant, dict):
        return list(data) == list(meant) and all(_like(data[key], meant[key]) for key in meant)
    if isinstance(meant, list):
        return len(data) == len(meant) and all(map(_like, data, meant))
    return type(data) is type(meant) and data == meant


parts = st.one_of(st.integers(-2, 6), st.sampled_from(["id", "-", "0", "x y", "", "kk", "rūnanga"]))


@holds(documents, st.lists(parts, max_size=4), st.sampled_from(Anchor), st.integers(0), quick=150, thorough=4000)
def test_any_pointer_at_all_lies_inside_the_file(made, more, anchor, number):
    document = _read(made)
    known = [Pointer(), *made.keys, *made.values]
    pointer = Pointer((*known[number % len(known)], *more))
    assert inside(document.locate(pointer, anchor), lines_of(made.bytes))
    assert isinstance(document.source(pointer), str)
    assert document.is_plain(pointer) in (True, False)
    assert document.in_flow(pointer) in (True, False)
    assert isinstance(document.order(pointer), list)


@holds(documents, quick=50, thorough=1000)
def test_the_order_of_keys_is_that_of_the_text(made):
    assert _read(made).order(Pointer()) == list(made.data)


# --- by hand ---------------------------------------------------------------------------------------------------------

TEXT = """\
# a remark
id: te-pūrongo
"quoted ā": 'whā nau'
wha\u0304nau: {水: 💧x, "b": [1, "ā\\u0101"]}
empty:
text: |
  one

    two

# a remark that belongs to nothing
folded: >-
  one
outcomes:
  - text: first
    id: plan   # a remark
  - {text: second}
  -
    - nested
requires: []
last: x
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize(
    ("pointer", "anchor", "span"),
    [
        ((), "VALUE", (2, 1, 2, 3)),
        ((), "MISSING", (2, 1, 2, 3)),
        (("id",), "VALUE", (2, 5, 2, 15)),
        (("id",), "KEY", (2, 1, 2, 3)),
        (("quoted ā",), "KEY", (3, 1, 3, 11)),
        (("quoted ā",), "VALUE", (3, 13, 3, 22)),
        (("wha\u0304nau",), "KEY", (4, 1, 4, 8)),
        (("wha\u0304nau",), "VALUE", (4, 10, 4, 38)),
        (("wha\u0304nau", "水"), "KEY", (4, 11, 4, 12)),
        (("wha\u0304nau", "水"), "VALUE", (4, 14, 4, 16)),
        (("wha\u0304nau", "b", 1), "VALUE", (4, 27, 4, 36)),
        (("wha\u0304nau", "b", 2), "VALUE", (4, 18, 4, 21)),
        (("empty",), "VALUE", (5, 1, 5, 6)),
        (("empty", "below"), "VALUE", (5, 1, 5, 6)),
        (("text",), "VALUE", (6, 7, 9, 8)),
        (("folded",), "VALUE", (12, 9, 13, 6)),
        (("outcomes",), "VALUE", (14, 1, 14, 9)),
        (("outcomes",), "MISSING", (14, 1, 14, 9)),
        (("outcomes", 0), "VALUE", (16, 5, 16, 7)),
        (("outcomes", 0), "MISSING", (16, 5, 16, 7)),
        (("outcomes", 0, "text"), "VALUE", (15, 11, 15, 16)),
        (("outcomes", 0, "credits"), "VALUE", (16, 5, 16, 7)),
        (("outcomes", "0", "text"), "VALUE", (15, 11, 15, 16)),
        (("outcomes", 1), "VALUE", (17, 5, 17, 19)),
        (("outcomes", 1), "MISSING", (17, 6, 17, 10)),
        (("outcomes", 2), "VALUE", (19, 7, 19, 13)),
        (("outcomes", 2, 0), "VALUE", (19, 7, 19, 13)),
        (("outcomes", 3), "VALUE", (14, 1, 14, 9)),
        (("outcomes", 3, "id"), "KEY", (14, 1, 14, 9)),
        (("requires",), "VALUE", (20, 11, 20, 13)),
        (("requires",), "MISSING", (20, 1, 20, 9)),
        (("last",), "VALUE", (21, 7, 21, 8)),
        (("nowhere", "at", "all"), "VALUE", (2, 1, 2, 3)),
    ],
)
def test_where_a_pointer_stands(pointer, anchor, span, start, end):
    document = read((start + TEXT.replace("\n", end)).encode())
    assert tuple(document.locate(Pointer(pointer), Anchor[anchor])) == span


def test_a_missing_field_of_a_record_without_an_id_is_told_on_its_first_key():
    document = read(b"# a\n\ntitle: x\nlevel: 3\n")
    assert tuple(document.locate(Pointer(), Anchor.MISSING)) == (3, 1, 3, 6)
    assert tuple(read(b"{}\n").locate(Pointer(), Anchor.MISSING)) == (1, 1, 1, 3)


def test_a_text_that_ends_the_file_without_a_line_end():
    for text, span in (
        ("a: x", (1, 4, 1, 5)),
        ("a: |\n  x", (1, 4, 2, 4)),
        ("a: |\n  x\n\n\n", (1, 4, 2, 4)),
        ("a: |", (1, 4, 1, 5)),
        ("a: |  # b\n", (1, 4, 1, 10)),
        ('a: "x\n  y"', (1, 4, 2, 5)),
        ("a: x\n  y\n", (1, 4, 2, 4)),
    ):
        assert tuple(read(text.encode()).locate(Pointer(("a",)))) == span, text


def test_of_a_key_that_stands_twice_the_first_is_found():
    document = read(b"a: {b: 1}\na: {c: 2}\n")
    assert tuple(document.locate(Pointer(("a", "b")))) == (1, 8, 1, 9)
    assert tuple(document.locate(Pointer(("a", "c")))) == (1, 1, 1, 2)


@pytest.mark.parametrize("path", real_records())
def test_every_value_of_a_real_record_reads_again_from_its_span(path):
    document = read(real_records()[path])
    pending = [(Pointer(), document.data)]
    while pending:
        pointer, value = pending.pop()
        if isinstance(value, dict | list):
            inner = value.items() if isinstance(value, dict) else enumerate(value)
            pending += [(pointer / part, each) for part, each in inner]
            continue
        text = cut(document.lines, document.locate(pointer))
        again = read(f"again: {text}\n".encode()).data
        assert again == {"again": value}, (str(pointer), text)
        if isinstance(pointer[-1], str):
            key = cut(document.lines, document.locate(pointer, Anchor.KEY))
            assert json.loads(key) == pointer[-1] if key.startswith('"') else key == pointer[-1]
