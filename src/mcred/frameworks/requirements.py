"""The tests that a requirement may ask for, each of a value that is known, missing or unknown.

`semantics` in `docs/frameworks.md` says what each means where two readers would differ.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple

from mcred.dates import Days, days
from mcred.diagnostic import Pointer

LONGEST_MATCHED = 2_000
"""Characters of a text that a pattern is tried on; longer ones do not match: Python's patterns have no time limit."""


class Answer(Enum):
    """What a test says of a value."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


class Missing(Enum):
    """Why there is no value."""

    ABSENT = "absent"
    UNKNOWN = "unknown"


# Until Python 3.12 a member of an enumeration takes as long to find as a call; these are asked for at every value.
MET, NOT_MET = Answer.MET, Answer.NOT_MET
ABSENT, UNKNOWN = Missing.ABSENT, Missing.UNKNOWN


def is_none(value: Any) -> bool:
    """Whether a value is `{none: why}`."""
    return isinstance(value, dict) and "none" in value


def absent(value: Any) -> bool:
    """Whether there is no value, or the record says that it does not apply."""
    if isinstance(value, dict):
        return not value or "none" in value
    return value is ABSENT or (not value and isinstance(value, str | list))


class Value(NamedTuple):
    """A value of a record, where it stands or should, and whether it may be otherwise."""

    pointer: Pointer
    value: Any
    uncertain: bool = False

    @property
    def absent(self) -> bool:
        """Whether there is none, or the record says that it does not apply."""
        return absent(self.value)


class Result(NamedTuple):
    """What a test says, of which value, and what was asked for in words."""

    answer: Answer
    value: Value
    expected: str = ""
    because: str = ""


Asked = Mapping[str, Any]
"""What a clause asks for: its own keys with those of the edition's line laid over."""


# --- the tests of one value: what each answers, and what it asks for in words -----------------------------------------


def _present(value: Any, asked: Asked) -> Answer:
    # an empty list is a list's way to say that there is none
    said_none = is_none(value) or (isinstance(value, list) and not value)
    return _answer(not absent(value) or (said_none and asked.get("none_counts") is True))


def _one_of(value: Any, asked: Asked) -> Answer:
    """Of a list one member is enough, as for guards; a pointer that ends in `/*` asks it of each."""
    found = value if isinstance(value, list) else [value]
    return _answer(not absent(value) and any(each in asked["one_of"] for each in found))


def _range(value: Any, asked: Asked) -> Answer:
    low, high = asked.get("min"), asked.get("max")
    least, most = numbers(value)
    if least is None or most is None:
        return Answer.NOT_MET
    if (low is None or least >= low) and (high is None or most <= high):
        return Answer.MET
    outside = (low is not None and most < low) or (high is not None and least > high)
    return Answer.NOT_MET if outside else Answer.UNKNOWN


def _range_in_words(value: Any, asked: Asked) -> str:
    low, high = asked.get("min"), asked.get("max")
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"at least {low}" if high is None else f"at most {high}"


def numbers(value: Any) -> tuple[float | None, float | None]:
    """The least and the most that a number, or a range of numbers, may be."""
    if isinstance(value, dict) and {"min", "max"} <= set(value):
        return value["min"], value["max"]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value, value
    return None, None


def _pattern(value: Any, asked: Asked) -> Answer:
    found = texts(value) if isinstance(value, str | dict) else []
    return _answer(bool(found) and not absent(value) and all(_matches(asked["pattern"], text) for text in found))


def _matches(pattern: str, text: str) -> bool:
    return len(text) <= LONGEST_MATCHED and re.fullmatch(pattern, text) is not None


def _count(value: Any, asked: Asked) -> Answer:
    number = 0 if absent(value) else len(value) if isinstance(value, list | dict) else 1
    low, high = asked.get("min"), asked.get("max")
    return _answer((low is None or number >= low) and (high is None or number <= high))


def _count_in_words(value: Any, asked: Asked) -> str:
    low, high = asked.get("min"), asked.get("max")
    return f"at least {low}" if high is None else f"at most {high}" if low is None else f"{low} to {high}"


