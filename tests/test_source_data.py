"""The observed records against the source data: see tests/data/README.md.

Where MCRED_SOURCE_DATA is not set only the maps themselves are looked at, and how the check behaves on data of its own.
"""

import copy
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.data_check import maps, pages, source
from tools.data_check.__main__ import COMMANDS
from tools.data_check.checking import Check
from tools.data_check.drafting import draft
from tools.data_check.maps import Readings
from tools.data_check.pages import Pages
from tools.data_check.plain import Fault, digest, find, leaves, load, segments
from tools.data_check.register import Record, Register, structure
from tools.data_check.source import Entry

ROOT = Path(__file__).resolve().parents[1]
READINGS = Readings.read(ROOT / "tests/data")
MAPS = maps.read(ROOT / "tests/data/map", READINGS)


@pytest.fixture(scope="module")
def the():
    """What `make data-check` compares."""
    folder = os.environ.get(source.VARIABLE)
    if not folder:
        pytest.skip(f"{source.VARIABLE} is not set; it names the folder of the source data")
    regulation = os.environ.get(pages.VARIABLE)
    return Check(
        entries=source.collection(Path(folder)),
        register=Register.read(ROOT / "catalogue"),
        maps=MAPS,
        readings=READINGS,
        pages=Pages.read(Path(regulation) if regulation else None, ROOT / "schemas/frameworks"),
    )


# --- the catalogue ---------------------------------------------------------------------------------------------------


def test_the_observed_records_hold_the_source_data_and_nothing_else(the):
    assert [str(fault) for fault in the.faults()] == []


def test_few_facts_are_left_out_and_each_says_why(the):
    counts = the.counts()
    assert counts.facts == sum(value is not None for entry in the.entries.values() for value in entry.facts().values())
    assert counts.share <= 0.02
    assert all(counts.left_out.values())


@pytest.mark.slow
def test_any_one_fact_that_is_changed_is_found(the):
    """Each leaf of each observed record: changed, and taken out."""
    missed, count = [], 0
    for record in the.register.observed():
        assert next(the.concerning(record.id), None) is None
        for pointer, value in leaves(record.data):
            for changed in changes(value, the.register.records, record):
                count += 1
                if not fails(the, record, replaced(record.data, pointer, changed)):
                    missed.append(f"{record.id} {pointer}: {value!r} as {changed!r}")
            if not fails(the, record, without(record.data, pointer)):
                missed.append(f"{record.id} {pointer} taken out")
    assert missed == []
    assert count > 1000


@pytest.mark.slow
def test_any_fact_that_is_added_is_found(the):
    missed = []
    for record in the.register.observed():
        for key, value in (("remarks", "More."), ("level", 9), ("x-note", "More."), ("codes", [{"value": "1"}])):
            if key not in record.data and not fails(the, record, record.data | {key: value}):
                missed.append(f"{record.id} {key}")
        for pointer, listed in lists(record.data):
            if not fails(the, record, replaced(record.data, pointer, [*listed, copy.deepcopy(listed[-1])])):
                missed.append(f"{record.id} {pointer}: one more")
    assert missed == []


def test_a_record_that_is_gone_is_found(the):
    for record in the.register.observed():
        rest = {id: other for id, other in the.register.records.items() if id != record.id}
        check = Check(the.entries, Register(rest), the.maps, the.readings, the.pages)
        assert next(check.concerning(record.id), None), record.id


def test_an_entry_that_is_gone_and_one_without_a_record_are_found(the):
    for name in the.entries:
        fewer = {key: entry for key, entry in the.entries.items() if key != name}
        assert any(f"no entry '{name}'" in fault.what for fault in Check(fewer, *rest_of(the)).pairs()), name
    more = the.entries | {"nz/new": Entry("nz/new", {"title": "New"}, {}, "2026-11")}
    assert [fault.where for fault in Check(more, *rest_of(the)).pairs()] == ["nz/new"]


