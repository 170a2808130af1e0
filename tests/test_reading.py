"""Reading: what plain YAML is to us, what is reported instead of obeyed, and where it stands."""

import itertools
import json
import math
import subprocess
import sys
from datetime import date, datetime

import pytest
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from mcred.document import read
from mcred.document.limits import DEEPEST, LARGEST, MOST_NODES
from tests.support import ROOT, environment, holds, inside, lines_of, real_records

BOM = b"\xef\xbb\xbf"


def told(data):
    """Return what reading tells: rule, span and message of each fault."""
    document = read(data if isinstance(data, bytes) else data.encode())
    return [(fault.rule, tuple(fault.span), fault.message) for fault in document.faults]


# --- plain data ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3", 3),
        ("-3", -3),
        ("+3", 3),
        ("012", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("3.50", 3.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("-1.5E-2", -0.015),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        # Text, whatever readers of YAML 1.1 take it for.
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("y", "y"),
        ("tRUE", "tRUE"),
        ("2026-11-22", "2026-11-22"),
        ("2026-02-30", "2026-02-30"),
        ("2026-11", "2026-11"),
        ("12:30:00", "12:30:00"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("0x", "0x"),
        ("1.2.3", "1.2.3"),
        (".", "."),
        ("1e", "1e"),
        ("128481-1", "128481-1"),
        ("nul", "nul"),
        # Numbers that JSON or a double cannot hold.
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("-.INF", "-.INF"),
        ("1e400", "1e400"),
        ("9007199254740993", "9007199254740993"),
        ("12345678901234567", "12345678901234567"),
        ("9" * 400, "9" * 400),
        ("http://x.example/a#b", "http://x.example/a#b"),
        ("a:b", "a:b"),
    ],
)
def test_a_scalar_without_quotes(written, value):
    data = read(f"a: {written}\n".encode()).data
    assert data == {"a": value}
    assert type(data["a"]) is type(value)


@pytest.mark.parametrize("written", ["3", "true", "null", "", "~", "2026", "0x1F"])
def test_in_quotes_everything_is_text(written):
    assert read(f"a: \"{written}\"\nb: '{written}'\n".encode()).data == {"a": written, "b": written}


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: [http://x, {u: http://x}]\n", {"a": ["http://x", {"u": "http://x"}]}),
        ('{"a":1,"b":[2]}', {"a": 1, "b": [2]}),
        ('? a\n: 1\n"b" : 2\n', {"a": 1, "b": 2}),
        ("a: b\n  c\n\n  d\n", {"a": "b c\nd"}),
        ('a: "b\n\n  c"\n', {"a": "b\nc"}),
        ("a: |\n  b\n\n   c\nd: >-\n  e\n  f\n", {"a": "b\n\n c\n", "d": "e f"}),
        ("a:\n- b\n-   - c\n    - d\n", {"a": ["b", ["c", "d"]]}),
        ("a: {b, c: 1}\n", {"a": {"b": None, "c": 1}}),
        ("{}\n", {}),
        ("a: it's 5 o'clock # not text\n", {"a": "it's 5 o'clock"}),
        ("a: 'it''s'\n", {"a": "it's"}),
        ('a: "\\u0101\\x41\\n\\U0001F4A7"\n', {"a": "āA\n💧"}),
        ("whānau: Wāhi\n", {"whānau": "Wāhi"}),
    ],
)
def test_plain_yaml_is_plain_data(text, data):
    for end in ("\n", "\r\n"):
        for start in (b"", BOM):
            document = read(start + text.replace("\n", end).encode())
            assert (document.faults, document.data) == ([], data)


@pytest.mark.parametrize("path", real_records())
def test_a_real_record_reads_without_a_fault(path):
    document = read(real_records()[path])
    assert (document.faults, document.stopped) == ([], None)