def _forbidden_words(value: Any, asked: Asked) -> Answer:
    if absent(value):
        return Answer.NOT_APPLICABLE
    return _answer(not any(True for text in texts(value) for _ in forbidden(text, asked["words"])))


def _forbidden_in_words(value: Any, asked: Asked) -> str:
    if absent(value):
        return ""
    found = [word for text in texts(value) for word in forbidden(text, asked["words"])]
    return "without " + ", ".join(f"'{word}'" for word in dict.fromkeys(found or asked["words"]))


def _answer(met: bool) -> Answer:
    return MET if met else NOT_MET


def texts(value: Any) -> list[str]:
    """The texts of a value: the first language of a text in several, since rules hold for it unless they say each."""
    if isinstance(value, dict):
        return [str(next(iter(value.values())))] if value else []
    return [str(value)]


def seen(text: str) -> str:
    """A text as a reader sees it: without the characters that nobody sees, and wide or joined letters as plain ones."""
    found = unicodedata.normalize("NFKC", text)
    # Whatever can be printed has none of them.
    return found if found.isprintable() else "".join(each for each in found if unicodedata.category(each) != "Cf")


def forbidden(text: str, words: list[str]) -> Iterator[str]:
    """The words that a text has as whole words, in any case, with any hyphen or space between their parts."""
    plain = seen(text)
    folded = plain.casefold()
    for word in words:
        if _parts(word)[0].casefold() in folded and _whole(word).search(plain):
            yield word


@lru_cache(maxsize=256)
def _parts(word: str) -> list[str]:
    """The parts of a word, of which the first is looked for before any pattern is made: hardly any text has one."""
    return re.split(r"[\s-]+", word)


@lru_cache(maxsize=256)
def _whole(word: str) -> re.Pattern[str]:
    """The pattern of all parts of a word."""
    parts = r"[\s\u2010-\u2015-]*".join(map(re.escape, _parts(word)))
    return re.compile(rf"(?<!\w){parts}(?:'s|’s|s)?(?!\w)", re.IGNORECASE)


def between(value: Any) -> Days | None:
    """The days that a date, or a derived range FROM/UNTIL, may mean."""
    text = str(value)
    try:
        if "/" in text:
            first, last = text.split("/", 1)
            return Days(date.min if first == ".." else days(first).first, date.max if last == ".." else days(last).last)
        return days(text)
    except ValueError:
        return None


def before(value: Value, other: Value, asked: Asked) -> Result:
    """Whether one day comes before another; a missing one of the two is not met."""
    first, second = (None if each.absent else between(each.value) for each in (value, other))
    same = asked.get("same_day") == "allowed"
    expected = (
        f"before {other.value}{' or on that day' if same else ''}"
        if second
        else "before the other day, which is missing"
    )
    if first is None or second is None:
        return Result(Answer.NOT_MET, value if first is None else other, expected)
    if first.last < second.first or (same and first.last <= second.first):
        return Result(Answer.MET, value, expected)
    if first.first > second.last or (not same and first.first >= second.last):
        return Result(Answer.NOT_MET, value, expected)
    return Result(Answer.UNKNOWN, value, expected, "value-unknown")


class Test(NamedTuple):
    """A test of one value: its answer, and what it asks for in words."""

    answer: Callable[[Any, Asked], Answer]
    in_words: Callable[[Any, Asked], str]

    def result(self, value: Value, asked: Asked) -> Result:
        """The answer with all that can be told of it."""
        answer = self.answer(value.value, asked)
        because = "value-unknown" if answer is Answer.UNKNOWN else ""
        return Result(answer, value, self.in_words(value.value, asked), because)


TESTS: dict[str, Test] = {
    "present": Test(_present, lambda value, asked: "there"),
    "one-of": Test(_one_of, lambda value, asked: " or ".join(map(str, asked["one_of"]))),
    "range": Test(_range, _range_in_words),
    "pattern": Test(_pattern, lambda value, asked: str(asked.get("expected") or asked["pattern"])),
    "count": Test(_count, _count_in_words),
    "forbidden-words": Test(_forbidden_words, _forbidden_in_words),
}
"""The tests of one value; `before`, which compares two, stands apart."""
