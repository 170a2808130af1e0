"""All records at once, as the rules across records see them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from mcred.record.facts import Facts
from mcred.record.kinds import FRAMEWORK


class Catalogue:
    """The facts of all records, found by id or by an earlier id.

    `frameworks` are the ids of the frameworks shipped with mcred; `files` are the paths below the catalogue's root of
    everything that lies there; `unread` are the texts of files that could not be read as records.
    """

    def __init__(
        self,
        records: Iterable[Facts],
        frameworks: Iterable[str] = (),
        files: Iterable[str] = (),
        unread: Mapping[str, str] | None = None,
    ) -> None:
        self.records = sorted(records, key=lambda facts: facts.path)
        self.frameworks = frozenset(frameworks)
        self.files = frozenset(files)
        self._unread = unread or {}

    @cached_property
    def by_id(self) -> dict[str, list[Facts]]:
        """The records of each id; a record whose id is not its file's name is found by both."""
        found: dict[str, list[Facts]] = {}
        for facts in self.records:
            found.setdefault(facts.id, []).append(facts)
            if facts.stem != facts.id:
                found.setdefault(facts.stem, []).append(facts)
        return found

    @cached_property
    def by_alias(self) -> dict[str, list[Facts]]:
        """The records of each earlier id."""
        found: dict[str, list[Facts]] = {}
        for facts in self.records:
            for _, alias in facts.aliases:
                found.setdefault(alias, []).append(facts)
        return found

    @cached_property
    def ids(self) -> dict[str, list[str]]:
        """The ids of each kind, for did-you-mean."""
        found: dict[str, list[str]] = {FRAMEWORK: sorted(self.frameworks)}
        for facts in self.records:
            found.setdefault(facts.kind, []).append(facts.id)
        return found

    def kinds_of(self, target: str) -> Iterator[str]:
        """The kinds of what an id or an earlier id names; several where an id stands twice."""
        for facts in (*self.by_id.get(target, ()), *self.by_alias.get(target, ())):
            yield facts.kind
        if target in self.frameworks:
            yield FRAMEWORK

    def find(self, target: str) -> Facts | None:
        """The record that an id or an earlier id names."""
        found = self.by_id.get(target) or self.by_alias.get(target)
        return found[0] if found else None

    def may_be_unread(self, target: str) -> bool:
        """Whether a file that could not be read might name this id, as an earlier id of its record."""
        return any(target in text for text in self._unread.values())