def _same(ours, other):
    """Whether our data is that of another reader, but for dates and for numbers JSON cannot hold: those are text to us."""
    if isinstance(ours, dict):
        return type(other) is dict and ours.keys() == other.keys() and all(_same(ours[k], other[k]) for k in ours)
    if isinstance(ours, list):
        return type(other) is list and len(ours) == len(other) and all(map(_same, ours, other))
    if isinstance(ours, str) and isinstance(other, date | datetime):
        return ours.startswith(f"{other.year:04}-") and ours[0].isdigit()
    if isinstance(ours, str) and isinstance(other, float):
        return math.isnan(other) or math.isinf(other) or "e" in ours.lower() or "_" in ours or len(ours) > 15
    if isinstance(ours, str) and isinstance(other, int) and not isinstance(other, bool):
        # ruamel.yaml reads `1_000`, `0b11` and `-0x1F` as numbers, which YAML 1.2's core schema does not.
        return abs(other) >= 10**15 or "_" in ours or "b" in ours.lower() or ours[0] in "+-"
    return type(ours) is type(other) and ours == other


def _oracle(text):
    return YAML(typ="safe", pure=True).load(text)


@pytest.mark.parametrize("path", real_records())
def test_a_real_record_is_what_ruamel_reads(path):
    text = real_records()[path].decode()
    assert _same(read(text.encode()).data, _oracle(text))


def test_the_comparison_with_ruamel_can_fail():
    assert not _same({"a": 1}, {"a": 2})
    assert not _same({"a": "1"}, {"a": 1})
    assert not _same({"a": 1.0}, {"a": 1})
    assert not _same({"a": True}, {"a": 1})
    assert not _same({"a": [1]}, {"a": [1, 2]})


@holds(
    st.one_of(
        st.text("0123456789+-._eExobnaif~", min_size=1, max_size=12),
        st.integers().map(str),
        st.floats().map(repr),
        st.sampled_from(
            "yes no on off y n true false null ~ NULL True .nan .inf 1:30 2026-01-01 0o7 0x1f 1_0 .5e3 .5e+3".split()
        ),
    ),
    quick=400,
    thorough=5000,
)
def test_a_plain_scalar_is_what_ruamel_reads(written):
    try:
        other = _oracle(f"a: {written}\n")
    except (YAMLError, ValueError, OverflowError):
        return  # a date that cannot be, which ruamel.yaml refuses to read at all; or no scalar
    document = read(f"a: {written}\n".encode())
    assert document.data is not None
    assert _same(document.data, other), (document.data, other)


