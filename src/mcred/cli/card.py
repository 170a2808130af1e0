"""The card of a record: all that its file says of it, what follows on a day, and what was decided."""

import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Any

from mcred.cli.frameworks import counting_for, day_of
from mcred.cli.records import Register
from mcred.frameworks.findings import period
from mcred.query import Row, parts, shown
from mcred.record import TABLE, Record, View, other_word, word
from mcred.record.ledger import act_days, regimes
from mcred.text import columns, plural
from mcred.workspace import level_tables

LABEL = 25
"""Columns of the names on a card."""

DATE = 13
"""Columns of the dates of decisions."""


def card(register: Register, row: Row, view: View) -> Iterator[str]:
    """Its lines: title, what it is, what follows on the day, what was decided, what is not known, where it stands."""
    record, language = row.record, register.language
    title = _title(record) or record.data.get("number", record.id)
    yield from _wrapped(shown(title, language))
    if isinstance(title, dict):
        for tag, text in title.items():
            if tag != language:
                yield from _wrapped(f"{text} ({tag})")
    fictional = "; fictional example data" if row.value("fictional") else ""
    observed = "; a summary of what others publish, not the register" if record.observed else ""
    yield from _wrapped(f"{record.id}, {word(view.head, record.kind, language)}{fictional}{observed}")
    yield ""
    yield from _pairs(Specification(register, row).pairs())
    derived = [*_derived(row, register), *_parts(record, register)]
    if derived:
        yield ""
        file = "file says it today" if register.workspace.recorded is None else "file said it then"
        above = f" (what stands above is as the {file})" if register.asked else ""
        yield from _wrapped(f"As of {register.clocks}{above}")
        yield from _pairs(derived)
    rules = list(_rules(record, view, register))
    if rules:
        yield ""
        yield "Under which rules"
        yield from rules
    elsewhere = list(_elsewhere(record, register))
    if elsewhere:
        yield ""
        yield "Its level under other frameworks, where a table was published"
        yield from _pairs(elsewhere)
    decisions = list(_decisions(record, view, register))
    if decisions:
        yield ""
        yield "Decisions"
        yield from decisions
    unknown = record.data.get("unknown")
    if unknown:
        yield ""
        yield from _pairs(
            [("Not known", "whatever is not here" if unknown == "rest" else ", ".join(map(str, unknown)))]
        )
    yield ""
    yield f"{record.path}"


_ELSEWHERE = frozenset(("id", "title", "decisions", "unknown"))
"""Fields that have a place of their own on a card."""

_NAMING = ("title", "text", "statement", "organisation", "target", "what", "value", "by", "holder", "summary", "id")
"""What names an object best, the best first."""

_HEADS = {
    "duration": ("amount", "unit", "intensity"),
    "subjects": ("code", "path"),
    "types": ("type",),
    "coverage": ("sector",),
    "sources": ("title", "url"),
}
"""Fields whose items are named by several keys together, or by a key that names nothing elsewhere."""

_UNSAID = frozenset(("id", "source"))
"""Keys that hold a file together: what points to an item, and to where it was seen."""

_SHORT = 40
"""Characters of what still stands in brackets behind a name."""

Path = tuple[str | int, ...]


