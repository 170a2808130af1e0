"""Text for people: width, shortening, did-you-mean, and what makes text from records inert."""

import gc
import json
import random
import re
import sys
import unicodedata
from datetime import date

import pytest
from hypothesis import strategies as st

from mcred import text
from tests.support import holds

ANY_TEXT = st.text(st.characters(codec="utf-8"))
WORDS = st.text("abcdelvt-_ ", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("shown", "columns"),
    [
        ("", 0),
        ("plain", 5),
        ("whānau", 6),
        ("wha\u0304nau", 6),
        ("e\u0301\u0323", 1),
        ("水を採る", 8),
        ("ﾐｽﾞ", 3),
        ("Ａ", 2),
        ("💧", 2),
        ("🇳🇿", 2),
        ("a\u200db", 2),
        ("✓", 1),
        ("❤\ufe0f", 1),
        ("·", 1),
        ("\u00ad", 1),
    ],
)
def test_columns_are_those_of_a_terminal(shown, columns):
    assert text.columns(shown) == columns


def test_a_macron_in_one_piece_and_in_two_are_equally_wide():
    letters = "āēīōūĀĒĪŌŪ"
    assert text.columns(letters) == text.columns(unicodedata.normalize("NFD", letters)) == len(letters)


@pytest.mark.parametrize(
    ("given", "harmless"),
    [
        ("a\x1b[31mb", "a<U+001B>[31mb"),
        ("\x9b0m", "<U+009B>0m"),
        ("a\r\nb", "a<U+000D><U+000A>b"),
        ("a\u2028b\x85c", "a<U+2028>b<U+0085>c"),
        ("\u202egpj.exe", "<U+202E>gpj.exe"),
        ("\ufeff", "<U+FEFF>"),
        ("\x7f\x00\x07", "<U+007F><U+0000><U+0007>"),
        ("a\u200bb\u00adc\u2060d", "a<U+200B>b<U+00AD>c<U+2060>d"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("##[error]x", "##\\[error]x"),
        ("##vso[task.complete]", "##\\vso[task.complete]"),
        ("a ## b", "a ## b"),
        ("[red]x[/red]", "[red]x[/red]"),
        ("tab\there", "tab\there"),
    ],
)
def test_inert(given, harmless):
    assert text.inert(given) == harmless


def test_every_character_that_acts_is_made_harmless():
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    acting = re.findall(
        r"[\x00-\x08\n-\x1f\x7f-\x9f\xad\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]", everything
    )
    assert len(acting) == 81
    assert [text.inert(each) for each in acting] == [f"<U+{ord(each):04X}>" for each in acting]
    assert [each for each in acting if each not in "\n\r" and text.shown(each) == each] == []


@holds(ANY_TEXT, quick=200, thorough=5000)
def test_what_is_written_as_json_acts_on_nothing_and_loses_nothing(given):
    written = text.as_json({given: [given]}, indent=None)
    assert text.inert(written) == written
    assert json.loads(written) == {given: [given]}


@holds(ANY_TEXT, quick=200, thorough=5000)
def test_what_is_inert_acts_on_nothing(given):
    harmless = text.inert(given)
    assert not [c for c in harmless if unicodedata.category(c) in ("Cc", "Zl", "Zp") and c != "\t"]
    assert not set(harmless) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert "##[" not in harmless
    assert "##vso[" not in harmless
    assert text.inert(harmless) == harmless


@holds(ANY_TEXT, quick=100, thorough=2000)
def test_a_shown_value_is_one_short_line(given):
    shown = text.shown(given)
    assert "\n" not in shown
    assert "\r" not in shown
    # A character that is made visible takes the place of one.
    assert len(re.sub(text.CONTROL, "?", given)) <= text.LONGEST_SHOWN or "…" in shown


def test_a_long_value_is_cut():
    assert text.shown("x" * 72) == "x" * 72
    assert text.shown("x" * 73) == "x" * 71 + "…"
    assert text.shown("two\n\nlines") == "two lines"
    assert text.shown(12) == "12"


@pytest.mark.parametrize(
    ("word", "candidates", "near"),
    [
        ("levle", ["level", "credits"], "level"),
        ("Level", ["level"], "level"),
        ("other_framework", ["other_frameworks"], "other_frameworks"),
        ("toi mia", ["toi-mai", "muka-tangata"], "toi-mai"),
        ("lead-time", ["lead_time"], "lead_time"),
        ("xyz", ["level", "credits"], None),
        ("anything", [], None),
        ("it", ["id", "if"], None),
        ("di", ["id", "if"], "id"),
    ],
)
def test_closest(word, candidates, near):
    assert text.closest(word, candidates) == near


def test_did_you_mean_does_not_repeat_the_word():
    assert text.did_you_mean("level", ["level"]) == ""
    assert text.did_you_mean("levle", ["level"]) == "; did you mean 'level'?"
    assert text.did_you_mean("zzz", ["level"]) == ""


@holds(WORDS, st.lists(WORDS, max_size=8), st.randoms(use_true_random=False), quick=200, thorough=3000)
def test_the_closest_does_not_hang_on_the_order_of_candidates(word, candidates, chance):
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    assert text.closest(word, candidates) == text.closest(word, shuffled)


def test_among_very_many_candidates_the_closest_is_still_found():
    many = [f"example-provider-{number:05}" for number in range(30_000)]
    random.Random(7).shuffle(many)
    assert text.closest("muka-tangta", [*many, "muka-tangata"]) == "muka-tangata"
    assert text.closest("muka-tangtaa", [*many, "muka-tangata"]) == "muka-tangata"
    assert text.closest("muka-tgtaa", [*many, "muka-tangata"]) == "muka-tangata"
    for near in (
        "example-provider-0012x3",
        "example-provider-00x23",
        "example-provdier-00123",
        "example-provider-0123",
    ):
        assert text.closest(near, many) is not None
    assert text.closest("example-provider-00123x", many) == "example-provider-00123"


def test_only_the_first_of_many_names_are_compared_with_others():
    suggestions = text.Suggestions(most=2)
    assert [suggestions.did_you_mean("levle", ["level"]) for _ in range(3)] == ["; did you mean 'level'?"] * 2 + [""]
    unread = iter(["level"])
    assert suggestions.closest("levle", unread) is None
    assert next(unread) == "level"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([], "nothing"),
        (["a"], "'a'"),
        (["a", "b"], "'a' or 'b'"),
        (["a", "b", "c"], "'a', 'b' or 'c'"),
        ([1, 2], "'1' or '2'"),
        (["a", "b", "c", "d"], "'a', 'b', 'c' or 'd'"),
    ],
)
def test_one_of(values, sentence):
    assert text.one_of(values) == sentence


