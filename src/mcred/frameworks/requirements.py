"""The tests that a requirement may ask for, each of a value that is known, missing or unknown.

`semantics` in `docs/frameworks.md` says what each means where two readers would differ.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import Enum
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


class Value(NamedTuple):
    """A value of a record, where it stands or should, and whether it may be otherwise."""

    pointer: Pointer
    value: Any
    uncertain: bool = False

    @property
    def absent(self) -> bool:
        """Whether there is none, or the record says that it does not apply."""
        return self.value is Missing.ABSENT or self.value in ("", [], {}) or is_none(self.value)


def is_none(value: Any) -> bool:
    """Whether a value is `{none: why}`."""
    return isinstance(value, dict) and "none" in value


class Result(NamedTuple):
    """What a test says, of which value, and what was asked for in words."""

    answer: Answer
    value: Value
    expected: str = ""
    because: str = ""


Asked = Mapping[str, Any]
"""What a clause asks for: its own keys with those of the edition's line laid over."""


def _present(value: Value, asked: Asked) -> Result:
    # an empty list is a list's way to say that there is none
    said_none = is_none(value.value) or (isinstance(value.value, list) and not value.value)
    answered = not value.absent or (said_none and asked.get("none_counts") is True)
    return Result(Answer.MET if answered else Answer.NOT_MET, value, "there")


def _one_of(value: Value, asked: Asked) -> Result:
    """Of a list one member is enough, as for guards; a pointer that ends in `/*` asks it of each."""
    allowed = asked["one_of"]
    found = value.value if isinstance(value.value, list) else [value.value]
    met = not value.absent and any(each in allowed for each in found)
    return Result(Answer.MET if met else Answer.NOT_MET, value, " or ".join(map(str, allowed)))


def _range(value: Value, asked: Asked) -> Result:
    low, high = asked.get("min"), asked.get("max")
    words = (
        f"{low} to {high}"
        if low is not None and high is not None
        else f"at least {low}"
        if high is None
        else f"at most {high}"
    )
    least, most = numbers(value.value)
    if least is None or most is None:
        return Result(Answer.NOT_MET, value, words)
    inside = (low is None or least >= low) and (high is None or most <= high)
    outside = (low is not None and most < low) or (high is not None and least > high)
    answer = Answer.MET if inside else Answer.NOT_MET if outside else Answer.UNKNOWN
    return Result(answer, value, words, "value-unknown" if answer is Answer.UNKNOWN else "")


def numbers(value: Any) -> tuple[float | None, float | None]:
    """The least and the most that a number, or a range of numbers, may be."""
    if isinstance(value, dict) and {"min", "max"} <= set(value):
        return value["min"], value["max"]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value, value
    return None, None


def _pattern(value: Value, asked: Asked) -> Result:
    found = texts(value.value) if isinstance(value.value, str | dict) else []
    met = bool(found) and not value.absent and all(_matches(asked["pattern"], text) for text in found)
    return Result(Answer.MET if met else Answer.NOT_MET, value, str(asked.get("expected") or asked["pattern"]))


def _matches(pattern: str, text: str) -> bool:
    return len(text) <= LONGEST_MATCHED and re.fullmatch(pattern, text) is not None


def _count(value: Value, asked: Asked) -> Result:
    number = 0 if value.absent else len(value.value) if isinstance(value.value, list | dict) else 1
    low, high = asked.get("min"), asked.get("max")
    met = (low is None or number >= low) and (high is None or number <= high)
    words = f"at least {low}" if high is None else f"at most {high}" if low is None else f"{low} to {high}"
    return Result(Answer.MET if met else Answer.NOT_MET, value, words)


def _forbidden_words(value: Value, asked: Asked) -> Result:
    if value.absent:
        return Result(Answer.NOT_APPLICABLE, value)
    found = [word for text in texts(value.value) for word in forbidden(text, asked["words"])]
    words = "without " + ", ".join(f"'{word}'" for word in dict.fromkeys(found or asked["words"]))
    return Result(Answer.NOT_MET if found else Answer.MET, value, words)


def texts(value: Any) -> list[str]:
    """The texts of a value: the first language of a text in several, since rules hold for it unless they say each."""
    if isinstance(value, dict):
        return [str(next(iter(value.values())))] if value else []
    return [str(value)]


def seen(text: str) -> str:
    """A text as a reader sees it: without the characters that nobody sees, and wide or joined letters as plain ones."""
    found = unicodedata.normalize("NFKC", text)
    return found if found.isascii() else "".join(each for each in found if unicodedata.category(each) != "Cf")


def forbidden(text: str, words: list[str]) -> Iterator[str]:
    """The words that a text has as whole words, in any case, with any hyphen or space between their parts."""
    plain = seen(text)
    folded = plain.casefold()
    for word in words:
        if re.split(r"[\s-]+", word)[0].casefold() not in folded:
            continue
        parts = r"[\s\u2010-\u2015-]*".join(map(re.escape, re.split(r"[\s-]+", word)))
        if re.search(rf"(?<!\w){parts}(?:'s|’s|s)?(?!\w)", plain, re.IGNORECASE):
            yield word


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


TESTS: dict[str, Callable[[Value, Asked], Result]] = {
    "present": _present,
    "one-of": _one_of,
    "range": _range,
    "pattern": _pattern,
    "count": _count,
    "forbidden-words": _forbidden_words,
}
"""The tests of one value; `before`, which compares two, stands apart."""
