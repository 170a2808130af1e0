"""The standards that a credential uses: whether they can still be used, and whether credits and levels fit."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from mcred.dates import when
from mcred.diagnostic import Finding, Pointer, Related
from mcred.record import Catalogue, Facts
from mcred.record.facts import Use, Version
from mcred.record.ledger import bounds
from mcred.rules.rule import catalogue_rule, dated_catalogue_rule

SOON = timedelta(days=365)
"""Before a standard expires, the time in which what uses it has to change: a change is written, approved and taught."""

FAR = 2
"""Levels from which on a standard is far from the award that asks for it."""


class _Used(NamedTuple):
    """A standard that a record uses: the version that is used, those after it, and the last day on which it can be."""

    facts: Facts
    use: Use
    standard: Facts
    version: Version
    later: tuple[Version, ...]
    until: date | None

    def fate(self, day: date) -> str:
        """What became of the version by a day, in one word; the gravest, so that one finding tells it."""
        if self.until is not None and self.until < day:
            return "expired"
        # A credential that ends no later than its standard needs another one no more.
        if self.until is not None and self.facts.ends and self.facts.ends <= self.until.isoformat():
            return ""
        if self.until is not None and self.until - day <= SOON:
            return "expiring"
        if self.version.replaced_by:
            return "replaced"
        return "old" if self.later else ""

    @property
    def instead(self) -> str:
        """What can be used in its place, as far as the standard's record says."""
        if self.version.replaced_by:
            return "its place is taken by " + ", ".join(f"'{name}'" for name in self.version.replaced_by)
        if self.later:
            return f"version {self.later[-1].version} came after it"
        return "nothing is recorded that takes its place"

    def finding(self, message: str, hint: str) -> Finding:
        """A finding about it, which stands where it is used."""
        pointer = Pointer(self.use.pointer)
        return Finding(
            pointer / ("version" if self.use.version else "id"),
            message,
            hint=hint,
            related=(Related("the standard", Pointer(("versions",)), self.standard.path),),
            path=self.facts.path,
            standard=self.use.standard,
            version=f" version {self.use.version}" if self.use.version else "",
            when=when(self.until or ""),
            instead=self.instead,
        )


def _used(catalogue: Catalogue, day: date, fate: str) -> Iterator[_Used]:
    """The uses of standards with a fate, by credentials that are not over. Copies show only what contradicts itself."""
    today = day.isoformat()
    for facts in catalogue.records:
        if facts.ends and facts.ends < today:
            continue
        for use in facts.uses:
            used = _of(catalogue, facts, use)
            if used is not None and used.fate(day) == fate and (fate == "expired" or not facts.observed):
                yield used


def _of(catalogue: Catalogue, facts: Facts, use: Use) -> _Used | None:
    """What is known of a standard that is used; nothing where the version is not in its record.

    Where no version is said, it is the latest that there is.
    """
    standard = catalogue.find(use.standard)
    known = [each for each in standard.versions if each.status != "proposed"] if standard is not None else []
    places = [place for place, each in enumerate(known) if use.version in ("", each.version)]
    if standard is None or not places:
        return None
    version = known[places[-1]]
    later = tuple(each for each in known[places[-1] + 1 :] if each.version and each.status != "expired")
    return _Used(facts, use, standard, version, later, _until(use, standard, version))


def _until(use: Use, standard: Facts, version: Version) -> date | None:
    """The last day on which a standard can be used: of the version that is used, else of all together."""
    if not use.version:
        return date.fromisoformat(standard.ends) if standard.ends else None
    if version.expires:
        return bounds(version.expires).last
    return date.min if version.status == "expired" else None


@dated_catalogue_rule("standard-expired")
def standard_expired(catalogue: Catalogue, day: date) -> Iterator[Finding]:
    """Nobody can be assessed against a standard that has expired."""
    for used in _used(catalogue, day, "expired"):
        yield used.finding(
            "standard '{standard}'{version} expired {when}; {instead}",
            "use one that holds; where the content is approved, that is a change to apply for",
        )


@dated_catalogue_rule("standard-expiring")
def standard_expiring(catalogue: Catalogue, day: date) -> Iterator[Finding]:
    """A change of standards takes months, so it begins before they expire."""
    for used in _used(catalogue, day, "expiring"):
        yield used.finding(
            "standard '{standard}'{version} expires {when}; {instead}",
            "plan a change to what can be used after that day",
        )


@dated_catalogue_rule("standard-replaced")
def standard_replaced(catalogue: Catalogue, day: date) -> Iterator[Finding]:
    """A standard with another number has taken the place of the one that is used, which still holds for a while."""
    for used in _used(catalogue, day, "replaced"):
        yield used.finding(
            "standard '{standard}'{version} still holds, but {instead}",
            "use the new one with the next change of this credential",
        )


@dated_catalogue_rule("standard-version-old")
def standard_version_old(catalogue: Catalogue, day: date) -> Iterator[Finding]:
    """There is a later version of a standard than the one that is used."""
    for used in _used(catalogue, day, "old"):
        yield used.finding(
            "standard '{standard}'{version} is not the latest; {instead}",
            "use the later version with the next change of this credential",
        )


def _known(catalogue: Catalogue, facts: Facts, use: Use, what: Callable[[Version], float | None]) -> list[float]:
    """A number of the version of a standard that is used, or of all that it may be; none where one is not known."""
    standard = catalogue.find(use.standard)
    if standard is None or not facts.framework or standard.framework != facts.framework:
        return []
    versions = [each for each in standard.versions if each.status != "proposed" and use.version in ("", each.version)]
    values = [value for each in versions if (value := what(each)) is not None]
    return values if len(values) == len(versions) else []


@catalogue_rule("standards-exceed-credits")
def standards_exceed_credits(catalogue: Catalogue) -> Iterator[Finding]:
    """What every learner has to achieve is no more than the award gives credit for."""
    for facts in catalogue.records:
        compulsory = [use for use in facts.uses if use.compulsory]
        known = (_known(catalogue, facts, use, lambda version: version.credits) for use in compulsory)
        sum_of = sum(min(credits, default=0) for credits in known)
        if facts.credits is not None and sum_of > facts.credits:
            yield Finding(
                Pointer(("credits",)),
                "'credits' is {credits}, and the compulsory standards come to {sum_of} credits",
                hint="put right the number that is wrong, or make a standard elective with `compulsory: false`",
                path=facts.path,
                credits=f"{facts.credits:g}",
                sum_of=f"{sum_of:g}",
            )


@catalogue_rule("level-far-from-standards")
def level_far_from_standards(catalogue: Catalogue) -> Iterator[Finding]:
    """An award is at about the level of the standards that every learner has to achieve."""
    for facts in catalogue.records:
        if facts.level is None or facts.observed:
            continue
        for use in (use for use in facts.uses if use.compulsory):
            levels = _known(catalogue, facts, use, lambda version: version.level)
            nearest = min(((abs(each - facts.level), each) for each in levels), default=None)
            if nearest is not None and nearest[0] >= FAR:
                yield Finding(
                    Pointer(use.pointer) / "id",
                    "standard '{standard}' is at level {of_standard}, and the award that asks for it at level {level}",
                    hint="check both levels; a standard so far off may be the wrong one",
                    related=(Related("the level of the award", Pointer(("level",))),),
                    path=facts.path,
                    standard=use.standard,
                    of_standard=nearest[1],
                    level=facts.level,
                )
