"""The check itself: maps, source data and records in, faults and counts out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from . import words
from .maps import COMPARED, Line, Map, Readings
from .pages import Pages
from .plain import digest, find, leaves, named, text, without_indexes, words_of
from .register import PRINCIPAL, Record, Register, is_structure, structure
from .source import Entry, is_value
from .ways import WAYS, Case, Place, covered, reading, show

SHARE = 0.02
KINDS = {
    "micro-credential": {"micro-credentials"},
    "regional micro-qualification": {"micro-credentials", "groups"},
    "group": {"groups"},
    "equivalency-statement": {"equivalencies"},
    "proposed": {"micro-credentials", "groups"},
}
# Ways of which one carries the whole of a value.
WHOLE = frozenset("same names joined range kind entry site title-kind left_out todo".split())
# What `ours` may never account for: facts that somebody else has to have stated.
STATED = frozenset(
    "title other_titles number value level credits total amount date count version expires next_review".split()
)
_DATE = re.compile("[0-9]{4}(?:-[0-9]{2}){0,2}")


@dataclass(frozen=True)
class Found:
    """One thing that is wrong, and what to do about it."""

    where: str
    what: str
    do: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f"\n    {self.do}" if self.do else "")


@dataclass
class Counts:
    facts: int = 0
    values: int = 0
    unstated: int = 0
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def rest(self) -> int:
        return self.facts - self.values

    @property
    def share(self) -> float:
        return len(self.left_out) / self.rest if self.rest else 0.0


@dataclass(frozen=True)
class Check:
    entries: dict[str, Entry]
    register: Register
    maps: dict[str, Map]
    readings: Readings
    pages: Pages

    def changed(self, id: str, data: dict[str, Any]) -> "Check":
        """The same check with other data in one record."""
        other = Check(self.entries, self.register.changed(id, data), self.maps, self.readings, self.pages)
        # What does not come from records is found once.
        other.__dict__.update(_leading=self._leading, _known=self._known)
        return other

    # --- all of it ---------------------------------------------------------------------------------------------------

    def faults(self) -> Iterator[Found]:
        yield from self.pairs()
        for id in sorted({*self.maps, *(record.id for record in self.register.observed())}):
            yield from self.of_record(id)
        counts = self.counts()
        if counts.share > SHARE:
            what = f"{len(counts.left_out)} of {counts.rest} facts that are not values are left out: {counts.share:.1%}"
            yield Found("the map", what, "At most 2 in 100 may be: lead some of them to a record.")

    def concerning(self, id: str) -> Iterator[Found]:
        """What is wrong with one record, its map, and the lines of other maps that lead to it."""
        yield from self.of_record(id)
        yield from self.pairs()
        for other in self._leading.get(id, []):
            if other.record != id:
                yield from self.of_map(other, only=id)

    def counts(self) -> Counts:
        counts = Counts()
        for entry in self.entries.values():
            for pointer, value in entry.facts().items():
                if value is None:
                    counts.unstated += 1
                else:
                    counts.facts += 1
                    counts.values += is_value(pointer)
        for each in self.maps.values():
            for at, lines in each.keys.items():
                for line in lines:
                    if line.way == "left_out":
                        counts.left_out[f"{each.entry} {at}"] = line.raw["left_out"]
                    for word, why in line.raw.get("without", {}).items():
                        counts.left_out[f"{each.entry} {at} '{word}'"] = why
        return counts

    def pairs(self) -> Iterator[Found]:
        """Each entry has one record, each record of what an entry can be has one entry."""
        having: dict[str, str] = {}
        for each in self.maps.values():
            if each.entry is None:
                continue
            if each.entry not in self.entries:
                what = f"the data has no entry '{each.entry}'"
                yield Found(_file(each.record), what, "`entries` lists those that it has.")
            elif each.entry in having:
                yield Found(_file(each.record), f"{each.entry} is the entry of {having[each.entry]} already")
            having[each.entry] = each.record
        for name, entry in self.entries.items():
            if name not in having:
                what = f"the entry has no record: {show(entry.data.get('title') or name)}"
                yield Found(name, what, f"Write the record, then draft its map: draft RECORD {name}")
        for record in self.register.observed():
            leading = self._leading.get(record.id, [])
            if record.kind in PRINCIPAL and record.id in self.maps and not any(each.entry for each in leading):
                what = "an observed record of this kind is that of an entry, or a key of one leads to it; none is named"
                yield Found(_file(record.id), what, f"draft {record.id} ENTRY")

    @cached_property
    def _leading(self) -> dict[str, list[Map]]:
        found: dict[str, list[Map]] = {}
        for each in self.maps.values():
            for id in {record for line in each.lines() for record, _ in line.to}:
                found.setdefault(id, []).append(each)
            for line in each.leaves.values():
                if "of" in line.raw and "#" in line.raw["of"]:
                    found.setdefault(line.raw["of"].partition("#")[0], []).append(each)
        return found

    @cached_property
    def _known(self) -> frozenset[str]:
        """All words of the data, of the pages on regulation."""
        said = [words_of(entry.data) for entry in self.entries.values()]
        said += [comment for entry in self.entries.values() for comment in entry.comments.values()]
        return self.pages.words.union(*map(words.spoken, said))

    # --- one record --------------------------------------------------------------------------------------------------

    def of_record(self, id: str) -> Iterator[Found]:
        record = self.register.records.get(id)
        if record is None or not record.observed:
            what = "there is no such record" if record is None else "the record is not `custody: observed`"
            yield Found(_file(id), what, "Take the map away, or write the record.")
            return
        if id not in self.maps:
            yield Found(f"{record.kind}/{id}", "the record has no map", f"draft {id}, with its entry if it has one")
            return
        yield from self.of_map(self.maps[id])
        yield from self._structure(record)
        accounted = set(self.accounted(record))
        for pointer, value in leaves(record.data):
            if pointer not in accounted and not is_structure(record.data, pointer):
                what = f"{named(record.data, pointer)} is {show(value)}, and no line of the map says where that is from"
                do = "Lead a key of the data to it, say what it follows from in `leaves`, or take it out of the record."
                yield Found(f"{record.kind}/{id}", what, do)

    def accounted(self, record: Record) -> Iterator[str]:
        for each in self._leading.get(record.id, []):
            for line in each.lines():
                for id, pointer in line.to:
                    if id != record.id or line.way in {"unknown", "left_out", "todo"}:
                        continue
                    try:
                        at, value = find(record.data, pointer)
                    except LookupError:
                        continue
                    yield from covered(line.way, Place(pointer, at, value))

    def _structure(self, record: Record) -> Iterator[Found]:
        where = f"{record.kind}/{record.id}"
        each = self.maps[record.id]
        if record.data.get("id") != record.id:
            yield Found(where, f"/id is {show(record.data.get('id'))}, the file's stem is '{record.id}'")
        entries = [
            self.entries[other.entry] for other in self._leading.get(record.id, []) if other.entry in self.entries
        ]
        addresses = {url for entry in entries for url in entry.addresses()}
        seen = {entry.seen for entry in self.entries.values()}
        for index, source in enumerate(record.data.get("sources") or []):
            url = source.get("url") if isinstance(source, dict) else None
            if url is not None and url not in addresses and not self.pages.address(url):
                do = "Its address has to be that of an entry that leads to the record, or of a regulation page."
                yield Found(where, f"/sources/{index}/url is {show(url)}, which no such entry has", do)
            if isinstance(source, dict) and source.get("seen", min(seen)) not in seen:
                yield Found(
                    where, f"/sources/{index}/seen is not the month of the collection, {', '.join(sorted(seen))}"
                )
        entry, kind = self.entries.get(each.entry or ""), record.data.get("title_kind", "official")
        if entry and kind not in _title_kinds(entry):
            yield Found(where, f"/title_kind is '{kind}', the data says '{_title_kinds(entry)[0]}'")
        if each.structure != digest(structure(record.data)):
            what = "what holds the record together (ids, custody, unknown, sources) was not looked at as it is now"
            yield Found(where, what, f"Look at it, then: accept {record.id}")

    # --- one map -----------------------------------------------------------------------------------------------------

    def of_map(self, each: Map, only: str | None = None) -> Iterator[Found]:
        """What is wrong with a map's lines; with `only`, with those that have to do with that record."""
        entry = self.entries.get(each.entry or "")
        if entry:
            facts = entry.facts()
            for at, lines in each.keys.items():
                where = f"{_file(each.record)}: {at}"
                try:
                    value = entry.comments[at] if at.endswith("#") else find(entry.data, at)[1]
                except LookupError:
                    yield Found(where, f"{each.entry} has no such key", "Take the line out: the data has changed.")
                    continue
                yield from self._key(each, entry, at, value, [line for line in lines if _concerns(line, only)])
            if only is None:
                led = set(each.keys)
                for pointer in facts:
                    if not any(pointer == at or pointer.startswith(f"{at}/") for at in led):
                        what = f"no line says where {pointer} of {each.entry} went"
                        yield Found(_file(each.record), what, f"Add a line, or draft {each.record} anew.")
        for at, line in each.leaves.items():
            if _concerns(line, only) or (only and str(line.raw.get("of", "")).startswith(f"{only}#")):
                yield from (self._located(f"{_file(each.record)}: {at}", self._leaf(each, line)))

    def _located(self, where: str, faults: Iterable[tuple[str, str]]) -> Iterator[Found]:
        for what, do in faults:
            yield Found(where, what, do)

    def _key(self, each: Map, entry: Entry, at: str, value: Any, lines: list[Line]) -> Iterator[Found]:
        where = f"{_file(each.record)}: {at}"
        if lines and value is not None and not at.endswith("#") and is_value(at):
            ways = {line.way for line in each.keys[at]}
            if ways <= {"reworded", "left_out", "unknown"}:
                yield Found(where, f"a value is carried as it is, not {' and '.join(sorted(ways))}")
        if lines and isinstance(value, str):
            ways = {line.way for line in each.keys[at]}
            if not ways & (WHOLE | COMPARED) and not ways & set(self.readings.by_id):
                rest = text(value)
                for line in each.keys[at]:
                    rest = self._without(line, rest)
                if over := words.left(rest):
                    what = f"'{' '.join(over)}' of the data is not where the key leads"
                    yield Found(where, what, "Lead it to a place of its own, or say it there: {to: …, as: reworded}.")
        for line in lines:
            yield from self._located(where, self._line(each, entry, line, value))

    def _without(self, line: Line, rest: str) -> str:
        """The text without what a line picks out of it."""
        if line.way == "duration":
            return words.DURATION.sub(" ", rest).replace(" or ", " ")
        for says in line.raw["says"] if isinstance(line.raw.get("says"), list) else [line.raw.get("says")]:
            called = [text(says)] if line.way != "name" else self.register.names(says)
            rest = next((words.take(rest, name) for name in called if words.holds(rest, name)), rest)
        return rest

    def _line(self, each: Map, entry: Entry, line: Line, value: Any) -> Iterator[tuple[str, str]]:
        if line.way == "todo":
            yield line.raw["todo"], "Say where it went."
            return
        if line.way == "unknown":
            yield from self._unknown(each, line, value)
            return
        if line.way != "left_out" and value is None and line.way != "title-kind":
            yield "the data says that its source does not state this", "The line is then {unknown: /…}."
            return
        if line.way == "left_out":
            return
        try:
            places = [self._place(each, *place) for place in line.to]
        except LookupError as fault:
            yield fault.args[0], "The record has changed: lead the key to where its value now is."
            return
        if line.way == "entry":
            if text(value) != entry.name.partition("/")[2]:
                yield "this is not the name of the entry", ""
        elif line.way == "kind":
            yield from self._kind(each, value, places)
        elif line.way in COMPARED:
            yield from self._reworded(each, entry, line, value, places)
        else:
            yield from self._way(line, value, places, _title_kinds(entry)[0])

    def _way(self, line: Line, value: Any, places: list[Place], titles: str = "") -> Iterator[tuple[str, str]]:
        says = line.raw.get("says", [])
        case = Case(value, places, says if isinstance(says, list) else [says], self.register, titles)
        if line.way in WAYS:
            for what in WAYS[line.way](case):
                yield what, "Set the record right, or the map."
            return
        meant = self.readings.by_id[line.way]
        at = without_indexes(line.raw.get("of", line.at).rpartition("#")[2])
        if at != meant["key"] or ("value" in meant and text(meant["value"]) != text(value)):
            only = f" = {text(meant['value'])}" if "value" in meant else ""
            yield f"the reading '{line.way}' is one of {meant['key']}{only}, not of {at} = {show(value)}", ""
        for what in reading(case, meant["says"]):
            yield what, "Set the record right, or the reading in tests/data/readings.yaml."

    def _place(self, each: Map, id: str, pointer: str) -> Place:
        name = pointer if id == each.record else f"{id}#{pointer}"
        if id not in self.register.records:
            raise LookupError(f"{name}: there is no record '{id}'")
        try:
            at, value = find(self.register.records[id].data, pointer)
        except LookupError:
            raise LookupError(f"{name}: the record has no such place") from None
        return Place(name, at, value)

    def _unknown(self, each: Map, line: Line, value: Any) -> Iterator[tuple[str, str]]:
        if value is not None:
            yield "the data has a value here", "Lead it to the record: {to: /…}."
        for id, pointer in line.to:
            record = self.register.records.get(id)
            if record is None:
                yield f"there is no record '{id}'", ""
                continue
            unknown = record.data.get("unknown", [])
            try:
                find(record.data, pointer)
                if pointer != "/title" or record.data.get("title_kind") != "description":
                    yield f"{id}#{pointer} holds a value, which the source does not state", "Take it out of the record."
            except LookupError:
                covers = unknown == "rest" or any(f"{pointer}/".startswith(f"{each}/") for each in unknown)
                if not covers:
                    yield f"{id}: `unknown` does not cover {pointer}", "Add it there, or say `unknown: rest`."

    def _kind(self, each: Map, value: Any, places: list[Place]) -> Iterator[tuple[str, str]]:
        kind = self.register.records[each.record].kind
        if kind not in KINDS.get(str(value), set()):
            yield f"the data says that it is '{value}', the record is in {kind}/", ""
        if value == "proposed" and not places:
            yield "a proposed one has a stage: no place is named", "{as: kind, to: /stage}"
        for place in places:
            if place.pointer != "/stage" or place.value != "proposed" or value != "proposed":
                yield f"{place.name} is {show(place.value)}, the data says '{value}'", ""

    def _reworded(
        self, each: Map, entry: Entry, line: Line, value: Any, places: list[Place]
    ) -> Iterator[tuple[str, str]]:
        digests = [digest(value), *(digest(place.value) for place in places)]
        known = line.raw.get("digests", [])
        review = f"Compare the two: review {each.record}; then: accept {each.record} {line.at}"
        if not known:
            yield "the texts were not compared yet", review
        elif len(known) != len(digests):
            yield (
                f"the line leads to {len(places)} places and has {len(known)} digests in place of {len(digests)}",
                review,
            )
        else:
            names = ["the data's text", *(place.name for place in places)]
            for now, then, name in zip(digests, known, names, strict=True):
                if now != then:
                    yield f"{name} has changed since the texts were compared", review
        if line.way == "said":
            said = words.folded(" / ".join(words_of(place.value) for place in places))
            for _, leaf in leaves(value):
                number = isinstance(leaf, int | float) and float(leaf) in words.numbers(said)
                if (
                    not number
                    and text(leaf) not in words.dates(said)
                    and not words.holds(said, words.folded(text(leaf)))
                ):
                    yield f"{show(leaf)} of the data is not in the text where the key leads", "Carry it word for word."
        yield from self._words(each, entry, line, value, places)

    def _words(self, each: Map, entry: Entry, line: Line, value: Any, places: list[Place]) -> Iterator[tuple[str, str]]:
        without = {words.plain(part) for word in line.raw.get("without", {}) for part in word.split("-")}
        carried = words.spoken(self._carried(each, line.at)) | without
        writes = {
            words.plain(part): other for word, other in line.raw.get("written", {}).items() for part in word.split("-")
        }
        said = words.salient(words_of(value))
        for low, word in said.items():
            if low in writes and any(map(str.isdigit, low)):
                yield f"'{word}' is a number: a record carries it as it is", "Say it there, or leave the word out."
            elif low in writes:
                missing = [part for part in words.spoken(writes[low]) - carried if part]
                if missing:
                    yield f"'{word}' of the data would be '{writes[low]}', which the record does not say", ""
            elif low not in carried:
                do = "Carry it, or say `written: {Word: other}`, or `without: {Word: why}`, which counts as left out."
                yield f"'{word}' of the data is not where the key leads", do
        for extra in {*without, *writes} - {words.plain(low) for low in said}:
            yield f"the data's text has no '{extra}' to leave out or to write otherwise", ""
        known = words.spoken(self._stated(entry)) | {words.plain(word) for word in line.raw.get("adds", {})}
        for place in places:
            for low, word in words.salient(words_of(place.value)).items():
                if low not in known:
                    do = "Take it out, or say `adds: {Word: why}`."
                    yield f"'{word}' in {place.name} is nowhere in the entry", do

    def _carried(self, each: Map, at: str) -> str:
        """What the places say to which this key leads, and the places to which the entry's other keys do."""
        return self._spoken(
            each.record, tuple(place for lines in each.keys.values() for line in lines for place in line.to)
        )

    def _spoken(self, id: str, places: tuple[tuple[str, str], ...]) -> str:
        found = []
        for record, pointer in dict.fromkeys(places):
            try:
                found.append(self.register.says(record, pointer))
            except LookupError:
                continue
        return " / ".join(found)

    def _stated(self, entry: Entry) -> str:
        """All that the entry says, with what the organisations that its record names are called otherwise."""
        said = " / ".join([words_of(entry.data), *entry.comments.values()])
        called = [
            name
            for record in self.register.records.values()
            if record.kind == "organisations" and any(name in said and words.holds(said, name) for name in record.names)
            for name in record.names
        ]
        return " / ".join([said, *called])

    def _leaf(self, each: Map, line: Line) -> Iterator[tuple[str, str]]:
        if line.way == "todo":
            yield line.raw["todo"], "Say what it follows from, or lead a key of the data to it."
            return
        try:
            place = self._place(each, each.record, line.at)
            given = self._place(each, *_of(line.raw["of"], each.record)) if "of" in line.raw else None
        except LookupError as fault:
            yield fault.args[0], "The record has changed: take the line out, or set it right."
            return
        if given is not None:
            yield from self._way(line, given.value, [place])
            return
        if line.way == "ours" and _states(line.at, place.value):
            yield f"{line.at} states a fact; `ours` is for judgements and remarks", "Say where it is from."
        if line.raw.get("value") != digest(place.value):
            known = "value" in line.raw
            what = f"{show(place.value)} {'has changed since' if known else 'was not yet'} looked at"
            yield what, f"Look at it: review {each.record}; then: accept {each.record} {line.at}"
        if line.way in {"ours", "page-text"}:
            yield from self._new_words(line, place)
        if line.way in {"page", "page-text"}:
            said = line.raw["line"] if isinstance(line.raw["line"], list) else [line.raw["line"]]
            called = self.register.names(place.value) if line.way == "page" else []
            for what in self.pages.faults(line.raw["page"], said, called):
                yield what, "`lines PAGE WORD…` shows a page's lines and their digests."

    def _new_words(self, line: Line, place: Place) -> Iterator[tuple[str, str]]:
        if self.pages.texts is None:
            return
        adds = {words.plain(word) for word in line.raw.get("adds", {})}
        for low, word in words.salient(words_of(place.value)).items():
            if low not in self._known and low not in adds:
                what = f"'{word}' is in neither the data nor the pages on regulation"
                yield what, "Take it out, or say `adds: {Word: why}`."


def _states(at: str, value: Any) -> bool:
    """Whether a leaf is a fact that somebody else has to have stated."""
    keys = without_indexes(at).split("/")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return keys[-1] in STATED or number or _DATE.fullmatch(text(value)) is not None


def _of(pointer: str, own: str) -> tuple[str, str]:
    id, _, rest = pointer.rpartition("#")
    return id or own, rest


def _concerns(line: Line, only: str | None) -> bool:
    return only is None or any(record == only for record, _ in line.to)


def _file(id: str) -> str:
    return f"map/{id}.yaml"


def _title_kinds(entry: Entry) -> list[str]:
    """What a title may be: without a flag it is official, or reported where somebody else's page has it."""
    if entry.data.get("title_is_description") or entry.data.get("title") is None:
        return ["description"]
    return ["reported"] if entry.data.get("title_as_reported") else ["official", "reported"]