@pytest.mark.slow
def test_any_one_fact_of_the_data_that_is_changed_or_added_is_found(the):
    """The other side: a source that is corrected has to reach the record."""
    by_entry = {each.entry: each for each in the.maps.values() if each.entry}
    missed = []
    for name, entry in the.entries.items():
        for pointer, value in entry.facts().items():
            changed = replaced(entry.data, pointer, "Something else" if value is None else other(value))
            new = {**the.entries, name: Entry(name, changed, entry.comments, entry.seen)}
            if not next(Check(new, *rest_of(the)).of_map(by_entry[name]), None) and "left_out" not in way(
                by_entry[name], pointer
            ):
                missed.append(f"{name} {pointer}")
        new = {**the.entries, name: Entry(name, entry.data | {"more": "Something else"}, entry.comments, entry.seen)}
        if not next(Check(new, *rest_of(the)).of_map(by_entry[name]), None):
            missed.append(f"{name} /more")
    assert missed == []


def way(each, pointer):
    return {line.way for at, lines in each.keys.items() if f"{pointer}/".startswith(f"{at}/") for line in lines}


def rest_of(the):
    return the.register, the.maps, the.readings, the.pages


def fails(the, record, data):
    return next(the.changed(record.id, data).concerning(record.id), None) is not None


def changes(value, records, record):
    """What a leaf might be by mistake."""
    yield other(value)
    if isinstance(value, str) and value in records:
        # The likeliest wrong reference is one that this record makes elsewhere.
        beside = {leaf for _, leaf in leaves(record.data) if isinstance(leaf, str) and leaf in records} - {value}
        yield from sorted(beside)
        yield next(
            id for id in sorted(records) if records[id].kind == records[value].kind and id not in {value, *beside}
        )