# --- what is reported ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        (b"", [("empty-file", (1, 1, 1, 1), "the file is empty")]),
        (b" \n\n", [("empty-file", (1, 1, 1, 1), "the file is empty")]),
        (BOM, [("empty-file", (1, 1, 1, 1), "the file is empty")]),
        (b"# a\n", [("empty-file", (1, 1, 1, 1), "the file holds comments, but no record")]),
        (b"- a\n", [("not-a-mapping", (1, 1, 1, 4), "the file is a list, not a record")]),
        (b"# x\nabc d\n", [("not-a-mapping", (2, 1, 2, 6), "the file is one text, not a record")]),
        (
            b"a: 1\na: 2\n",
            [("duplicate-key", (2, 1, 2, 2), "'a' stands here for the second time; mcred reads the first")],
        ),
        (
            b'a: {b: 1, "b": 2}\n',
            [("duplicate-key", (1, 11, 1, 14), "'b' stands here for the second time; mcred reads the first")],
        ),
        (
            b"a: 1\n--- \nb: 2\n",
            [("several-documents", (2, 1, 2, 4), "a second YAML document begins here; one file holds one record")],
        ),
        (
            b"---\n---\na: 1\n",
            [
                ("document-marker", (1, 1, 1, 4), "'---' marks the start of a document; a record needs no such line"),
                ("several-documents", (2, 1, 2, 4), "a second YAML document begins here; one file holds one record"),
            ],
        ),
        (
            b"---\na: 1\n...\n",
            [
                ("document-marker", (1, 1, 1, 4), "'---' marks the start of a document; a record needs no such line"),
                ("document-marker", (3, 1, 3, 4), "'...' marks the end of a document; a record needs no such line"),
            ],
        ),
        (
            b"%YAML 1.1\na: 1\n",
            [("directive", (1, 1, 1, 10), "'%YAML 1.1' instructs the YAML reader; a record is plain YAML")],
        ),
        (
            b"a: &x [1]\nb: *x\nc: *x\n",
            [("anchor-or-alias", (1, 4, 1, 6), "'&x' gives a value a name, and '*x' repeats it in 2 places")],
        ),
        (b"a: &x 1\n", [("anchor-or-alias", (1, 4, 1, 6), "'&x' gives a value a name")]),
        (
            b'{"a":&x 1,"b":*x}',
            [("anchor-or-alias", (1, 6, 1, 8), "'&x' gives a value a name, and '*x' repeats it in 1 place")],
        ),
        (
            b"<<: {a: 1}\n",
            [("anchor-or-alias", (1, 1, 1, 3), "'<<' copies the fields of another value in; a record is plain YAML")],
        ),
        (
            b"a: !!str 1\n",
            [("explicit-tag", (1, 4, 1, 9), "'!!str' is read as an instruction, not as text; a record is plain YAML")],
        ),
        (
            b'{"a":!x 1}',
            [("explicit-tag", (1, 6, 1, 8), "'!x' is read as an instruction, not as text; a record is plain YAML")],
        ),
        (
            b"a: !!python/object/apply:os.system [x]\n",
            [
                (
                    "explicit-tag",
                    (1, 4, 1, 35),
                    "'!!python/object/apply:os.system' is read as an instruction, not as text; a record is plain YAML",
                )
            ],
        ),
        (b"1: a\n", [("key-not-text", (1, 1, 1, 2), "'1' is read as a number, not as the name of a field")]),
        (b"a:\n  ~: b\n", [("key-not-text", (2, 3, 2, 4), "'~' is read as nothing, not as the name of a field")]),
        (
            b"true: a\n",
            [("key-not-text", (1, 1, 1, 5), "'true' is read as true or false, not as the name of a field")],
        ),
        (b"? [a]\n: 1\n", [("key-not-text", (1, 3, 1, 6), "the name of a field is a list or a set of fields here")]),
        (
            "a: {b: Pāua, kina, c: 3}\n".encode(),
            [
                (
                    "comma-in-flow-text",
                    (1, 14, 1, 18),
                    "a comma ends a value inside { }, so 'kina' is read as a field of its own",
                )
            ],
        ),
        (
            b"a: {b: one, two three, four}\n",
            [
                (
                    "comma-in-flow-text",
                    (1, 13, 1, 28),
                    "a comma ends a value inside { }, so 'two three, four' is read as a field of its own",
                )
            ],
        ),
        (b"a: x\0y\n", [("control-character", (1, 5, 1, 6), "U+0000 is a control character")]),
        (
            "ā: x\u202ey\n".encode(),
            [
                (
                    "control-character",
                    (1, 5, 1, 6),
                    "U+202E turns the direction of the text around, so that it reads as something else",
                )
            ],
        ),
        (
            "a: x\ufeffy\n".encode(),
            [("control-character", (1, 5, 1, 6), "U+FEFF, a byte order mark, stands in the middle of the text")],
        ),
        (
            b'a: "x\\ey"\n',
            [
                (
                    "control-character",
                    (1, 4, 1, 10),
                    "the text holds U+001B, a character that cannot be seen, written as a code",
                )
            ],
        ),
        (
            b'"x-\\e": y\n',
            [
                (
                    "control-character",
                    (1, 1, 1, 7),
                    "the text holds U+001B, a character that cannot be seen, written as a code",
                )
            ],
        ),
        (
            "a: x\u2028b\n".encode(),
            [("line-separator", (1, 5, 1, 6), "U+2028 stands inside a line; some programs end the line there")],
        ),
        (
            "a: 1\n# \x85b: 2\n".encode(),
            [("line-separator", (2, 3, 2, 4), "U+0085 stands inside a line; some programs end the line there")],
        ),
        (
            b"a: 1\rb: 2\r",
            [("line-separator", (1, 5, 1, 6), "a carriage return alone ends a line here (2 places)")],
        ),
        (
            "a: Wha\u0304nau te\u0304\n".encode(),
            [
                (
                    "not-nfc",
                    (1, 6, 1, 8),
                    "'ā' is written in pieces (U+0061 U+0304) (and 1 more place in this text)",
                )
            ],
        ),
        ("wha\u0304: 1\n".encode(), [("not-nfc", (1, 3, 1, 5), "'ā' is written in pieces (U+0061 U+0304)")]),
        (b'a: "te\\u0304"\n', [("not-nfc", (1, 4, 1, 14), "'ē' is written in pieces (U+0065 U+0304)")]),
        (
            b"a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n",
            [("conflict-marker", (2, 1, 2, 13), "a merge conflict was left here: '<<<<<<<'")],
        ),
        (
            b"a: caf\xe9\n",
            [("not-utf8", (1, 7, 1, 8), "byte 0xE9 is not UTF-8 text (in Windows text it would be 'é')")],
        ),
        (
            "ā\n水: ".encode() + b"\xff",
            [("not-utf8", (2, 4, 2, 5), "byte 0xFF is not UTF-8 text (in Windows text it would be 'ÿ')")],
        ),
        (BOM + b"a: \x81\n", [("not-utf8", (1, 4, 1, 5), "byte 0x81 is not UTF-8 text")]),
        (
            b"a: \xed\xa0\x80\n",
            [("not-utf8", (1, 4, 1, 5), "byte 0xED is not UTF-8 text (in Windows text it would be 'í')")],
        ),
        ("a: b\n".encode("utf-16"), [("not-utf8", (1, 1, 1, 1), "the file is UTF-16 text, not UTF-8")]),
        (b"\xfe\xff\0a\0:", [("not-utf8", (1, 1, 1, 1), "the file is UTF-16 text, not UTF-8")]),
        ("a: b\n".encode("utf-32"), [("not-utf8", (1, 1, 1, 1), "the file is UTF-32 text, not UTF-8")]),
    ],
)
def test_what_is_no_plain_yaml_is_told_with_its_place(data, faults):
    assert told(data) == faults


