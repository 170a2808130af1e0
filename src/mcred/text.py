"""Text for people: did-you-mean, display width, shortening, and making text from records inert."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

LONGEST_SHOWN = 72
"""Characters of a record's text that a message repeats; the rest is cut."""

MOST_SUGGESTED = 20
"""Names of one file, or of a run, for which a similar one is looked for; of thousands nobody reads the last."""

MANY_CANDIDATES = 500
"""From here on only candidates that share one half with the word are compared, or differ from it in one letter."""

CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
"""Control characters and bidirectional overrides: nothing an author can see, much that a terminal obeys.

Hardly any text has one, so that this pattern and those below are compiled only when they are first used.
"""

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
"""What the ids are made of, of which there may be many."""

_UNSEEN = "[\u00ad\u200b\u2060]"
"""Characters of text that take no room: two words that differ in one look the same. A joiner of emoji is none."""

_LINE_BREAKING = "[\n\r\x85\u2028\u2029]+"

# GitHub obeys `##[command]` and Azure `##vso[command]` anywhere in a line of a log.
_LOG_COMMAND = r"##(?=vso\[|\[)"


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` was probably meant to be, or None where none is near."""
    from difflib import get_close_matches

    folded = {candidate.casefold().replace("_", "-"): candidate for candidate in sorted(candidates, reverse=True)}
    key = word.casefold().replace("_", "-").replace(" ", "-")
    if key in folded:
        return folded[key]
    near = list(folded)
    if len(near) > MANY_CANDIDATES:
        edited = [word for word in _one_edit_away(key) if word in folded]
        near = edited or [word for word in near if _share_a_half(word, key)][:MANY_CANDIDATES]
    found = get_close_matches(key, near, n=1, cutoff=0.7 if len(key) > 3 else 0.6)
    # Of two letters that were swapped, each is in the wrong place: `di` has nothing in common with `id`.
    found = found or [word for word in near if len(key) == 2 and word == key[::-1]]
    return folded[found[0]] if found else None


def _one_edit_away(word: str) -> Iterator[str]:
    """All that `word` may be with one letter more, less or other, or two swapped: looked up, not compared."""
    for at in range(len(word) + 1 if len(word) <= LONGEST_SHOWN else 0):
        start, rest = word[:at], word[at:]
        yield start + rest[1:]
        yield start + rest[1:2] + rest[:1] + rest[2:]
        for letter in _LETTERS:
            yield start + letter + rest
            yield start + letter + rest[1:]


def _share_a_half(candidate: str, word: str) -> bool:
    half = (len(word) + 1) // 2
    if abs(len(candidate) - len(word)) > 4:
        return False
    return candidate[:half] == word[:half] or candidate[-half:] == word[-half:]


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """The end of a message: `; did you mean 'level'?`, or nothing."""
    near = closest(word, candidates)
    return f"; did you mean '{near}'?" if near is not None and near != word else ""


class Suggestions:
    """Did-you-mean for names that may be wrong by the thousand: only the first few are compared with others."""

    def __init__(self, most: int = MOST_SUGGESTED) -> None:
        self.left = most

    def closest(self, word: str, candidates: Iterable[str]) -> str | None:
        """As `closest`; None once enough was suggested, and then `candidates` are not even looked at."""
        self.left -= 1
        return closest(word, candidates) if self.left >= 0 else None

    def did_you_mean(self, word: str, candidates: Iterable[str]) -> str:
        """As `did_you_mean`; nothing once enough was suggested."""
        self.left -= 1
        return did_you_mean(word, candidates) if self.left >= 0 else ""


def one_of(values: Iterable[object], most: int = 12) -> str:
    """A list for a sentence: `'a', 'b' or 'c'`; long ones are cut and say so."""
    words = [f"'{value}'" for value in values]
    if len(words) > most:
        return ", ".join(words[:most]) + f" or one of {len(words) - most} more"
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else "nothing"


def plural(number: int, noun: str, nouns: str = "") -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def shown(value: object) -> str:
    """A value of a record as a message repeats it: one line, cut, without characters that act."""
    text = str(value)
    if not text.isprintable():
        text = re.sub(_LINE_BREAKING, " ", text).replace("\t", " ")
    if len(text) > LONGEST_SHOWN:
        text = text[: LONGEST_SHOWN - 1] + "…"
    return inert(text)


def inert(text: str) -> str:
    """`text` as one that no terminal and no build log obeys: control characters, and those unseen, as `<U+001B>`."""
    text = _seen(text)
    return re.sub(_LOG_COMMAND, "##\\\\", text) if "##" in text else text


def _seen(text: str) -> str:
    """`text` in one line, with the code of each character that acts or is not seen."""
    if text.isprintable():  # it has none of them
        return text
    text = re.sub(CONTROL, lambda match: f"<U+{ord(match[0]):04X}>", text)
    text = text if text.isascii() else re.sub(_UNSEEN, lambda match: f"<U+{ord(match[0]):04X}>", text)
    return re.sub(_LINE_BREAKING, lambda match: "".join(f"<U+{ord(c):04X}>" for c in match[0]), text)


_ACTING_IN_JSON = "[\x7f-\x9f\u00ad\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]|#(?=#vso\\[|#\\[)"


def as_json(value: object, indent: int | None = 1, default: Callable[[object], object] | None = None) -> str:
    """`value` as JSON that no terminal and no build log obeys.

    What would act is written as a code, which every reader of JSON turns back: nothing is lost.
    """
    from json import dumps

    text = _Layout(indent, default).text(value) if indent else dumps(value, ensure_ascii=False, default=default)
    return re.sub(_ACTING_IN_JSON, lambda match: f"\\u{ord(match[0]):04x}", text)


class _Layout:
    """JSON over several lines, the same as of `json.dumps` with an indent.

    Each call of that leaves something behind which only the garbage collector takes away, and there is none in a run.
    """

    def __init__(self, indent: int, default: Callable[[object], object] | None) -> None:
        from json import dumps
        from json.encoder import encode_basestring

        self._step = " " * indent
        self._default = default
        self._string = encode_basestring
        self._scalar = dumps

    def text(self, value: object, line: str = "\n") -> str:
        """A value in lines, each but the first of which begins with `line`."""
        if isinstance(value, str):
            return self._string(value)
        inner = line + self._step
        if isinstance(value, dict) and value:
            items = [f"{self._key(key)}: {self.text(each, inner)}" for key, each in value.items()]
            return f"{{{inner}{f',{inner}'.join(items)}{line}}}"
        if isinstance(value, list | tuple) and value:
            return f"[{inner}{f',{inner}'.join([self.text(each, inner) for each in value])}{line}]"
        if self._default is None or value is None or isinstance(value, int | float | dict | list | tuple):
            return self._scalar(value)
        return self.text(self._default(value), line)

    def _key(self, key: object) -> str:
        return self._string(key if isinstance(key, str) else self._scalar(key))


def json_pieces(value: object) -> Iterator[str]:
    """The text of `as_json`, piece by piece: what is an iterator becomes a list of which only one item is made at once.

    Iterators may stand in maps and lists, and nowhere else.
    """
    return _pieces(value, "\n")


def _pieces(value: object, line: str) -> Iterator[str]:
    if not isinstance(value, dict | list | Iterator):
        yield as_json(value)
        return
    brackets = "{}" if isinstance(value, dict) else "[]"
    inner = f"{line} "
    empty = True
    for item in value.items() if isinstance(value, dict) else value:
        yield (brackets[0] if empty else ",") + inner
        empty = False
        if isinstance(value, dict):
            key, each = item
            yield f"{as_json(key)}: "
            yield from _pieces(each, inner)
        elif isinstance(value, list):
            yield from _pieces(item, inner)
        else:
            yield as_json(item).replace("\n", inner)
    yield brackets if empty else line + brackets[1]


_MARKDOWN = r"[\\`*_\[\]#|~$]"
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}

