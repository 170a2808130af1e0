"""Drafts a map by matching values: what a person would do first, and nothing that needs judgement."""

import re
from collections.abc import Iterator
from typing import Any

from . import words
from .checking import Check
from .maps import Line, Map, target
from .plain import expanded, find, leaves, named, same, segments, text, without_indexes
from .register import Record, is_structure
from .source import Entry, is_value
from .ways import Case, Place, names

# Where the value of a key usually is, and where a null one would be.
USUAL = {
    "register_id": ["/register_entry/number"],
    "other_ids": ["/codes/{}/value"],
    "nzsced_label": ["/subjects/0/path/{}"],
    "purpose": ["/purpose/statement"],
    "outcomes": ["/outcomes/{}/text"],
    "employment_pathway": ["/pathways/employment/text"],
    "cultural_pathway": ["/pathways/cultural"],
    "education_pathway/title": ["/pathways/education/{}/target/title"],
    "education_pathway/ref": ["/pathways/education/{}/target/reference"],
    "pathways": ["/pathways/education/{}/target/title"],
    "evidence_of_need": ["/evidence_of_need/0/summary"],
    "entry_requirements": ["/entry/requirements/{}", "/entry/requirements/{}/text", "/entry"],
    "assessment": ["/assessments/0/method"],
    "note": ["/remarks"],
    "notes": ["/remarks"],
    "hours": ["/hours/total"],
    "duration/hours": ["/hours/total", "/duration/0/amount"],
    "provider": ["/offered_by"],
    "short_name": ["/other_titles/0"],
}
_WITH = "/developed_with/[0-9]+/(?:organisation(?:/title)?|for|remarks)"
_OFFER = "/offered_by/[0-9]+/(?:organisation(?:/title)?|remarks)"
_BY = "/(?:decisions|endorsements)/[0-9]+/(?:by|remarks)"
# For keys that name organisations: the leaves to which they lead, the likeliest first.
NAMED = {
    "developer": ["/developer(?:/title)?", "/holder(?:/title)?", _WITH, "/remarks"],
    "provider": [_OFFER, "/decisions/[0-9]+/provider"],
    "providers": [_OFFER, "/decisions/[0-9]+/provider"],
    "quality_assured_by": [_BY],
}
INCLUDED = frozenset("skills knowledge awareness autonomy".split())
REFERRED = frozenset("education_pathway standards proposed_standards_2025_review stacks_into".split())
FLAGS = frozenset({"title_is_description", "title_as_reported"})


def draft(check: Check, record: Record, entry: Entry | None, known: Map | None) -> Map:
    """A map of the record: the lines of the known one, and those that can be guessed."""
    return _Draft(check, record, entry, known or Map(record.id)).made()