@pytest.mark.parametrize(
    ("text", "span", "message"),
    [
        ("a: b: c\n", (1, 5, 1, 6), "a colon inside a text that has no quotes"),
        ("a: 1\n  b: 2\n", (2, 3, 2, 4), "'b' stands deeper than the line above, which already has a value"),
        ("a: 1\nkupu\nc: 2\n", (2, 1, 2, 5), "'kupu' is no field: it has no colon"),
        ("a:\n  - 1\n - 2\n", (3, 2, 3, 3), "this list item, indented by 1 space, does not line up with those above"),
        ("a:\n  b: 1\n c: 2\n", (3, 2, 3, 3), "this line, indented by 1 space, does not line up with those above"),
        ("ā: [1, 2\nb: 3\n", (1, 4, 1, 5), "'[' is never closed"),
        ("a: {b: 1\n", (1, 4, 1, 5), "'{' is never closed"),
        ("a: [1, 2}\n", (1, 9, 1, 10), "a comma or ']' is missing before this"),
        ('a: "x\nb: 2\n', (1, 4, 1, 5), 'the quote " is never closed'),
        ("a: 'x\n", (1, 4, 1, 5), "the quote ' is never closed"),
        ("a: 'it's'\n", (1, 8, 1, 9), "the line should end after 'it'"),
        ('a: "\\q"\n', (1, 5, 1, 6), "in double quotes a backslash begins a code, and this is none"),
        ("a: %b\n", (1, 4, 1, 5), "a value cannot begin with '%'"),
        ("水: @b\n", (1, 4, 1, 5), "a value cannot begin with '@'"),
        ("a: `b`\n", (1, 4, 1, 5), "a value cannot begin with '`'"),
        ("a: ]\n", (1, 4, 1, 5), "']' closes nothing"),
        ("a: [1]]\n", (1, 7, 1, 8), "']' closes nothing"),
        ("a: {b: 1}}\n", (1, 10, 1, 11), "'}' closes nothing"),
        ("a: ,b\n", (1, 4, 1, 5), "a comma with nothing before it"),
        ("a: - b\n", (1, 4, 1, 5), "a list cannot begin on the line of its field"),
        (
            "a: | b\n",
            (1, 6, 1, 7),
            "after '|' or '>' the line should end; the text follows on the next lines, indented",
        ),
        ("a: ? b\n", (1, 4, 1, 5), "'?' cannot begin a value"),
        ("a: *x\n", (1, 4, 1, 5), "'*' repeats a named value, and no value has this name"),
        ("a: &x 1\nb: &x 2\n", (2, 4, 2, 5), "'&' gives a name that another value has already"),
        ("a:\n\tb: 1\n", (2, 1, 2, 2), "a tab stands where the line is indented"),
        ("a:\n\u00a0- b\n", (2, 1, 2, 2), "a no-break space (U+00A0) stands where the line is indented"),
        ("\n\n  a: 1\n c: 3\n", (4, 2, 4, 3), "this line does not belong to what stands above"),
    ],
)
def test_what_is_not_yaml_is_told_in_words_and_in_one_place(text, span, message):
    for ended in (text, text.replace("\n", "\r\n")):
        for start in (b"", BOM):
            document = read(start + ended.encode())
            assert (document.data, document.stopped) == (None, "yaml-syntax")
            assert told(start + ended.encode()) == [("yaml-syntax", span, message)]


