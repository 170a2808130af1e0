"""Which patterns a clause may use: a small part of regular expressions, of which none runs for long.

A framework may come from a stranger, and Python's patterns have no time limit. What is allowed here takes at most
`MOST_PATHS` ways through a text of `LONGEST` characters; the language is described in `docs/frameworks.md`.
"""

import math
from typing import NamedTuple

LONGEST = 2_000
"""Characters of a text that a pattern is tried on."""

MOST_PATHS = 10_000
"""Ways in which a pattern may try to fit a text; more would take longer than a reader waits."""

MOST_REPEATED = 1_000
"""The greatest number in `{…}`."""

Span = tuple[int, int]
"""A range of code points, both ends included."""

ANY: tuple[Span, ...] = ((0, 0x10FFFF),)


class Refused(Exception):
    """A pattern is not allowed: why, in words that stand after 'the pattern', and what to write instead."""

    def __init__(self, why: str, advice: str = "docs/frameworks.md says what a pattern may be made of") -> None:
        super().__init__(why)
        self.why = why
        self.advice = advice


class Part(NamedTuple):
    """A part of a pattern: characters (`spans`), a sequence (`all`), alternatives (`any`) or a repeat of one part."""

    kind: str
    parts: tuple["Part", ...] = ()
    spans: tuple[Span, ...] = ()
    least: int = 1
    most: float = 1

    @property
    def varies(self) -> bool:
        """Whether it is a repeat that may be longer or shorter."""
        return self.kind == "repeat" and self.least != self.most

    @property
    def unlimited(self) -> bool:
        """Whether it is a repeat without an end."""
        return self.kind == "repeat" and self.most == math.inf


def refusal(pattern: str) -> Refused | None:
    """Why a pattern is not allowed; None where it is."""
    try:
        whole = _Reader(pattern).whole()
        _unnested(whole, repeated=False)
        _apart(whole)
        _few(whole)
    except Refused as why:
        return why
    except RecursionError:
        return Refused("has brackets inside brackets beyond measure")
    return None


# --- reading ---------------------------------------------------------------------------------------------------------

_ESCAPED = frozenset("\\.*+?|(){}[]^$/-&~")
_MEANINGS = {"t": "\t", "n": "\n", "r": "\r"}