def test_one_of_many_says_how_many_are_left_out():
    assert text.one_of("abcdef", most=4) == "'a', 'b', 'c', 'd' or one of 2 more"


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (100_000, "100,000 files")]
)
def test_plural(number, words):
    assert text.plural(number, "file") == words


def test_plural_of_an_odd_noun():
    assert text.plural(1, "entry", "entries") == "1 entry"
    assert text.plural(3, "entry", "entries") == "3 entries"


@pytest.mark.parametrize(
    ("title", "id"),
    [
        ("Farm Water", "farm-water"),
        ("Te Kohi Tauira Wai i te Pāmu", "te-kohi-tauira-wai-i-te-pamu"),
        ("Wha\u0304nau", "whanau"),
        ("  a -- b  ", "a-b"),
        ("水", ""),
    ],
)
def test_slug(title, id):
    assert text.slug(title) == id


def test_a_long_slug_is_cut_to_an_id():
    assert text.slug("x" * 100) == "x" * 80
    assert text.slug("x" * 79 + " y") == "x" * 79


@holds(ANY_TEXT, quick=200, thorough=3000)
def test_a_slug_is_an_id_or_nothing(title):
    from mcred.scaffold import ID

    slug = text.slug(title)
    assert len(slug) < 2 or ID.fullmatch(slug)


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("utf-8", "whānau … é 水"),
        ("UTF8", "whānau … é 水"),
        ("ascii", "wh\\u0101nau ... \\xe9 \\u6c34"),
        ("latin-1", "wh\\u0101nau ... é \\u6c34"),
        ("no-such-encoding", "wh\\u0101nau ... \\xe9 \\u6c34"),
    ],
)
def test_encodable(encoding, written):
    assert text.encodable("whānau … é 水", encoding) == written


@holds(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200), st.integers(10, 60), quick=200, thorough=3000)
def test_the_fitting_part_of_a_line_holds_what_is_marked(length, start, wide, room):
    line = "".join(chr(97 + number % 26) for number in range(length))
    start = min(start, length)
    end = min(start + wide, length)
    part, begin, stop = text.fitting(line, start, end, room)
    assert len(part) <= room
    assert 0 <= begin <= stop <= len(part)
    marked = line[start:end]
    assert part[begin:stop].removesuffix("…") == marked[: len(part[begin:stop].removesuffix("…"))]
    assert part[begin:stop] or not marked
    if len(line) <= room:
        assert (part, begin, stop) == (line, start, end)


@holds(st.text(st.sampled_from("ab\tāa\u0304水💧\x1b\u202e"), max_size=30), st.data(), quick=200, thorough=5000)
def test_a_drawn_line_tells_where_its_marked_part_stands(line, data):
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    shown, indent, wide = text.drawn(line, start, end)
    assert "\t" not in shown
    assert indent + wide <= text.columns(shown)
    before, marked = text.inert(line[:start].expandtabs(4)), text.inert(line[start:end].expandtabs(4))
    assert shown.startswith(before + marked)
    assert (indent, wide) == (text.columns(before), text.columns(marked))


DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text('a"\\é水\n\t/'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab"ā', max_size=3), inner, max_size=3),
)


@holds(DATA, st.sampled_from([1, 2, None]), quick=200, thorough=5000)
def test_json_is_laid_out_as_python_does(data, indent):
    assert text.as_json(data, indent=indent) == json.dumps(data, ensure_ascii=False, indent=indent)


def test_json_of_other_things_is_what_the_caller_makes_of_them():
    data = {"day": date(2026, 11, 30), 3: (date(2026, 12, 1), ())}
    assert text.as_json(data, default=str) == '{\n "day": "2026-11-30",\n "3": [\n  "2026-12-01",\n  []\n ]\n}'


@holds(st.lists(DATA, max_size=4), quick=100, thorough=2000)
def test_json_in_pieces_is_the_same(items):
    made = {"none": iter(()), "some": [{"items": map(dict, ({"item": each} for each in items))}, {}], "one": "\u2028"}
    whole = {"none": [], "some": [{"items": [{"item": each} for each in items]}, {}], "one": "\u2028"}
    assert "".join(text.json_pieces(made)) == text.as_json(whole)


def test_json_leaves_nothing_behind_for_a_garbage_collector():
    gc.collect()
    gc.disable()
    try:
        text.as_json({"a": [{"b": "c"}]})
        assert gc.collect() == 0
    finally:
        gc.enable()
