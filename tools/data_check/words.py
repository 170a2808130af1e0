"""What a text says that can be compared as a value: numbers, dates, levels, durations, names."""

import re
from functools import lru_cache
from typing import Any

MONTHS = "January February March April May June July August September October November December".split()
NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_MONTH = "|".join(MONTHS)
_WORD = re.compile(r"[^\W_](?:[^\W_]|['’-](?=[^\W_])|\.(?=[0-9]))*")
# Before a word with a capital, these say that the capital may be that of a sentence.
_BEGINS = re.compile(r"(?:^|[.:;!?/(\[\"“‘]|\B-)\s*$")
_DATE = re.compile(r"\b([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?\b")
_ENDING = re.compile(r"['’]s?$|(?<=\w{3})s$")
_NUMBER = rf"[0-9]+|{'|'.join(NUMBERS)}"
DURATION = re.compile(
    rf"(?i)\b({_NUMBER})(?: to ({_NUMBER}))? (hour|day|week|month|semester|year)s?\b(?: (full|part)[- ]time)?"
)
GLUE = frozenset("a an with for and of the through in by as operating".split())


def numbers(said: str) -> set[float]:
    """The numbers of a text, in digits or in words."""
    found = {float(digits) for digits in re.findall(r"(?<![\w.])[0-9]+(?:\.[0-9]+)?(?!\w)", said)}
    for word in _WORD.findall(said.lower()):
        if word in NUMBERS:
            found.add(float(NUMBERS.index(word)))
        elif word == "single":
            found.add(1.0)
    return found


def dates(said: str) -> set[str]:
    """The days, months and years of a text, as it states them."""
    found = set(re.findall(r"\b[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?\b", said))
    rest = re.sub(r"\b[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?\b", " ", said)
    for match in re.finditer(rf"(?:\b([0-9]{{1,2}}) )?\b({_MONTH}) ([0-9]{{4}})\b", rest):
        month = f"{match[3]}-{MONTHS.index(match[2]) + 1:02}"
        found.add(f"{month}-{int(match[1]):02}" if match[1] else month)
    rest = re.sub(rf"\b(?:{_MONTH}) [0-9]{{4}}\b", " ", rest)
    return found | set(re.findall(r"\b(?:19|20)[0-9]{2}\b", rest))


def levels(said: str) -> set[str]:
    return set(re.findall(r"(?i)\blevel ([0-9]+)\b", said))


def durations(said: str) -> list[dict[str, Any]]:
    """`6 weeks full time or 12 weeks part time` as a list of amounts, units and intensities."""
    found: list[dict[str, Any]] = []
    for match in DURATION.finditer(said):
        low, high = (None if word is None else int(min(numbers(word))) for word in (match[1], match[2]))
        item: dict[str, Any] = {
            "amount": low if high is None else {"min": low, "max": high},
            "unit": f"{match[3].lower()}s",
        }
        if match[4]:
            item["intensity"] = f"{match[4].lower()}-time"
        found.append(item)
    return found


def holds(said: str, name: str) -> bool:
    """Whether a text has this name in it, as whole words."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said) is not None


def folded(said: str) -> str:
    """A text without capitals, for comparing words that may begin a sentence."""
    return said.lower()


def take(said: str, name: str) -> str:
    """The text with the name taken out once."""
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " | ", said, count=1)


def left(said: str) -> list[str]:
    """The words of a text that are not there merely to join names."""
    return [word for word in _WORD.findall(said) if word.lower() not in GLUE]


def plain(word: str) -> str:
    """A word without its capital, a possessive or plural ending."""
    return _ENDING.sub("", word.lower())


def salient(said: str) -> dict[str, str]:
    """The words that state a number or a name: what is compared, and the word as it stands."""
    found: dict[str, str] = {}
    for match in _WORD.finditer(said):
        if date := _DATE.fullmatch(match[0]):
            found |= dict.fromkeys(_spelt(*date.groups()), match[0])
            continue
        begins = _BEGINS.search(said[: match.start()]) is not None
        for word in match[0].split("-"):
            if not word or (word.isupper() and len(word) > 7):
                continue  # initials are short: a longer word in capitals is stressed
            if word[0].isdigit():
                found[word.lower()] = match[0]
            elif word.lower() in NUMBERS[2:]:
                found[str(NUMBERS.index(word.lower()))] = match[0]
            elif sum(map(str.isupper, word)) > 1 or (word[0].isupper() and not begins):
                found[plain(word)] = match[0]
    return found


def _spelt(year: str, month: str, day: str | None) -> list[str]:
    return [year, MONTHS[(int(month) - 1) % 12].lower(), *([str(int(day))] if day else [])]


@lru_cache(maxsize=4096)
def spoken(said: str) -> frozenset[str]:
    """All the words of a text as `salient` compares them; a date also by its month's name."""
    found: set[str] = set()
    for word in _WORD.findall(said):
        low = word.lower()
        found |= {low, plain(word), *(plain(part) for part in re.split("['’-]", word)), *low.split("-")}
        found |= {str(NUMBERS.index(part)) for part in low.split("-") if part in NUMBERS}
    for date in _DATE.finditer(said):
        found |= set(_spelt(*date.groups()))
    return frozenset(found)
