"""How a level of one framework stands to those of others, as bodies published it.

A table is a level reference, a file for each pair of frameworks (`schemas/level-references/`). Read the other way round
it says the same. Two tables are never put together to make a third: a level that has no counterpart in the middle one
would get one that nobody agreed to.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mcred.frameworks import Framework
from mcred.record import Record
from mcred.text import did_you_mean, one_of

Level = int | str

NOT_FOR_RECOGNITION = "not for recognition"
"""What has to be said wherever a first mapping is shown."""

ANSWERS = {
    "counterpart": "a table gives a counterpart",
    "no-counterpart": "a table says that nothing corresponds to it",
    "not-agreed": "the two sides looked at it and did not agree",
    "in-progress": "the two sides are at work on it; there is no table yet",
    "no-table": "no table of levels was seen",
    "no-levels": "one of the two has no levels",
    "same-framework": "it is the same framework, or one that serves as it",
    "refused": (
        "no table of levels was seen; two lead there by way of {through}, and two are not put together to make a third"
    ),
}
"""Each answer in words."""

PUBLISHED = ("counterpart", "no-counterpart", "not-agreed")
"""The answers that a table gives."""


class Comparison(NamedTuple):
    """What is known of a level in another framework: one of `ANSWERS`, and the levels, where there are any."""

    framework: str
    level: Level
    to: str
    title: str
    """What the other framework is called."""
    answer: str
    levels: tuple[Level, ...] = ()
    unconfirmed: tuple[Level, ...] = ()
    """Those of the levels that were not read with certainty."""
    warn: tuple[str, ...] = ()
    """What has to be printed wherever it is shown."""
    reference: Mapping[str, Any] | None = None
    """The file that says so."""
    through: str = ""
    """Where it is refused: the framework in the middle."""

    @property
    def status(self) -> str | None:
        """How far the two sides have come: referenced, compared, initial or in-progress; None where nobody began."""
        return str(self.reference["status"]) if self.reference else None

    @property
    def citation(self) -> str:
        """The report or page that it stands in, as people cite it."""
        return str(self.reference.get("citation", "")) if self.reference else ""

    def says(self) -> str:
        """The answer in words, with what has to be said of it."""
        found = " and ".join(f"{each}{' (unconfirmed)' if each in self.unconfirmed else ''}" for each in self.levels)
        words = f"level {found}" if found else self._answered()
        if NOT_FOR_RECOGNITION in self.warn:
            words += f", {NOT_FOR_RECOGNITION}"
        return ". ".join([words, *(each for each in self.warn if each != NOT_FOR_RECOGNITION)])

    def _answered(self) -> str:
        if self.answer == "no-table" and self.reference:
            if self.reference.get("compares") == "award-types":
                return "kinds of awards were compared, and no levels"
            if self.reference["pairs"]:
                return "the table says nothing of this level"
        return ANSWERS[self.answer].format(through=self.through)

    def plain(self) -> dict[str, Any]:
        """The answer as other programs read it, with where it stands."""
        reference = self.reference or {}
        return {
            "to": self.to,
            "title": self.title,
            "answer": self.answer,
            "levels": list(self.levels),
            "unconfirmed": list(self.unconfirmed),
            "status": self.status,
            "says": self.says(),
            "warn": list(self.warn),
            "through": self.through or None,
            "reference": reference.get("id"),
            # a year alone is a number in YAML; every date is text in JSON
            **{key: str(reference[key]) if key in reference else None for key in ("citation", "date", "checked")},
            "sources": reference.get("sources") or [],
        }


class Tables:
    """The level references that are known, and the frameworks that have a file, by id."""

    def __init__(self, references: Sequence[Mapping[str, Any]], frameworks: Mapping[str, Framework]) -> None:
        self._files = frameworks
        self._between: dict[str, dict[str, Mapping[str, Any]]] = {}
        for each in references:
            for one, other in ((each["from"], each["to"]), (each["to"], each["from"])):
                self._between.setdefault(str(one), {})[str(other)] = each
        self.frameworks = tuple(sorted({*self._between, *frameworks}))
        """The ids of all frameworks that levels can be asked about."""

    def beside(self, framework: str) -> tuple[str, ...]:
        """The frameworks that something is known of beside one."""
        itself = self._itself(framework)
        return tuple(sorted({*self._between.get(itself, ()), itself} - {framework}))

    def title(self, framework: str) -> str:
        """What a framework is called: by its file, else by a level reference."""
        if framework in self._files:
            return self._files[framework].title
        for other, each in self._between.get(framework, {}).items():
            if found := each.get("from_title" if each["to"] == other else "to_title"):
                return _first(found)
        return framework

    def levels(self, framework: str) -> tuple[Level, ...] | None:
        """The levels of a framework by its file, else those that tables name; None where nobody knows."""
        framework = self._itself(framework)
        own = self._own_levels(framework)
        if own is not None:
            return own
        pairs = (pair for other in self.beside(framework) for pair in self._pairs(framework, other))
        return tuple(sorted({level for level, _, _ in pairs if level is not None}, key=_order)) or None

    def level(self, framework: str, text: str) -> Level:
        """The level of a framework that a text means.

        Raises:
            ValueError: there is no such framework, or it is known not to have that level.
        """
        self._known(framework)
        known = self.levels(framework)
        if not known:
            return int(text) if text.isdecimal() else text
        found = next((level for level in known if str(level) == text), None)
        if found is None:
            raise ValueError(f"{framework} has no level '{text}'; there is {one_of(known, 20)}")
        return found

    def compare(self, framework: str, level: Level, to: str) -> Comparison:
        """What is known of a level in another framework.

        Raises:
            ValueError: there is no such framework.
        """
        self._known(to)
        here, there = self._itself(framework), self._itself(to)
        reference = self._between.get(here, {}).get(there)
        made = Comparison(framework, level, to, self.title(to), "no-table", reference=reference)
        if here == there:
            return made._replace(answer="same-framework", levels=(level,))
        if () in (self._own_levels(here), self._own_levels(there)):
            return made._replace(answer="no-levels")
        if made.status == "in-progress":
            return made._replace(answer="in-progress", warn=_warnings(reference))
        pairs = list(self._pairs(here, there))
        if not pairs:
            through = next((each for each in self.beside(here) if self._leads(here, each, there)), "")
            return made._replace(answer="refused" if through else "no-table", through=through)
        return _read(made, [(pair, beside) for own, beside, pair in pairs if own == level])

    def of(self, record: Record) -> list[Comparison]:
        """What is known of a record's level in other frameworks, but for first mappings, which nobody stands by."""
        level, framework = record.data.get("level"), record.framework
        if framework is None or not isinstance(level, int | str):
            return []
        found = [self.compare(framework, level, each) for each in self.beside(framework)]
        return [each for each in found if each.status != "initial"]

    def published(self, record: Record) -> list[Comparison]:
        """What holds of a record's level in each framework that a published table leads to."""
        return [each for each in self.of(record) if each.answer in PUBLISHED]

    def _known(self, framework: str) -> None:
        if framework not in self.frameworks:
            raise ValueError(f"no framework '{framework}'" + did_you_mean(framework, self.frameworks))

    def _itself(self, framework: str) -> str:
        """The framework whose levels one has: its own, or that which serves as it."""
        file = self._files.get(framework)
        return (file and file.uses) or framework

    def _own_levels(self, framework: str) -> tuple[Level, ...] | None:
        """The levels of a framework by its file: nothing in it where it has none, None where nobody knows."""
        file = self._files.get(framework)
        return file.levels if file else None

    def _pairs(self, framework: str, to: str) -> Iterator[tuple[Level | None, Level | None, Mapping[str, Any]]]:
        """The pairs of the table between two frameworks: the level of the first, that of the second, and the pair."""
        reference = self._between.get(framework, {}).get(to, {})
        here, there = ("from", "to") if reference.get("to") == to else ("to", "from")
        for pair in reference.get("pairs") or ():
            yield pair[here], pair[there], pair

    def _leads(self, framework: str, through: str, to: str) -> bool:
        """Whether somebody who puts tables together would come from one framework to another by way of a third."""
        seen, open_ends = {framework}, [through] if any(self._pairs(framework, through)) else []
        while open_ends:
            at = open_ends.pop()
            if at == to:
                return True
            seen.add(at)
            open_ends += [each for each in self.beside(at) if each not in seen and any(self._pairs(at, each))]
        return False