def other(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        # One character, in the middle: a digit for a digit, a letter for a letter.
        places = [place for place, each in enumerate(value) if each.isalnum()]
        place = places[len(places) // 2]
        return (
            value[:place]
            + ("2" if value[place] in "1o" else "1" if value[place].isdigit() else "o")
            + value[place + 1 :]
        )
    return "Something else"


def replaced(data, pointer, value):
    data = copy.deepcopy(data)
    *parents, last = segments(pointer)
    inner = data
    for part in parents:
        inner = inner[int(part)] if isinstance(inner, list) else inner[part]
    inner[int(last) if isinstance(inner, list) else last] = value
    return data


def without(data, pointer):
    data = copy.deepcopy(data)
    *parents, last = segments(pointer)
    inner = data
    for part in parents:
        inner = inner[int(part)] if isinstance(inner, list) else inner[part]
    del inner[int(last) if isinstance(inner, list) else last]
    return data


def lists(data, pointer=""):
    if isinstance(data, list):
        if data:
            yield pointer, data
        for index, item in enumerate(data):
            yield from lists(item, f"{pointer}/{index}")
    elif isinstance(data, dict):
        for key, item in data.items():
            yield from lists(item, f"{pointer}/{key}")


# --- the maps, with or without the data ------------------------------------------------------------------------------


def test_each_observed_record_has_a_map_and_no_other_has():
    observed = {record.id for record in Register.read(ROOT / "catalogue").observed()}
    assert set(MAPS) == observed


def test_the_map_leads_to_places_that_there_are():
    register = Register.read(ROOT / "catalogue")
    broken = []
    for each in MAPS.values():
        for line in each.lines():
            for id, pointer in () if line.way == "unknown" else line.to:
                try:
                    find(register.records[id].data, pointer)
                except LookupError:
                    broken.append(f"{each.record} {line.at}: {id}#{pointer}")
    assert broken == []


def test_the_maps_are_written_as_the_tool_writes_them():
    for id, each in MAPS.items():
        content = (ROOT / f"tests/data/map/{id}.yaml").read_text(encoding="utf-8")
        assert maps.written(each) == content, f"tests/data/map/{id}.yaml: write it with `accept`"


def test_every_reading_is_used():
    used = {line.way for each in MAPS.values() for line in each.lines()}
    assert set(READINGS.by_id) - used == set()


def test_the_map_holds_no_long_text():
    """Pointers, digests and short reasons: nothing in it is a sentence of the data."""
    allowed = {"left_out", "why"}
    for each in MAPS.values():
        for line in each.lines():
            for key, value in line.raw.items():
                texts = value.values() if key in {"without", "adds"} else [value] if key in allowed else []
                assert all(len(text) <= 160 for text in texts), f"{each.record} {line.at}"


def test_a_map_holds_no_sentence_of_the_data(the):
    content = " ".join(each.read_text(encoding="utf-8") for each in sorted((ROOT / "tests/data").rglob("*.yaml")))
    content = re.sub(r"\s+", " ", content)
    found = [
        f"{name} {pointer}"
        for name, entry in the.entries.items()
        for pointer, value in entry.facts().items()
        if isinstance(value, str) and len(value.split()) > 7 and not source.is_value(pointer)
        if " ".join(value.split()) in content
    ]
    assert found == []


# --- how the check behaves, on data of its own -----------------------------------------------------------------------

DATA = """
kind: micro-credential
register_id: "0123"
title: Looking after a Hedge
level: 3
credits: 4
developer: Hedge Board (with Ditch Board for the ditches)
purpose: Readies people to cut a hedge, as the Hedge Board asked in October 2022.
skills: [Cut a hedge, Lay a hedge]
duration: 6 weeks full time or two to three months part time
hours: null
dates: {launched: "2020"}
source: https://hedge.example/courses/hedge
"""
RECORD = """
id: hedge
title: Looking after a Hedge
title_kind: official
custody: observed
framework: nzqcf
level: 3
credits: 4
duration:
  - {amount: 6, unit: weeks, intensity: full-time}
  - {amount: {min: 2, max: 3}, unit: months, intensity: part-time}
developer: hedge-board
developed_with: [{organisation: {title: Ditch Board}, for: the ditches}]
purpose: {statement: The Hedge Board wanted people to be able to cut hedges.}
evidence_of_need: [{organisation: hedge-board, date: 2022-10}]
outcomes:
  - {id: cut, text: Cut a hedge, includes: [{kind: skill, text: How a hedge is laid}]}
milestones: [{what: Begun in 2020}]
register_entry: {number: "0123"}
unknown: rest
sources: [{id: page, url: "https://hedge.example/courses/hedge", seen: 2026-11}]
"""
BOARD = """
id: hedge-board
title: Hedge Board
custody: observed
website: https://hedge.example/
types: [{type: industry-skills-board, from: 2026-01-01}]
remarks: What it did before is not known.
unknown: rest
sources: [{id: page, url: "https://hedge.example/courses/hedge", seen: 2026-11}]
"""
MAP = """
record: hedge
entry: nz/0123
keys:
  /kind: {as: kind}
  /register_id: {to: /register_entry/number}
  /title: {to: /title}
  /level: {to: /level}
  /credits: {to: /credits}
  /developer:
    - {to: [/developer, /developed_with/0/organisation/title, /developed_with/0/for], as: names}
    - {to: hedge-board#/title, as: name, says: Hedge Board}
  /purpose:
    - {to: /purpose/statement, as: reworded}
    - {to: /evidence_of_need/0/organisation, as: name, says: hedge-board}
    - {to: /evidence_of_need/0/date, as: date, says: 2022-10}
  /skills/0: {to: /outcomes/cut/text}
  /skills/1:
    - {to: /outcomes/cut/includes/0/text, as: reworded}
    - {to: /outcomes/cut/includes/0/kind, as: skill}
  /duration: {to: /duration, as: duration}
  /hours: {unknown: /hours}
  /dates/launched: {to: /milestones/0/what, as: said}
  /source: [{to: /sources/page/url}, {to: hedge-board#/website, as: site}]
leaves:
  /framework: {as: ours, why: The page is one of the authority.}
"""
BOARD_MAP = """
record: hedge-board
leaves:
  /types/0/type: {as: page, page: regulation-x.md, line: LINE}
  /types/0/from: {as: page, page: regulation-x.md, line: LINE}
  /remarks: {as: ours, why: It says what was not seen.}
"""
PAGE = "| The Hedge Board is an industry skills board from 1 January 2026 |"


def small(*, data=DATA, record=RECORD, board=BOARD, map=MAP, board_map=BOARD_MAP, page=PAGE, compared=True):
    """A check of one entry, one record and one organisation."""
    entry = Entry("nz/0123", load(data, "data"), {}, "2026-11")
    records = {
        "hedge": Record("hedge", "micro-credentials", load(record, "hedge")),
        "hedge-board": Record("hedge-board", "organisations", load(board, "hedge-board")),
    }
    board_map = board_map.replace("LINE", digest(PAGE))
    made = {
        id: maps.parse(load(content, id), id, READINGS) for id, content in (("hedge", map), ("hedge-board", board_map))
    }
    if compared:
        sign(made, Entry("nz/0123", load(DATA, "data"), {}, "2026-11"))
    return Check({"nz/0123": entry}, Register(records), made, READINGS, Pages({"regulation-x.md": page}))


def sign(made, entry):
    """What `accept` does for the record and data as they are above."""
    records = {"hedge": load(RECORD, ""), "hedge-board": load(BOARD, "")}
    for each in made.values():
        for at, lines in each.keys.items():
            for line in lines:
                if line.way in maps.COMPARED:
                    values = [find(entry.data, at)[1], *(find(records[id], pointer)[1] for id, pointer in line.to)]
                    line.raw["digests"] = list(map(digest, values))
        for at, line in each.leaves.items():
            line.raw["value"] = digest(find(records[each.record], at)[1])
        each.structure = digest(structure(records[each.record]))


def told(**changed):
    return [f"{fault.where}: {fault.what}" for fault in small(**changed).faults()]


def test_the_small_one_holds():
    assert told() == []
    counts = small().counts()
    assert (counts.facts, counts.values, counts.unstated, counts.left_out) == (12, 7, 1, {})


@pytest.mark.parametrize(
    ("what", "old", "new", "expected"),
    [
        ("record", "level: 3", "level: 4", "map/hedge.yaml: /level: /level is '4', the data has '3'"),
        ("record", "credits: 4", "points: 4", "map/hedge.yaml: /credits: /credits: the record has no such place"),
        (
            "record",
            "credits: 4",
            "credits: 4\nremarks: New.",
            "micro-credentials/hedge: /remarks is 'New.', and no line of",
        ),
        ("record", "id: hedge", "id: hedg", "micro-credentials/hedge: /id is 'hedg', the file's stem is 'hedge'"),
        ("record", "amount: 6", "amount: 5", "map/hedge.yaml: /duration: /duration is"),
        (
            "record",
            "for: the ditches",
            "for: the banks",
            "/developed_with/0/for: the data does not name 'the banks' there",
        ),
        ("record", "date: 2022-10", "date: 2022-11", "/evidence_of_need/0/date is '2022-11', the map says '2022-10'"),
        ("record", "wanted people", "needed people", "/purpose/statement has changed since the texts were compared"),
        ("record", "Begun in 2020", "Begun in 2021", "'2020' of the data is not in the text where the key leads"),
        (
            "record",
            "kind: skill",
            "kind: knowledge",
            "/outcomes/cut/includes/0/kind is 'knowledge', the reading says 'skill'",
        ),
        (
            "record",
            "official",
            "description",
            "micro-credentials/hedge: /title_kind is 'description', the data says 'official'",
        ),
        ("record", "unknown: rest", "unknown: [/entry]", "hedge: `unknown` does not cover /hours"),
        (
            "record",
            "credits: 4",
            "credits: 4\nhours: {total: 40}",
            "hedge#/hours holds a value, which the source does not",
        ),
        ("record", "custody: observed", "custody: own", "map/hedge.yaml: the record is not `custody: observed`"),
        ("record", 'hedge", seen', 'fence", seen', "/sources/0/url is 'https://hedge.example/courses/fence', which no"),
        ("record", "seen: 2026-11", "seen: 2026-10", "/sources/0/seen is not the month of the collection, 2026-11"),
        (
            "board",
            "title: Hedge Board",
            "title: Fence Board",
            "hedge-board#/title is 'Fence Board', the map says 'Hedge Board'",
        ),
        (
            "board",
            "hedge.example/\n",
            "fence.example/\n",
            "hedge-board#/website is 'https://fence.example/', the address",
        ),
        (
            "board",
            "from: 2026-01-01",
            "from: 2026-01-02",
            "map/hedge-board.yaml: /types/0/from: '2026-01-02' has changed",
        ),
        ("data", "credits: 4", "credits: 5", "map/hedge.yaml: /credits: /credits is '4', the data has '5'"),
        ("data", "credits: 4", "points: 4", "map/hedge.yaml: /credits: nz/0123 has no such key"),
        ("data", "credits: 4", "credits: 4\nfee: 3", "map/hedge.yaml: no line says where /fee of nz/0123 went"),
        ("data", "hours: null", "hours: 40", "map/hedge.yaml: /hours: the data has a value here"),
        ("data", "credits: 4", "credits: null", "/credits: the data says that its source does not state this"),
        (
            "data",
            "people to cut",
            "folk to cut",
            "map/hedge.yaml: /purpose: the data's text has changed since the texts",
        ),
        (
            "data",
            "for the ditches",
            "for the ditches and Bank Board",
            "Bank Board is in the data's text and in none of /developer",
        ),
        ("data", "Lay a hedge]", "Lay a hedge, Mow]", "map/hedge.yaml: no line says where /skills/2 of nz/0123 went"),
        ("data", "asked in", "asked Ms Elm in", "'Elm' of the data is not where the key leads"),
        ("page", "1 January", "2 January", "regulation-x.md has no line with the digest"),
        ("map", "as: said}", 'as: said, written: {"2020": then}}', "'2020' is a number: a record carries it as it is"),
        (
            "map",
            "/level: {to: /level}",
            "/level: {left_out: Why not.}",
            "/level: a value is carried as it is, not left_out",
        ),
        ("map", "/level: {to: /level}", "/level: {todo: Look.}", "map/hedge.yaml: /level: Look."),
        ("map", "entry: nz/0123", "entry: nz/0124", "nz/0123: the entry has no record: 'Looking after a Hedge'"),
        ("map", "date, says: 2022-10", "date, says: 2022-11", "'2022-11' is no date in the data's text"),
        ("map", "to: /title}", "to: /titel}", "map/hedge.yaml: /title: /titel: the record has no such place"),
        (
            "map",
            "{to: hedge-board#/title,",
            "{to: hedge-bord#/title,",
            "hedge-bord#/title: there is no record 'hedge-bord'",
        ),
    ],
)
def test_what_is_wrong_is_said(what, old, new, expected):
    text = {"data": DATA, "record": RECORD, "board": BOARD, "map": MAP, "page": PAGE}[what]
    assert old in text
    found = told(**{what: text.replace(old, new, 1)})
    assert any(expected in each for each in found), "\n".join(found)


def test_texts_that_nobody_compared_do_not_hold():
    found = told(compared=False)
    assert "map/hedge.yaml: /purpose: the texts were not compared yet" in found
    assert "map/hedge.yaml: /framework: 'nzqcf' was not yet looked at" in found
    assert any("what holds the record together" in each for each in found)


def test_a_record_without_a_map_is_found():
    check = small()
    del check.maps["hedge-board"]
    assert "organisations/hedge-board: the record has no map" in [
        f"{each.where}: {each.what}" for each in check.faults()
    ]


def test_a_page_that_says_something_else_is_found():
    other = "| The Hedge Board is a council from 1 January 2026 |"
    check = small(page=other, board_map=BOARD_MAP.replace("LINE", digest(other)))
    assert [each.what for each in check.faults()] == [
        "regulation-x.md does not say 'industry-skills-board' in that line"
    ]


def test_pages_that_are_not_there_are_not_asked():
    check = small()
    check = Check(check.entries, check.register, check.maps, check.readings, Pages(None))
    assert list(check.faults()) == []


def test_a_stated_fact_is_never_ours():
    wrong = BOARD_MAP.replace("{as: page, page: regulation-x.md, line: LINE}", "{as: ours, why: So it seems.}")
    found = told(board_map=wrong)
    assert found == [
        "map/hedge-board.yaml: /types/0/from: /types/0/from states a fact; `ours` is for judgements and remarks"
    ]


def test_a_remark_that_names_somebody_new_is_found():
    found = told(board=BOARD.replace("it did before", "it and Mr Elm did before"))
    assert "map/hedge-board.yaml: /remarks: 'Elm' is in neither the data nor the pages on regulation" in found


def test_names_picked_one_by_one_are_all_carried():
    found = told(
        map=MAP.replace(
            "to: [/developer, /developed_with/0/organisation/title, /developed_with/0/for], as: names",
            "to: /developer, as: name, says: hedge-board",
        )
    )
    assert "map/hedge.yaml: /developer: 'Ditch Board ditches' of the data is not where the key leads" in found


def test_more_than_2_in_100_left_out_fails():
    found = told(map=MAP.replace("{to: /outcomes/cut/text}", "[{to: /outcomes/cut/text}, {left_out: A trial.}]"))
    assert found == ["the map: 1 of 5 facts that are not values are left out: 20.0%"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("record: hedge", "record: fence", "tests/data/map/hedge.yaml: `record:` has to be the file's stem, hedge"),
        ("entry: nz/0123\n", "", "tests/data/map/hedge.yaml: entry and keys go together"),
        ("leaves:", "leafs:", "tests/data/map/hedge.yaml: a map has no leafs"),
        ("{to: /level}", "/level", "tests/data/map/hedge.yaml: /level: a line is a mapping, such as {to: /title}"),
        ("{to: /level}", "{to: level}", "/level: 'level' is not a pointer such as /title or other-record#/title"),
        ("{to: /level}", "{too: /level}", "/level: a line `as: same` has no to"),
        ("{to: /level}", "{to: /level, why: x}", "/level: a line `as: same` takes no why"),
        ("{to: /level}", "{to: /level, as: sam}", "/level: as: sam is not one of "),
        ("{to: /level}", "{to: /level, as: reworded, digests: [x]}", "/level: 'x' is no digest of twelve characters"),
        ("{to: /level}", "{left_out: ''}", "/level: left_out says in words why"),
        ("{to: /level}", "[]", "/level: there is no line"),
        (
            "says: 2022-10",
            "says: [2022-10, 2022]",
            "/purpose: says gives one value for each place that the line leads to",
        ),
        ("  /title: {to: /title}", "  /level: {to: /level}", "hedge: line 8: the key '/level' stands there twice"),
    ],
)
def test_a_map_that_is_not_one_says_so(old, new, expected):
    assert old in MAP
    with pytest.raises(Fault) as fault:
        small(map=MAP.replace(old, new, 1))
    assert expected in str(fault.value)


def test_a_map_is_written_as_it_is_read():
    for each in small().maps.values():
        again = maps.parse(load(maps.written(each), "again"), each.record, READINGS)
        assert again == each


def test_the_example_on_the_page_is_a_map():
    page = (ROOT / "tests/data/README.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)[1]
    made = maps.parse(load(example, "example"), "example-record", READINGS)
    assert {line.way for line in made.lines()} >= {"same", "names", "reworded", "said", "unknown", "left_out", "ours"}


def test_the_page_describes_every_way_and_command():
    page = (ROOT / "tests/data/README.md").read_text(encoding="utf-8")
    ways = {*maps.BASE, *maps.LEAVES} - {"unknown", "left_out", "todo"}
    assert [way for way in sorted(ways) if f"| `{way}`" not in page] == []
    assert [name for name in COMMANDS if f"-m tools.data_check {name}" not in page] == []


def test_comments_beside_keys_are_read(tmp_path):
    head = "# Seen in November 2026.\n"
    (tmp_path / source.FILES["nz"]).write_text(
        f'{head}- title: "Hedge # 1"\n  credits: 4   # or 5\n  # not beside a key\n  level: 3\n', encoding="utf-8"
    )
    (tmp_path / source.FILES["intl"]).write_text(f"{head}- id: one\n  title: null\n", encoding="utf-8")
    entries = source.collection(tmp_path)
    assert list(entries) == ["nz/hedge-1", "intl/one"]
    assert entries["nz/hedge-1"].comments == {"/credits#": "or 5"}
    assert entries["nz/hedge-1"].seen == "2026-11"


def test_a_folder_without_the_data_says_so(tmp_path):
    with pytest.raises(Fault, match=r"there is no real-nz-micro-credentials\.yaml"):
        source.collection(tmp_path)


def test_a_draft_matches_values_and_leaves_the_rest_to_do():
    check = small()
    del check.maps["hedge"]
    record, entry = check.register.records["hedge"], check.entries["nz/0123"]
    made = draft(check, record, entry, None)
    again = maps.parse(load(maps.written(made), "again"), "hedge", READINGS)
    assert list(again.keys) == list(entry.facts())
    known = maps.parse(load(MAP, "hedge"), "hedge", READINGS)
    same = [
        at for at, lines in again.keys.items() if [each.raw for each in lines] == [each.raw for each in known.keys[at]]
    ]
    assert {"/kind", "/register_id", "/title", "/level", "/credits", "/duration", "/hours"} <= set(same)
    assert {at for at, line in again.leaves.items() if line.way == "todo"} == {"/framework", "/milestones/0/what"}


def test_a_draft_keeps_what_is_settled():
    check = small()
    record, entry = check.register.records["hedge"], check.entries["nz/0123"]
    assert maps.written(draft(check, record, entry, check.maps["hedge"])) == maps.written(check.maps["hedge"])


def command(*words, **variables):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MCRED_")}
    return subprocess.run(
        [sys.executable, "-m", "tools.data_check", *words],
        cwd=ROOT,
        env={**kept, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_the_data_the_command_says_that_it_checks_nothing():
    done = command()
    assert (
        done.stdout
        == f"data-check: skipped, because {source.VARIABLE} is not set; it names the folder of the source data\n"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert command("entries").returncode == 2


def test_a_variable_that_names_no_data_fails(tmp_path):
    done = command(**{source.VARIABLE: str(tmp_path)})
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no real-nz-micro-credentials.yaml" in done.stderr


def test_the_command_reports_what_it_counted(the):
    done = command(**{name: os.environ[name] for name in (source.VARIABLE, pages.VARIABLE) if name in os.environ})
    counts = the.counts()
    assert done.returncode == 0, done.stdout
    assert f"{len(the.entries)} entries with {counts.facts} facts" in done.stdout
    assert f"{len(counts.left_out)} of the other {counts.rest} facts left out" in done.stdout
    assert done.stdout.endswith("data-check: passed\n")


def test_an_entry_that_is_none_says_so(the):
    done = command("show", "nz/none", **{source.VARIABLE: os.environ[source.VARIABLE]})
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no nz/none" in done.stderr
