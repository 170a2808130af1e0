"""What a rule is: a function that yields findings, and the register's entry of its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from mcred.diagnostic import RULES, Finding
from mcred.record import Catalogue, Record, View

if TYPE_CHECKING:
    from mcred.record.change import Change


class RecordRule(NamedTuple):
    """A rule that reads one record."""

    name: str
    check: Callable[[Record], Iterator[Finding]]


class DatedRule(NamedTuple):
    """A rule that reads one record as it stands on the day by which is judged; it warns at most."""

    name: str
    check: Callable[[View], Iterator[Finding]]


class CatalogueRule(NamedTuple):
    """A rule that reads all records; its findings say by `path` which file they stand in."""

    name: str
    check: Callable[[Catalogue], Iterator[Finding]]


class DatedCatalogueRule(NamedTuple):
    """A rule that reads all records on the day by which is judged; it warns at most."""

    name: str
    check: Callable[[Catalogue, date], Iterator[Finding]]


class ChangeRule(NamedTuple):
    """A rule that reads all records that a change touched, each before and after.

    Its findings say by `path` which file they stand in: of a record that is gone, the one that it had.
    """

    name: str
    check: Callable[[Sequence[Change]], Iterator[Finding]]


RECORD_RULES: list[RecordRule] = []
DATED_RULES: list[DatedRule] = []
CATALOGUE_RULES: list[CatalogueRule] = []
DATED_CATALOGUE_RULES: list[DatedCatalogueRule] = []
CHANGE_RULES: list[ChangeRule] = []


def record_rule(name: str) -> Callable[[Callable[[Record], Iterator[Finding]]], Callable[[Record], Iterator[Finding]]]:
    """Register a function as the rule of a name that stands in the register of ids."""

    def registered(check: Callable[[Record], Iterator[Finding]]) -> Callable[[Record], Iterator[Finding]]:
        RECORD_RULES.append(RecordRule(RULES[name].name, check))
        return check

    return registered


def dated_rule(name: str) -> Callable[[Callable[[View], Iterator[Finding]]], Callable[[View], Iterator[Finding]]]:
    """Register a function as the rule of a name that stands in the register of ids."""

    def registered(check: Callable[[View], Iterator[Finding]]) -> Callable[[View], Iterator[Finding]]:
        DATED_RULES.append(DatedRule(RULES[name].name, check))
        return check

    return registered


def catalogue_rule(
    name: str,
) -> Callable[[Callable[[Catalogue], Iterator[Finding]]], Callable[[Catalogue], Iterator[Finding]]]:
    """Register a function as the rule of a name that stands in the register of ids."""

    def registered(check: Callable[[Catalogue], Iterator[Finding]]) -> Callable[[Catalogue], Iterator[Finding]]:
        CATALOGUE_RULES.append(CatalogueRule(RULES[name].name, check))
        return check

    return registered


def dated_catalogue_rule(
    name: str,
) -> Callable[[Callable[[Catalogue, date], Iterator[Finding]]], Callable[[Catalogue, date], Iterator[Finding]]]:
    """Register a function as the rule of a name that stands in the register of ids."""

    def registered(
        check: Callable[[Catalogue, date], Iterator[Finding]],
    ) -> Callable[[Catalogue, date], Iterator[Finding]]:
        DATED_CATALOGUE_RULES.append(DatedCatalogueRule(RULES[name].name, check))
        return check

    return registered


def change_rule(
    name: str,
) -> Callable[[Callable[[Change], Iterator[Finding]]], Callable[[Change], Iterator[Finding]]]:
    """Register a function as the rule of a name that stands in the register of ids; it reads one record at a time."""

    def registered(check: Callable[[Change], Iterator[Finding]]) -> Callable[[Change], Iterator[Finding]]:
        def each(changes: Sequence[Change]) -> Iterator[Finding]:
            for change in changes:
                view = change.after or change.before
                for finding in check(change):
                    finding.path = finding.path or (view.record.path if view is not None else None)
                    yield finding

        CHANGE_RULES.append(ChangeRule(RULES[name].name, each))
        return check

    return registered


def commit_rule(
    name: str,
) -> Callable[[Callable[[Sequence[Change]], Iterator[Finding]]], Callable[[Sequence[Change]], Iterator[Finding]]]:
    """Register a function as the rule of a name that stands in the register of ids; it reads all records together."""

    def registered(
        check: Callable[[Sequence[Change]], Iterator[Finding]],
    ) -> Callable[[Sequence[Change]], Iterator[Finding]]:
        CHANGE_RULES.append(ChangeRule(RULES[name].name, check))
        return check

    return registered