@pytest.mark.parametrize(
    "text", ["a: &\n", "a: * b\n", "a: !<x\n", "...\n", "a: 1\n...\n...\n", "[a\n", "{", "&", "*", "!", "? ", ": ", "%"]
)
def test_a_message_about_yaml_names_what_is_there(text):
    """Whatever is said of a broken text, it quotes no empty text and speaks no parser's language."""
    for _, _, message in told(text):
        assert "''" not in message
        assert "' '" not in message
        assert "this is not YAML here" not in message


def test_the_first_of_two_values_counts_and_an_alias_is_no_value():
    document = read(b"a: &x {b: 1}\nc: *x\nd: 1\nd: 2\n")
    assert document.data == {"a": {"b": 1}, "c": None, "d": 1}
    assert ("c",) in document.touched


@pytest.mark.parametrize(
    "text",
    [
        "a: 5 [x] & y! *z\n",
        "a: '&x *y !z'\n",
        'a: "*"\n',
        "a: x # &b *c !d\n",
        "a: |\n  &x *y\n  !z\n  ---\n  %YAML\n",
        "a: wh=======\n",
        "a: x ---\n",
        "a: 100%\n",
        "# ------- x\na: 1\n",
        "a: '<<'\n",
        "'1': a\n'true': b\n",
    ],
)
def test_what_only_looks_like_more_than_plain_yaml(text):
    assert told(text) == []


# --- limits ----------------------------------------------------------------------------------------------------------


def test_the_limits_are_those_of_the_format():
    assert (LARGEST, DEEPEST, MOST_NODES) == (262_144, 64, 20_000)


def test_the_largest_file():
    text = b"a: " + b"x" * (LARGEST - 3)
    assert read(text).data is not None
    assert told(text + b"x") == [
        ("file-too-large", (1, 1, 1, 1), "the file has 262,145 bytes; a record has at most 262,144")
    ]