class Specification:
    """What a file says of a record, field by field in the order of the schema; nothing is left out.

    What is derived is not here, for it has its day. Ids of other records have their titles.
    """

    def __init__(self, register: Register, row: Row) -> None:
        self._register = register
        self._row = row
        self._languages = frozenset((register.language, *register.workspace.settings.languages))
        self._references = {pointer for pointer, _, mark in row.record.marked if mark.references}

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The title of each field with its lines; only the first of them bears the title."""
        data = self._row.record.data
        fields = self._register.context.schemas.shape(self._row.record.kind).schema["properties"]
        for name in dict.fromkeys((*fields, *data)):
            if name in _ELSEWHERE or name in self._row.derived or data.get(name) is None:
                continue
            title = fields.get(name, {}).get("title", name)
            for place, line in enumerate(self._lines(data[name], (name,))):
                yield ("" if place else title), line

    def _lines(self, value: Any, at: Path) -> Iterator[str]:
        """The lines of a value: one for a text in one language, and one for each item with what it holds."""
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            for place, item in enumerate(value):
                for number, line in enumerate(self._lines(item, (*at, place))):
                    yield f"  {line}" if number else f"- {line}"
        elif isinstance(value, list):
            comma = " > " if at[-1] == "path" else ", "
            yield comma.join(self._text(item, (*at, place)) for place, item in enumerate(value)) or "none"
        elif isinstance(value, dict) and (self._register.language in value or self._languages.issuperset(value)):
            tags = sorted(value, key=lambda tag: tag != self._register.language)
            yield from (value[tag] if tag == self._register.language else f"{value[tag]} ({tag})" for tag in tags)
        elif isinstance(value, dict) and "none" in value:
            yield f"none: {shown(value['none'], self._register.language)}"
        elif isinstance(value, dict) and at not in self._references and value.keys() != {"min", "max"}:
            yield from self._object(value, at)
        elif value is not None:
            yield self._text(value, at)

    def _object(self, value: dict[str, Any], at: Path) -> Iterator[str]:
        """An object: what names it with its short keys in brackets, then its longer ones on lines of their own."""
        naming = _HEADS.get(str(at[0])) or [next((key for key in _NAMING if key in value), "")]
        names = [list(self._lines(value[key], (*at, key))) for key in naming if key in value]
        short, long = [], [line for lines in names for line in lines[1:]]
        for key, inner in value.items():
            if key in naming or key in _UNSAID or key.endswith("_source"):
                continue
            lines, word = list(self._lines(inner, (*at, key))), key.replace("_", " ")
            if len(lines) == 1 and len(lines[0]) <= _SHORT and not isinstance(inner, dict | list):
                short.append(f"{word} {lines[0]}")
            elif len(lines) == 1:
                long.append(f"{word}: {lines[0].removeprefix('- ')}")
            elif lines:
                long += [f"{word}:", *(f"  {line}" for line in lines)]
        name, others = " ".join(lines[0] for lines in names), ", ".join(short)
        yield from filter(None, [f"{name} ({others})" if name and others else name or others])
        yield from long

    def _text(self, value: Any, at: Path) -> str:
        """A value on one line; what is not in the catalogue with the number that others know it by."""
        if at not in self._references:
            return shown(value, self._register.language)
        number = value.get("reference") if isinstance(value, dict) and "title" in value else None
        return f"{_named(self._register, value)}, {number}" if number else _named(self._register, value)


def _derived(row: Row, register: Register) -> Iterator[tuple[str, str]]:
    for name, field in TABLE.items():
        if name in ("kind", "custody", "fictional", "offerings", "fees") or name not in row.derived:
            continue
        value = row.value(name)
        if value is None or (value == [] and name != "may_deliver"):
            continue
        text = _day(shown(value, register.language))
        if value == []:
            text = "nobody"
        elif name in ("developer", "may_deliver", "replaced_by"):
            text = _named(register, value)
        elif name == "review_years":
            text = plural(value, "year")
        elif name.endswith("_on"):
            dated = row.record.get(row.derived[name].pointers[0], {})
            doubts = [said for key in _DATING if key in dated and (said := _said(key, dated[key]))]
            text += f" ({', '.join(doubts)})" if doubts else ""
        yield field.title, text + (" (not certain)" if row.uncertain(name) else "")


def _parts(record: Record, register: Register) -> Iterator[tuple[str, str]]:
    """What an organisation develops, delivers and endorses, a line each."""
    if record.kind != "organisation":
        return
    for name, found in parts(record.id, register.views()).items():
        for place, part in enumerate(found):
            text = _named(register, part.id) + (" (not certain)" if part.uncertain else "")
            yield ("" if place else name.capitalize()), text


def _day(text: str) -> str:
    """What a derived value says; the days of a regime, `2018-08-22/2023-01-31`, in words."""
    match = _REGIME.fullmatch(text)
    if not match:
        return text
    first, last = match.groups()
    if first == "..":
        return f"on or before {last}"
    return f"on or after {first}" if last == ".." else f"between {first} and {last}"


def _rules(record: Record, view: View, register: Register) -> Iterator[str]:
    """By which editions of which rules each thing is judged that was decided by the day."""
    for count in counting_for(register, record):
        yield from _wrapped(f"  {day_of(count, view.head, register.language)}", 4)
        for instrument, edition in count.rules:
            yield from _wrapped(f"    {instrument.title} ({edition.id}, {period(edition)})", 6)


def _elsewhere(record: Record, register: Register) -> Iterator[tuple[str, str]]:
    """What its level is under other frameworks, and where that stands."""
    for each in level_tables(register.context).published(record):
        yield each.to, f"{each.says()} ({each.status}; {each.citation})"


_REGIME = re.compile(r"(\d{4}-\d{2}-\d{2}|\.\.)/(\d{4}-\d{2}-\d{2}|\.\.)")


def _title(record: Record) -> Any:
    """Its title; of a standard, that of the last of its versions that has one."""
    versions = [each for _, each in record.items("versions") if "title" in each]
    return record.data.get("title") or (versions[-1]["title"] if versions else None)


def _named(register: Register, value: Any) -> str:
    """The titles of what ids name, as far as the catalogue knows them."""
    found = []
    for name in value if isinstance(value, list) else [value]:
        record = register.records.get(name) if isinstance(name, str) else None
        title = shown(_title(record), register.language) if record else ""
        found.append(f"{title} ({name})" if title else shown(name, register.language))
    return ", ".join(found)


def _decisions(record: Record, view: View, register: Register) -> Iterator[str]:
    """The ledger in the order of recording, without what is dated after the day; void and corrected ones say so."""
    ranges = regimes(view.head)
    changed = {
        decision.get("decision"): "void" if decision.get("void") else "corrected"
        for _, decision in record.items("decisions")
        if decision.get("act") == "corrected"
    }
    later = 0
    for _, decision in record.items("decisions"):
        if act_days(decision, ranges).first > register.day:
            later += 1
            continue
        when = str(decision.get("date") or (f"under {decision['under']}" if "under" in decision else "day unknown"))
        act = str(decision.get("act", "?"))
        called = other_word(view.head, act, register.language)
        parts = [f"{act} ({called})" if called else act]
        parts += [said for key in _LEDGER if key in decision and (said := _said(key, shown(decision[key])))]
        mark = f" [{changed[decision['id']]}]" if decision.get("id") in changed else ""
        yield from _wrapped(f"  {when:<{DATE - 1}} {', '.join(parts)}{mark}", DATE + 4)
    if later:
        yield f"  ({later} later than {register.day} not shown)"


_DATING = ("date_is", "dated_by")

_LEDGER = (*"version number kind for status until outcome provider next_review clause by".split(), *_DATING)
"""What the ledger tells of a decision besides its act and date."""


def _said(key: str, value: str) -> str:
    """A key of a decision in the ledger; whatever keeps its date from being that of the decision is told."""
    if key == "date_is":
        return "" if value == "unknown" else f"date {value}"
    if key == "dated_by":
        return value if value == "inferred" else f"dated by {value}"
    return f"{key} {value}"


def _width() -> int:
    """The columns of the terminal; 0 where the output is piped, and nothing is wrapped."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def _wrapped(line: str, indent: int = 2) -> list[str]:
    """A line that is not wider than the terminal; the lines after its first are indented."""
    width = _width()
    return _filled(line, width, " " * indent) if width and columns(line) > width else [line]


def _filled(text: str, width: int, indent: str) -> list[str]:
    """Lines of a width, of which only an address or a path may be longer: broken, nobody could open it."""
    return wrap(text, max(width, 30), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _pairs(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Names and values in two columns, values wrapped on a terminal."""
    width = _width()
    for title, value in pairs:
        hang = " " * (len(value) - len(value.lstrip(" -")))
        lines = _filled(value, width - LABEL - 2, hang) if width and value else [value]
        if long := len(title) >= LABEL:
            yield f"  {title}"
        yield f"  {'' if long else title:<{LABEL}}{lines[0] if lines else ''}".rstrip()
        yield from (" " * (LABEL + 2) + line for line in lines[1:])
