"""The words of documents: labels and terms in one language or two, dates, amounts, and text of records made safe.

Labels stand in one table, each form in te reo Māori with the source that it was seen in. What has no form in the
language of a document stands in English, visibly: a label in italics, and whatever is in another language says which.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from mcred.dates import PATTERN
from mcred.errors import McredError
from mcred.text import did_you_mean, inert

LANGUAGES = ("en", "mi")
"""The languages that a document may be in."""

FALLBACK = "en"

_LINKABLE = re.compile(r"https?://[^\s\x00-\x1f\x7f<>\"\\^`{|}]+", re.IGNORECASE)
_GAP = re.compile(r"\n[ \t\r]*\n")


class Labels(NamedTuple):
    """The table: of each label its forms by language, and the months of each language that has them."""

    forms: Mapping[str, Mapping[str, str]]
    months: Mapping[str, Mapping[int, str]]


def labels(data: Mapping[str, Any], path: str) -> Labels:
    """The table in the data of a file.

    Raises:
        McredError: it is not laid out as one, or a form in another language has no source.
    """
    sources = {each.get("id") for each in data.get("sources") or () if isinstance(each, dict)}
    forms: dict[str, dict[str, str]] = {}
    months: dict[str, dict[int, str]] = {}
    for name, each in _maps(data, "labels", path):
        forms[name] = _forms(name, each, sources, path)
    for name, each in _maps(data, "months", path):
        for language, form in _forms(name, each, sources, path).items():
            months.setdefault(language, {})[int(name)] = form
    return Labels(forms, months)


def _maps(data: Mapping[str, Any], key: str, path: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    found = data.get(key)
    if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
        raise McredError(f"{path}: '{key}' is a map of labels, each with its forms, such as level: {{en: Level}}")
    return found.items()


def _forms(name: str, each: Mapping[str, Any], sources: set[Any], path: str) -> dict[str, str]:
    forms = {key: str(form) for key, form in each.items() if key not in ("source", "remarks")}
    if FALLBACK not in forms:
        raise McredError(f"{path}: the label '{name}' has no form in English, which stands where others are missing")
    if len(forms) > 1 and each.get("source") not in sources:
        raise McredError(f"{path}: the label '{name}' names no source for its other forms; `sources` lists them")
    return forms


def clean(value: object) -> str:
    """Text in one line, with characters that act or cannot be seen made visible."""
    return inert(" ".join(str(value).split()))


class Words:
    """What templates say things with, in the languages of a document and in the words of a framework."""

    def __init__(self, labels: Labels, languages: tuple[str, ...], terms: Mapping[str, Mapping[str, str]]) -> None:
        self.languages = languages
        self.language = languages[0]
        self._labels = labels
        self._terms = terms
        self.label = lru_cache(maxsize=None)(self._label)
        self.heading = lru_cache(maxsize=None)(self._heading)
        self.word = lru_cache(maxsize=4096)(self._word)
        self.date = lru_cache(maxsize=4096)(self._date)

    @cached_property
    def said(self) -> dict[str, Any]:
        """What templates say things with, by name: the languages, and what they may call."""
        return {
            "language": self.language,
            "languages": self.languages,
            "label": self.label,
            "heading": self.heading,
            "word": self.word,
            "text": self.text,
            "prose": self.prose,
            "name": self.name,
            "date": self.date,
            "amount": self.amount,
            "count": self.count,
            "link": self.link,
            "tongue": self.tongue,
        }

    def forms(self, name: str) -> Mapping[str, str]:
        """The forms of a label: the framework's own word where it has one, else those of the table."""
        return {**self._labels.forms.get(name, {}), **self._terms.get(name, {})}

    def _label(self, name: str) -> Markup:
        """A label in the languages of the document."""
        return self._spoken(self._known(name), fallback="em")

    def _heading(self, name: str) -> Markup:
        """A label with a capital letter, as it begins a line."""
        return self._spoken(_capital(self._known(name)), fallback="em")

    def _known(self, name: str) -> Mapping[str, str]:
        forms = self.forms(name)
        if not forms:
            raise LookupError(f"no label '{name}'" + did_you_mean(name, [*self._labels.forms, *self._terms]))
        return forms

    def _word(self, value: object, capital: bool = False) -> Markup:
        """A word of the format, such as `full-time`: its label where there is one, else the word itself."""
        forms = self.forms(str(value)) or {FALLBACK: str(value).replace("-", " ")}
        return self._spoken(_capital(forms) if capital else forms, fallback="em")

    def plain(self, name: str) -> str:
        """A label in the first language that has it, as plain text."""
        return self.choose(self.forms(name)) or name

    def choose(self, text: Mapping[str, str] | None) -> str:
        """A text in the first language that it has, as plain text in one line."""
        if not text:
            return ""
        found = next((text[each] for each in (*self.languages, FALLBACK) if each in text), None)
        return clean(found if found is not None else next(iter(text.values())))

    def _spoken(self, forms: Mapping[str, str], fallback: str) -> Markup:
        """Forms in a line: each language of the document that has one, else another, which then says which it is."""
        present = [each for each in self.languages if each in forms]
        if not present:
            other = FALLBACK if FALLBACK in forms else next(iter(forms))
            return _in(other, forms[other], fallback)
        if len({forms[each] for each in present}) == 1:
            present = present[:1]
        # A word that English took from te reo Māori is spoken as one.
        shared = forms.get("mi") is not None and forms.get("mi") == forms.get(present[0])
        tags = ["mi" if shared else each for each in present]
        return Markup(" / ").join(
            escape(clean(forms[each])) if tag == self.language else _in(tag, forms[each], "span")
            for each, tag in zip(present, tags, strict=True)
        )

    def text(self, value: Mapping[str, str] | str | None) -> Markup:
        """A text of the record in a line."""
        if value is None:
            return Markup("")
        return escape(clean(value)) if isinstance(value, str) else self._spoken(value, fallback="span")

    def prose(self, value: Mapping[str, str] | str | None) -> Markup:
        """A text of the record as paragraphs, one language after the other."""
        if value is None:
            return Markup("")
        forms = {self.language: value} if isinstance(value, str) else value
        present = [each for each in self.languages if each in forms] or [next(iter(forms))]
        return Markup("").join(
            Markup("<p{}>{}</p>").format(
                Markup("") if each == self.language else Markup(' lang="{}"').format(each), part
            )
            for each in present
            for part in map(clean, _GAP.split(forms[each]))
            if part
        )

    def name(self, reference: Mapping[str, Any] | None) -> Markup:
        """What a reference is called: its title, else its number, else its id."""
        if reference is None:
            return Markup("")
        if reference["title"]:
            number = reference["reference"]
            return self.text(reference["title"]) + (escape(f" ({clean(number)})") if number else "")
        return escape(clean(reference["reference"] or reference["id"]))

    def _date(self, written: str | int | None) -> Markup:
        """A date as precisely as it is known; of a range FROM/UNTIL both ends."""
        if written is None:
            return self._label("not-known")
        first, slash, last = str(written).partition("/")
        if not slash:
            return self._day(first)
        if first == "..":
            return self._label("until") + " " + self._day(last)
        if last == "..":
            return self._label("from") + " " + self._day(first)
        between, joined = self._label("between"), self._label("and")
        return Markup("{} {} {} {}").format(between, self._day(first), joined, self._day(last))

    def plain_date(self, written: str) -> str:
        """A date in English, as plain text."""
        match = PATTERN.fullmatch(written)
        if match is None:
            return clean(written)
        year, month, day = match.groups()
        months = self._labels.months.get(FALLBACK, {})
        return " ".join(filter(None, [day and str(int(day)), month and months.get(int(month), month), year]))

    def _day(self, written: str) -> Markup:
        match = PATTERN.fullmatch(written)
        if match is None:
            return escape(clean(written))
        year, month, day = match.groups()
        if month is None:
            return escape(year)
        forms = {
            language: " ".join(filter(None, [day and str(int(day)), months[int(month)], year]))
            for language, months in self._labels.months.items()
            if int(month) in months
        }
        return self._spoken(forms, fallback="em") if forms else escape(written)

    def amount(self, value: Any) -> Markup:
        """A number, a range of numbers, or why there is none."""
        if value is None:
            return self._label("not-known")
        if isinstance(value, dict):
            if "none" in value:
                return Markup("{}: {}").format(self.heading("none"), self.text(value["none"]))
            return Markup("{}–{}").format(_number(value["min"]), _number(value["max"]))
        return escape(_number(value))

    def count(self, value: Any, noun: str) -> Markup:
        """A number with its noun: `1 credit`, `10 credits`, `2–6 weeks`."""
        if value is None or (isinstance(value, dict) and "none" in value):
            return self.amount(value)
        return Markup("{} {}").format(self.amount(value), self.label(noun if value == 1 else f"{noun}s"))

    def link(self, url: str) -> Markup:
        """A link that shows where it leads; what is no address that a browser should follow stays text."""
        if _LINKABLE.fullmatch(url):
            return Markup('<a href="{0}">{0}</a>').format(url)
        return escape(clean(url))

    def tongue(self, tag: str) -> Markup:
        """The name of a language, where the table has it."""
        forms = self.forms(f"language-{tag}")
        return self._spoken(forms, fallback="em") if forms else escape(tag)


def _capital(forms: Mapping[str, str]) -> dict[str, str]:
    return {language: form[:1].upper() + form[1:] for language, form in forms.items()}


def _in(language: str, form: str, element: str) -> Markup:
    """Words in a language other than that around them."""
    return Markup('<{0} lang="{1}">{2}</{0}>').format(element, language, clean(form))


def _number(value: Any) -> str:
    """A number as people write it: 10, 2.5; a level may be a word."""
    if isinstance(value, float):
        return f"{value:g}"
    return f"{value:,}" if isinstance(value, int) else clean(value)


class Wordings:
    """The words of a run, under each framework."""

    def __init__(self, labels: Labels, languages: tuple[str, ...]) -> None:
        self._labels = labels
        self._languages = languages
        self._words: dict[str, Words] = {}

    def of(self, framework: Mapping[str, Any] | None) -> Words:
        """The words of a document under a framework and its policies, as a view gives them."""
        terms = framework["terms"] if framework is not None else {}
        known = repr(terms)
        if known not in self._words:
            self._words[known] = Words(self._labels, self._languages, terms)
        return self._words[known]