class _Draft:
    def __init__(self, check: Check, record: Record, entry: Entry | None, known: Map) -> None:
        self.check, self.record, self.entry, self.known = check, record, entry, known
        self.taken = set(check.accounted(record)) if record.id in check.register.records else set()
        self.elsewhere: set[tuple[str, str]] = set()
        self.map = Map(record.id, entry.name if entry else None, structure=known.structure)

    def made(self) -> Map:
        if self.entry:
            self._keys(self.entry)
        for pointer, value in leaves(self.record.data):
            at = named(self.record.data, pointer)
            if is_structure(self.record.data, pointer):
                continue
            old = self.known.leaves.get(at) or self.known.leaves.get(pointer)
            if old and old.way != "todo":
                self.map.leaves[old.at] = old
            elif pointer not in self.taken:
                self.map.leaves[at] = Line(at, "draft", self._leaf(pointer, value), ())
        return self.map

    def _keys(self, entry: Entry) -> None:
        settled = {at: lines for at, lines in self.known.keys.items() if not any(line.way == "todo" for line in lines)}
        facts: dict[str, Any] = {}
        for pointer, value in entry.facts().items():
            # The subject path goes as a whole: without quotes, commas part its names in other places.
            whole = pointer.startswith("/nzsced_label/")
            facts["/nzsced_label" if whole else pointer] = entry.data["nzsced_label"] if whole else value
        found = self._guessed({pointer: value for pointer, value in facts.items() if not _under(pointer, settled)})
        for pointer, value in facts.items():
            at = _under(pointer, settled) or pointer
            lines = self.map.keys.setdefault(at, list(settled.get(at, ())))
            raws = found.get(pointer, [])
            if raws or at in settled:
                raws = [*raws, *self._beside(pointer, without_indexes(pointer), value)]
            lines += [Line(at, "draft", raw, ()) for raw in raws]
            if not lines:
                lines.append(Line(at, "draft", {"todo": "Nothing in the record has this value."}, ()))
        for at, lines in settled.items():
            self.map.keys.setdefault(at, lines)

    def _guessed(self, facts: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """What has its usual place first, then what is equal, then what is alike: each leaf is taken once."""
        found: dict[str, list[dict[str, Any]]] = {}
        for step in (self._first, self._equal, self._alike):
            for pointer, value in facts.items():
                if pointer not in found and (raws := step(pointer, without_indexes(pointer), value)):
                    found[pointer] = raws
                    self._take(raws)
        return found

    def _take(self, lines: list[dict[str, Any]]) -> None:
        for raw in lines:
            given = raw.get("to", [])
            for each in given if isinstance(given, list) else [given]:
                for one in expanded(each):
                    id, pointer = target(one, self.record.id)
                    if id == self.record.id:
                        found, value = find(self.record.data, pointer)
                        self.taken |= {leaf for leaf, _ in leaves(value, found)}
                    else:
                        self.elsewhere.add((id, pointer))

    # --- keys of an entry --------------------------------------------------------------------------------------------

    def _first(self, pointer: str, kind: str, value: Any) -> list[dict[str, Any]]:
        if value is None:
            return [{"unknown": USUAL.get(kind, [f"/{kind}"])[0] if kind != "hours" else "/hours"}]
        if found := list(self._special(pointer, kind, value)):
            return found
        if found := list(self._readings(kind, value)):
            return found
        index = next((part for part in segments(pointer) if part.isdigit()), "0")
        for usual in (each.format(index) for each in USUAL.get(kind, [])):
            at = self._at(usual)
            if at and at not in self.taken:
                leaf = find(self.record.data, at)[1]
                if same(leaf, value):
                    return [{"to": named(self.record.data, at)}]
                if not is_value(pointer) and isinstance(leaf, str):
                    return [{"to": named(self.record.data, at), "as": "reworded"}]
        return []

    def _equal(self, pointer: str, kind: str, value: Any) -> list[dict[str, Any]]:
        last = kind.rsplit("/", 1)[-1]
        equal = [at for at, leaf in leaves(self.record.data) if at not in self.taken and same(leaf, value)]
        order = sorted(equal, key=lambda at: (segments(at)[-1] != last, at))
        if order and (segments(order[0])[-1] == last or len(text(value)) > 4):
            return [{"to": named(self.record.data, order[0])}]
        return []

    def _alike(self, pointer: str, kind: str, value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, str) or len(value.split()) < 2 or is_value(pointer) or value.startswith("http"):
            return []
        scored = sorted(
            (
                (_likeness(value, leaf), at)
                for at, leaf in leaves(self.record.data)
                if at not in self.taken
                and isinstance(leaf, str)
                and " " in leaf
                and not is_structure(self.record.data, at)
            ),
            reverse=True,
        )
        if scored and scored[0][0] >= 0.3:
            return [{"to": named(self.record.data, scored[0][1]), "as": "reworded"}]
        return []

    def _beside(self, pointer: str, kind: str, value: Any) -> Iterator[dict[str, Any]]:
        """What else this key says: a reading, the site of an address, names of organisations, short words, numbers."""
        if value is None:
            return
        if kind not in INCLUDED:
            yield from self._readings(kind, value)
        if kind in {"source", "also"}:
            yield from self._sites(text(value))
        elif isinstance(value, str):
            yield from self._titles(value)
            yield from self._words(kind, text(value))

    def _sites(self, address: str) -> Iterator[dict[str, Any]]:
        for other in self.check.register.observed():
            website = other.data.get("website")
            if website and "/".join(address.split("/")[:3]) + "/" == website and self._new(other.id, "/website"):
                yield {"to": f"{other.id}#/website", "as": "site"}

    def _titles(self, value: str) -> Iterator[dict[str, Any]]:
        """The titles of organisations that a text names, where no line leads to them yet."""
        for other in self.check.register.observed():
            if other.kind != "organisations":
                continue
            for at, leaf in leaves(other.data):
                titled = segments(at)[0] in {"title", "other_titles"} and words.holds(text(value), text(leaf))
                if titled and self._new(other.id, at):
                    to = f"{other.id}#{at}" if other.id != self.record.id else at
                    yield {"to": to} if same(value, leaf) else {"to": to, "as": "name", "says": leaf}

    def _words(self, kind: str, said: str) -> Iterator[dict[str, Any]]:
        """The numbers, dates, references and short words of a text that the record has in places of their own."""
        counted = set() if kind in NAMED else words.numbers(said)
        for at, leaf in leaves(self.record.data):
            if at in self.taken or is_structure(self.record.data, at):
                continue
            way = None
            if type(leaf) is int and segments(at)[-1] in {"count", "standards_stated"}:
                way = "number" if float(leaf) in counted else None
            elif segments(at)[-1] == "date":
                way = "date" if text(leaf) in words.dates(said) else None
            elif isinstance(leaf, str) and (leaf in self.check.register.records or len(leaf.split()) <= 4):
                named_there = any(words.holds(said, name) for name in self.check.register.names(leaf))
                way = "name" if named_there else None
            if way:
                self.taken.add(at)
                yield {"to": named(self.record.data, at), "as": way, "says": leaf}

    def _new(self, id: str, pointer: str) -> bool:
        """Whether no line leads there yet; from now on one does."""
        led = {place for each in self.check.maps.values() for line in each.lines() for place in line.to}
        if (id, pointer) in led | self.elsewhere:
            return False
        self.elsewhere.add((id, pointer))
        return True

    def _special(self, pointer: str, kind: str, value: Any) -> Iterator[dict[str, Any]]:
        known = self._known(pointer, kind, value)
        if known is not None:
            yield known
        elif kind in NAMED:
            yield from self._names(kind, value)
        elif kind in INCLUDED:
            yield from self._included(kind, value)
        elif kind.split("/", 1)[0] in REFERRED and "/" in kind:
            yield from self._referred(pointer, kind, value)

    def _known(self, pointer: str, kind: str, value: Any) -> dict[str, Any] | None:
        """The line of a key whose value goes to one place in a way of its own."""
        relation = (
            f"/pathways/education/{segments(pointer)[1]}/relation" if kind == "education_pathway/relation" else ""
        )
        table: list[tuple[bool, dict[str, Any]]] = [
            (kind == "kind" and value == "proposed", {"as": "kind", "to": "/stage"}),
            (kind == "kind" and value in {"micro-credential", "group", "equivalency-statement"}, {"as": "kind"}),
            (kind == "id", {"to": "/id"} if value == self.record.id else {"as": "entry"}),
            (kind in FLAGS, {"as": "title-kind", "to": "/title_kind"}),
            (kind == "nzsced_label", {"to": "/subjects/0/path", "as": "joined"}),
            (kind == "duration" and bool(words.durations(text(value))), {"to": "/duration", "as": "duration"}),
            (kind == "providers" and value == [], {"to": "/offered_by"}),
            (bool(relation), {"to": relation, "as": "reworded"}),
        ]
        for holds, raw in table:
            if holds and ("to" not in raw or self._at(raw["to"])):
                return raw
        return None

    def _names(self, kind: str, value: Any) -> Iterator[dict[str, Any]]:
        """The references that together are all of a text with names; those where the key usually leads come first."""
        said = text(value)
        wanted = [re.compile(pattern) for pattern in NAMED[kind]]
        places: list[Place] = []
        for pattern in wanted:
            for pointer, leaf in leaves(self.record.data):
                if not pattern.fullmatch(pointer) or pointer in self.taken or not isinstance(leaf, str):
                    continue
                if any(words.holds(said, name) for name in self.check.register.names(leaf)):
                    trial = [*places, Place(pointer, pointer, leaf)]
                    faults = list(names(Case(value, trial, [], self.check.register)))
                    if not faults or faults[-1].endswith(f"in none of {', '.join(place.name for place in trial)}"):
                        places = trial
                    if not faults:
                        to = [named(self.record.data, place.pointer) for place in places]
                        yield {"to": to[0] if len(to) == 1 else to, "as": "names"}
                        return

    def _included(self, kind: str, value: Any) -> Iterator[dict[str, Any]]:
        word = {"skills": "skill"}.get(kind, kind)
        for pointer, leaf in leaves(self.record.data):
            if re.fullmatch(r"(?:/outcomes/[0-9]+)?/includes/[0-9]+/text", pointer) and pointer not in self.taken:
                beside = pointer.removesuffix("text") + "kind"
                if find(self.record.data, beside)[1] == word:
                    to = named(self.record.data, pointer)
                    yield {"to": to} if same(value, leaf) else {"to": to, "as": "reworded"}
                    yield {"to": to.removesuffix("text") + "kind", "as": word}
                    return

    def _readings(self, kind: str, value: Any) -> Iterator[dict[str, Any]]:
        for id, meant in self.check.readings.by_id.items():
            if meant["key"] != kind or ("value" in meant and text(meant["value"]) != text(value)):
                continue
            objects: dict[str, list[str]] = {}
            for pointer, leaf in leaves(self.record.data):
                parent, _, key = pointer.rpartition("/")
                if key in meant["says"] and same(leaf, meant["says"][key]) and pointer not in self.taken:
                    objects.setdefault(parent, []).append(key)
            best = max(objects, key=lambda parent: len(objects[parent]), default=None)
            if best is not None and (len(objects[best]) * 2 >= len(meant["says"])):
                keys = objects[best]
                at = named(self.record.data, best)
                yield {"as": id, "to": f"{at}/{{{','.join(keys)}}}" if len(keys) > 1 else f"{at}/{keys[0]}"}
                self.taken |= {f"{best}/{key}" for key in keys}

    def _referred(self, pointer: str, kind: str, value: Any) -> Iterator[dict[str, Any]]:
        """A key of an object that tells of another record, to which this one refers."""
        if self.entry is None:
            return
        about = find(self.entry.data, pointer.rpartition("/")[0])[1]
        known = [text(about[key]) for key in ("id", "ref", "title") if key in about]
        last = kind.rsplit("/", 1)[-1]
        wanted = {"id": "number", "ref": "number", "version_seen": "version", "version_source": "url"}.get(last, last)
        for at, leaf in leaves(self.record.data):
            other = self.check.register.records.get(leaf) if isinstance(leaf, str) else None
            if other is None or other.kind not in {"qualifications", "standards"}:
                continue
            if not any(name in known for name in other.names):
                continue
            for place, found in leaves(other.data):
                if same(value, found) and segments(place)[-1] == wanted:
                    yield {"to": f"{other.id}#{named(other.data, place)}"}
                    break
            if last == ("title" if "title" in about else "id"):
                yield {"to": named(self.record.data, at), "as": "names"}
            return

    def _at(self, pointer: str) -> str | None:
        try:
            return find(self.record.data, pointer)[0]
        except LookupError:
            return None

    # --- leaves of the record ----------------------------------------------------------------------------------------

    def _leaf(self, pointer: str, value: Any) -> dict[str, Any]:
        title = self.record.data.get("title") or ""
        if pointer == "/level" and text(value) in words.levels(text(title)):
            return {"as": "level", "of": "/title", "says": value}
        for page in self.check.pages.texts or {}:
            for found, line in self.check.pages.lines(page, []):
                called = [name for name in self.record.names if len(name) > 3]
                if any(words.holds(line, name) for name in called) and not list(
                    self.check.pages.faults(page, [found], self.check.register.names(value))
                ):
                    return {"as": "page", "page": page, "line": found}
        short = f"Where is {text(value)} from?"
        return {"todo": short if len(short) <= 60 else "Where is this from?"}


def _under(pointer: str, settled: dict[str, list[Line]]) -> str | None:
    """The key under which a line already leads this one, itself or one above it."""
    return next((at for at in settled if f"{pointer}/".startswith(f"{at}/")), None)


def _likeness(one: str, other: str) -> float:
    """How many of the longer words two texts share."""
    first, second = ({word for word in words.spoken(each) if len(word) > 3} for each in (one, other))
    return len(first & second) / max(1, min(len(first), len(second)))