# Platforms look for these in the finished page, where a backslash is gone: people (@name), numbers of issues and the
# like (#1, GH-1, !1), addresses, and pictures (:tada:). A space without width between the two parts keeps them text.
_CALLING = r"(?i)(?<=[@#!%~&$])(?=\w)|(?<=GH-)(?=[0-9])|(?<=:)(?=//|[\w+-]+:)|(?<=\bwww)(?=\.)"


def literal(text: str) -> str:
    """`text` as Markdown that shows it and does nothing: no mark-up, no link, and nobody is called."""
    # What a build log obeys is taken apart by the backslashes.
    parts = (re.sub("[&<>]", lambda m: _ENTITIES[m[0]], part) for part in re.split(_CALLING, _seen(text)))
    return "&#8203;".join(re.sub(_MARKDOWN, r"\\\g<0>", part) for part in parts)


def width(character: str) -> int:
    """Columns that a terminal gives to one character: 0 for marks that combine, 2 for wide ones."""
    if character < "\u0300":
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def columns(text: str) -> int:
    """Columns that a terminal gives to `text`."""
    return len(text) if text.isascii() else sum(map(width, text))


def slug(text: str) -> str:
    """`text` as an id might spell it: lower case, without marks, words joined by hyphens."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
    return re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-")[:80].rstrip("-")


def encodable(text: str, encoding: str) -> str:
    """`text` with what an encoding lacks written as codes, so that its width is known before it is printed."""
    if text.isascii() or encoding.lower().replace("-", "") == "utf8":
        return text
    try:
        text.encode(encoding)
    except LookupError:
        encoding = "ascii"
    except UnicodeEncodeError:
        pass
    else:
        return text
    return text.replace("…", "...").encode(encoding, "backslashreplace").decode(encoding)


def fitting(line: str, start: int, end: int, room: int) -> tuple[str, int, int]:
    """The part of a long `line` around `[start, end)` that fits `room` columns, and the two ends in it."""
    if len(line) <= 8 * room and columns(line.expandtabs(4)) <= room:
        return line, start, end
    # Characters without a width could make the part endless, and a line may be a whole file: it is never walked whole.
    first, used = min(start, len(line)), 0
    low, high = max(0, first - 4 * room), min(len(line), first + 8 * room)
    widths = {at: 4 if line[at] == "\t" else width(line[at]) for at in range(low, high)}
    while first > low and used + widths[first - 1] <= room // 3:
        first -= 1
        used += widths[first]
    last, used = first, 2 if first else 1
    while last < high and used + widths[last] <= room:
        used += widths[last]
        last += 1
    while last == len(line) and first > low and used + widths[first - 1] <= room:
        first -= 1
        used += widths[first]
    cut, tail = "…" if first else "", "…" if last < len(line) else ""
    shift = len(cut) - first
    return f"{cut}{line[first:last]}{tail}", start + shift, min(end, last) + shift


def drawn(line: str, start: int, end: int, escape: Callable[[str], str] = inert) -> tuple[str, int, int]:
    """A source line as it is printed, and where `[start, end)` of it begins and how wide it is there.

    Tabs become four spaces and characters that act become visible, so that a caret below stays right.
    """
    pieces = (
        escape(line[:start].expandtabs(4)),
        escape(line[start:end].expandtabs(4)),
        escape(line[end:].expandtabs(4)),
    )
    return "".join(pieces), columns(pieces[0]), columns(pieces[1])