def _read(made: Comparison, found: list[tuple[Mapping[str, Any], Level | None]]) -> Comparison:
    """What the pairs of a level come to; where it stands in none, nobody looked at it."""
    if not found:
        return made
    counterparts = [(pair, there) for pair, there in found if there is not None]
    answer = "counterpart"
    if not counterparts:
        answer = "not-agreed" if any(pair.get("agreed") is False for pair, _ in found) else "no-counterpart"
    levels = {there: pair for pair, there in counterparts}
    ordered = tuple(sorted(levels, key=_order))
    return made._replace(
        answer=answer,
        levels=ordered,
        unconfirmed=tuple(level for level in ordered if levels[level].get("unconfirmed")),
        warn=_warnings(made.reference, *(pair for pair, _ in found)),
    )


def _warnings(reference: Mapping[str, Any] | None, *pairs: Mapping[str, Any]) -> tuple[str, ...]:
    """What has to be printed with the pairs of a table, and with the table."""
    own = reference or {}
    said = [_first(each["warn"]).rstrip(".") for each in (own, *pairs) if "warn" in each]
    return tuple([NOT_FOR_RECOGNITION] if own.get("status") == "initial" else []) + tuple(dict.fromkeys(said))


def _first(text: Any) -> str:
    """A text in its first language."""
    return str(next(iter(text.values())) if isinstance(text, dict) else text)


def _order(level: Level) -> tuple[bool, int, str]:
    """Numbers by size, then words."""
    return isinstance(level, str), level if isinstance(level, int) else 0, str(level)