class _Reader:
    """A pattern, read from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def whole(self) -> Part:
        found = self.alternatives()
        if self.place < len(self.text):
            raise Refused("has a ')' that closes nothing")
        return found

    def alternatives(self) -> Part:
        branches = [self.sequence()]
        while self.next == "|":
            self.place += 1
            branches.append(self.sequence())
        return branches[0] if len(branches) == 1 else Part("any", tuple(branches))

    def sequence(self) -> Part:
        parts: list[Part] = []
        while self.next not in ("", "|", ")"):
            parts.append(self.repeat(self.atom()))
        return Part("all", tuple(parts))

    @property
    def next(self) -> str:
        return self.text[self.place : self.place + 1]

    def take(self) -> str:
        found = self.next
        self.place += 1
        return found

    def atom(self) -> Part:
        character = self.take()
        if character == "(":
            return self.group()
        if character == "[":
            return self.characters()
        if character == ".":
            return Part("one", spans=_without((ord("\n"), ord("\n"))))
        if character == "\\":
            return _one(self.escaped())
        if character in "^$":
            raise Refused(f"has '{character}'", "a pattern is held against the whole value; leave out ^ and $")
        if character in "*+?{":
            raise Refused(f"has '{character}' with nothing before it to repeat")
        if character in "]}":
            raise Refused(f"has '{character}' without its partner", f"write '\\{character}' for the character itself")
        return _one(character)

    def group(self) -> Part:
        if self.next == "?":
            if self.text[self.place : self.place + 2] != "?:":
                raise Refused("has a group that begins with '(?'", "only (…) and (?:…) are allowed, no look-around")
            self.place += 2
        found = self.alternatives()
        if self.take() != ")":
            raise Refused("has a '(' that nothing closes")
        return found

    def escaped(self) -> str:
        character = self.take()
        if character in _MEANINGS:
            return _MEANINGS[character]
        if character not in _ESCAPED:
            if character.isdigit():
                raise Refused(f"has '\\{character}'", "it may not repeat what was found before")
            raise Refused(
                f"has '\\{character}', which programs read differently", "write the characters in [ ], such as [0-9]"
            )
        return character

    def characters(self) -> Part:
        """A class such as [a-z_] or [^,]."""
        negated = self.next == "^"
        self.place += negated
        spans: list[Span] = []
        while self.next != "]" or not spans:
            if self.next == "":
                raise Refused("has a '[' that nothing closes")
            if self.next in "[]" or self.text[self.place : self.place + 2] in ("--", "&&", "||", "~~"):
                raise Refused(f"has '{self.next}' inside [ ]", f"write '\\{self.next}' for the character itself")
            first = self.member()
            last = first
            if self.next == "-" and self.text[self.place + 1 : self.place + 2] not in ("]", ""):
                self.place += 1
                last = self.member()
            if first > last:
                raise Refused(f"has a range from '{first}' to '{last}', which runs backwards")
            spans.append((ord(first), ord(last)))
        self.place += 1
        return Part("one", spans=_without(*spans) if negated else tuple(spans))

    def member(self) -> str:
        character = self.take()
        return self.escaped() if character == "\\" else character

    def repeat(self, part: Part) -> Part:
        """The part with what is said behind it: `*`, `+`, `?`, `{2}`, `{2,}`, `{2,4}`."""
        least, most = {"*": (0, math.inf), "+": (1, math.inf), "?": (0, 1)}.get(self.next, (-1, -1))
        if least >= 0:
            self.place += 1
        elif self.next == "{":
            least, most = self.counts()
        else:
            return part
        if self.next != "" and self.next in "*+?{":
            raise Refused(f"has '{self.next}' right behind another repeat")
        return Part("repeat", (part,), least=int(least), most=most)

    def counts(self) -> tuple[int, float]:
        closed = self.text.find("}", self.place)
        numbers = self.text[self.place + 1 : closed].split(",") if closed > 0 else []
        plain = all(each.isascii() and (each.isdigit() or (each == "" and place)) for place, each in enumerate(numbers))
        if not 1 <= len(numbers) <= 2 or not plain:
            raise Refused("has a '{' that is no count such as {2}, {2,} or {2,4}")
        least = int(numbers[0])
        most = least if len(numbers) == 1 else int(numbers[1]) if numbers[1] else math.inf
        if least > most or least > MOST_REPEATED or MOST_REPEATED < most < math.inf:
            raise Refused(f"has a count that runs backwards or is above {MOST_REPEATED:,}")
        self.place = closed + 1
        return least, most


def _one(character: str) -> Part:
    return Part("one", spans=((ord(character), ord(character)),))


def _without(*spans: Span) -> tuple[Span, ...]:
    """All characters but some."""
    found, start = [], 0
    for first, last in sorted(spans):
        if first > start:
            found.append((start, first - 1))
        start = max(start, last + 1)
    return (*found, (start, ANY[0][1])) if start <= ANY[0][1] else tuple(found)


# --- judging ---------------------------------------------------------------------------------------------------------


_FOR_EVER = "a match could take for ever; "


def _unnested(part: Part, repeated: bool) -> None:
    """Refuse what varies inside a repeat: a repeat of other length, or alternatives."""
    if repeated and part.varies:
        raise Refused("has a repeat inside a repeat", f"{_FOR_EVER}repeat one class instead, such as [A-Z0-9-]")
    if repeated and part.kind == "any":
        raise Refused("has alternatives inside a repeat", f"{_FOR_EVER}write a class instead, such as [ab]")
    if part.kind == "repeat" and part.most > 1:
        repeated = True
        if part.parts[0].kind in ("all", "any") and _empty(part.parts[0]):
            raise Refused("repeats what may be nothing")
    for each in part.parts:
        _unnested(each, repeated)


def _apart(part: Part) -> None:
    """Refuse two repeats without an end side by side."""
    if part.kind == "all":
        for first, second in zip(part.parts, part.parts[1:], strict=False):
            if first.unlimited and second.unlimited:
                raise Refused(
                    "has two repeats without an end side by side",
                    f"{_FOR_EVER}give one of them a greatest number, such as {{1,9}}",
                )
    for each in part.parts:
        _apart(each)


def _few(whole: Part) -> None:
    """Refuse what may fit a text in too many ways."""
    paths = _paths(whole, (), True)
    if paths > MOST_PATHS:
        raise Refused(
            "can fit a text in too many ways", f"{_FOR_EVER}give its repeats a greatest number, such as {{1,9}}"
        )


def _empty(part: Part) -> bool:
    """Whether a part fits nothing at all, too."""
    if part.kind == "one":
        return False
    if part.kind == "repeat":
        return part.least == 0 or _empty(part.parts[0])
    return (any if part.kind == "any" else all)(_empty(each) for each in part.parts)


def _first(part: Part) -> tuple[Span, ...]:
    """The characters that a part may begin with."""
    if part.kind == "one":
        return part.spans
    found: tuple[Span, ...] = ()
    for each in part.parts:
        found += _first(each)
        if part.kind == "all" and not _empty(each):
            break
    return found


def _meet(one: tuple[Span, ...], other: tuple[Span, ...]) -> bool:
    return any(a <= d and c <= b for a, b in one for c, d in other)


def _paths(part: Part, after: tuple[Span, ...], ends: bool) -> float:
    """In how many ways a part may try to fit: a choice counts where the next character does not decide it.

    `after` are the characters that may follow the part; `ends` whether nothing may follow.
    """
    if part.kind == "one":
        return 1
    if part.kind == "all":
        product = 1.0
        for each in reversed(part.parts):
            product *= _paths(each, after, ends)
            after, ends = (_first(each) + (after if _empty(each) else ())), ends and _empty(each)
        return product
    if part.kind == "any":
        product = math.prod(_paths(each, after, ends) for each in part.parts)
        starts = [_first(each) + (after if _empty(each) else ()) for each in part.parts]
        shared = any(_meet(a, b) for place, a in enumerate(starts) for b in starts[place + 1 :])
        return product * (len(part.parts) if shared else 1)
    body = part.parts[0]
    inner = _paths(body, after + (_first(body) if part.most > 1 else ()), ends)
    undecided = part.varies and _meet(_first(body), after)
    return inner * (min(part.most, LONGEST) - part.least + 1 if undecided else 1)