NESTED = {
    "flow lists": lambda depth: "a: " + "[" * (depth - 1) + "]" * (depth - 1),
    "flow maps": lambda depth: "{a: " * depth + "1" + "}" * depth,
    "lists in block style": lambda depth: "a:\n  " + "- " * (depth - 1) + "x\n",
    "maps in block style": lambda depth: "".join("  " * level + "a:\n" for level in range(depth)),
    "maps indented by one": lambda depth: "".join(" " * level + "a:\n" for level in range(depth)),
    "lists of maps, not indented": lambda depth: (
        "a:\n" + "".join("  " * level + "- a:\n" for level in range(depth // 2))
    ),
    "lists with a bracket in quotes": lambda depth: "a: " + '["]", ' * (depth - 1) + "1" + "]" * (depth - 1),
    "lists with a bracket in a comment": lambda depth: "a: " + "[ # ]\n " * (depth - 1) + "]" * (depth - 1),
    "maps with a brace in quotes": lambda depth: "{a: '}', b: " * depth + "1" + "}" * depth,
    "flow in block": lambda depth: (
        "".join("  " * n + "a:\n" for n in range(depth // 2 - 1))
        + "  " * (depth // 2)
        + "a: "
        + "[" * (depth - depth // 2)
        + "]" * (depth - depth // 2)
        + "\n"
    ),
}


def _depth(value):
    deepest, pending = 0, [(value, 1)]
    while pending:
        inner, depth = pending.pop()
        parts = inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else None
        if parts is not None:
            deepest = max(deepest, depth)
            pending += [(part, depth + 1) for part in parts]
    return deepest


@pytest.mark.parametrize("style", NESTED)
def test_nesting_is_bounded_whatever_its_style(style):
    document = read(NESTED[style](DEEPEST - 4).encode())
    assert document.stopped is None
    assert DEEPEST - 4 <= _depth(document.data) < DEEPEST
    for depth in (DEEPEST + 2, 2 * DEEPEST, 3 * DEEPEST):
        text = NESTED[style](depth).encode()
        document = read(text)
        assert (document.stopped, document.data) == ("too-deep", None), depth
        (fault,) = document.faults
        assert fault.message == "lists and fields stand more than 64 deep inside each other here"
        assert inside(fault.span, lines_of(text))


def test_20_000_nodes_are_read_and_no_more():
    def nodes(number):
        # The map, its key and the list are three.
        return ("a: [" + "1, " * (number - 3) + "]").encode()

    assert read(nodes(MOST_NODES)).stopped is None
    assert told(nodes(MOST_NODES + 1)) == [
        ("too-many-nodes", (1, 1, 1, 1), "the file holds 20,001 keys and values; a record has at most 20,000")
    ]


@pytest.mark.parametrize("times", [10, 26])
@pytest.mark.parametrize("style", ["block", "json", "quoted keys"])
def test_an_alias_bomb_is_not_unfolded(style, times):
    names = [chr(97 + n) for n in range(times)]
    lines = {
        "block": [
            "a: &a {x: 1, y: 1}",
            *(f"{n}: &{n} {{x: *{b}, y: *{b}}}" for b, n in itertools.pairwise(names)),
        ],
        "quoted keys": [
            '"a": &a {"x":1,"y":1}',
            *(f'"{n}": &{n} {{"x":*{b},"y":*{b}}}' for b, n in itertools.pairwise(names)),
        ],
    }
    lines["json"] = ["{" + ",".join(line.replace(": &", ":&") for line in lines["quoted keys"]) + "}"]
    document = _in_a_process("\n".join(lines[style]).encode())
    assert document["faults"][0][0] == "anchor-or-alias"
    assert len(json.dumps(document["data"])) < 2000


# --- the parser without its C extension ------------------------------------------------------------------------------

_READER = """
import json, sys
if sys.argv[1] == "pure":
    sys.modules["yaml._yaml"] = None
from mcred.document import parser, read
assert parser.C_PARSER is (sys.argv[1] == "c")
for line in sys.stdin:
    document = read(bytes.fromhex(line))
    faults = [[fault.rule, list(fault.span), fault.message] for fault in document.faults]
    print(json.dumps({"stopped": document.stopped, "data": document.data, "faults": faults}))
"""


def _read_elsewhere(parser, texts):
    done = subprocess.run(
        [sys.executable, "-c", _READER, parser],
        input="".join(text.hex() + "\n" for text in texts),
        env=environment(ROOT),
        capture_output=True,
        text=True,
        timeout=5,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _in_a_process(data):
    """Read in a process of its own: what hangs or crashes there ends one test and not all."""
    return _read_elsewhere("c", [data])[0]


ODD = [
    b"a: &x [1]\nb: *x\n",
    b"a: !t 1\n",
    b"a: {b: one, two}\n",
    b"1: a\n",
    b"a: 1\na: 2\n",
    b"---\na: 1\n",
    b"%YAML 1.1\na: 1\n",
    "a: Wha\u0304nau\n".encode(),
    "a: |\n  ā\n\n\nb: >-\n  💧\n  c\n# d\n".encode(),
    b"a: 1\r\nb: [http://x, 'it''s', \"\\u0101\"]\r\n",
    BOM + "ā: {b: 1}\n".encode(),
]


def test_pythons_parser_reads_what_the_c_parser_reads():
    texts = [*real_records().values(), *ODD]
    for text, c, pure in zip(texts, _read_elsewhere("c", texts), _read_elsewhere("pure", texts), strict=True):
        assert pure == c, text


def test_pythons_parser_refuses_what_the_c_parser_refuses():
    texts = [
        b"a: b: c\n",
        b"a: [1\n",
        b'a: "\n',
        b"a:\n\tb: 1\n",
        b"a: *x\n",
        b"a: 1\nb\nc: 2\n",
        b"a: - b\n",
        b"a: 'it's'\n",
    ]
    for text, c, pure in zip(texts, _read_elsewhere("c", texts), _read_elsewhere("pure", texts), strict=True):
        assert (pure["stopped"], pure["data"]) == (c["stopped"], c["data"]) == ("yaml-syntax", None), text
        assert pure["faults"][0][1][0] == c["faults"][0][1][0], text
