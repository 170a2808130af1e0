"""What `catalogue.yaml` says of the catalogue as a whole."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

FORMAT = 1
"""The format of catalogues that this mcred reads and writes."""

TIMEZONE = "UTC"
"""The zone where `catalogue.yaml` names none."""

LANGUAGE = "en"
"""The language where `catalogue.yaml` names none."""


class Settings(NamedTuple):
    """The settings of a catalogue; what is absent or at fault has its default."""

    format: int = FORMAT
    title: str = ""
    timezone: str = TIMEZONE
    framework: str | None = None
    languages: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    base_url: str = ""
    terms: Mapping[str, str] = MappingProxyType({})
    """Which of a framework's words is spoken, by what it names."""
    longest_ignore: str | None = None
    """How far off the end of a comment that ignores something may be, such as `12m`."""

    @property
    def language(self) -> str:
        """The first language: that of plain text, and the one in which rules hold."""
        return self.languages[0] if self.languages else LANGUAGE


def settings(data: dict[str, Any]) -> Settings:
    """The settings in the data of `catalogue.yaml`, whatever its faults."""
    found = Settings()
    number, zone, framework = data.get("format"), data.get("timezone"), data.get("framework")
    title, base_url = data.get("title"), data.get("base_url")
    longest = _map(_map(data.get("settings")).get("ignores")).get("longest")
    terms = _map(_map(data.get("settings")).get("terms"))
    if isinstance(title, dict):
        title = next((text for text in title.values() if isinstance(text, str)), "")
    return found._replace(
        format=number if isinstance(number, int) and not isinstance(number, bool) else FORMAT,
        title=title if isinstance(title, str) else "",
        timezone=zone if isinstance(zone, str) else TIMEZONE,
        framework=framework if isinstance(framework, str) else None,
        languages=_texts(data.get("languages")),
        policies=_texts(data.get("policies")),
        base_url=base_url if isinstance(base_url, str) else "",
        longest_ignore=longest if isinstance(longest, str) else None,
        terms={name: text for name, text in terms.items() if isinstance(text, str)},
    )


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
