"""The words of a framework for kinds, acts and fields: a micro-qualification in the Pacific, and its accreditation."""

from collections.abc import Mapping
from typing import Any


def word(head: Mapping[str, Any], name: str, language: str = "") -> str:
    """What the framework calls a kind, an act or a field, in a language, else in its first; else the name itself."""
    terms = head.get("terms")
    found = terms.get(name) if isinstance(terms, dict) else None
    if isinstance(found, dict):
        found = found.get(language) or next(iter(found.values()), None)
    return str(found or name)


STEM = 4
"""Letters at the beginning of two words that are alike where one is made of the other: listed, listing."""


def other_word(head: Mapping[str, Any], name: str, language: str = "") -> str:
    """What the framework calls an act, where that is another word and not only another form; else nothing."""
    found = word(head, name, language)
    alike = {part[:STEM] for part in found.split()} & {part[:STEM] for part in name.split("-")}
    return "" if found == name or alike else found


def chosen(data: dict[str, Any], choice: Mapping[str, str]) -> dict[str, Any]:
    """A framework's data with those of its other words that a catalogue chose in place of the first ones."""
    picked = [
        each for each in data.get("other_terms") or () if choice.get(each["term"]) in forms(each["text"]).values()
    ]
    terms = {name: forms(text) for name, text in (data.get("terms") or {}).items()} if picked else {}
    for each in picked:
        terms[each["term"]] = {**terms.get(each["term"], {}), **forms(each["text"])}
    return {**data, "terms": terms} if picked else data


def forms(text: Any) -> dict[str, str]:
    """The forms of a framework's word by language; plain text is in English."""
    return text if isinstance(text, dict) else {"en": str(text)}
