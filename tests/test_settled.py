"""The quick look at clauses never passes over one of which the judgement has something to tell.

Records are changed by chance, and each clause that the look calls settled is judged in full. The policy beside New
Zealand's framework has what that has not: tests of every kind, guards that cannot be sure, and clauses that tighten.
"""

import copy
import gc
import json
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from random import Random

import pytest

from mcred.dates import Days
from mcred.diagnostic import Source
from mcred.document import read
from mcred.frameworks import Case, judge, rulebook
from mcred.frameworks.requirements import Missing
from mcred.frameworks.settled import Calendar, worth_judging
from mcred.frameworks.verdicts import Subject, candidates
from mcred.record import Record
from mcred.record.derived import TABLE
from mcred.record.view import View
from mcred.validation import JUDGED, Entry, check_record, load
from mcred.workspace import context
from tests.cases import organisations
from tests.support import ROOT, real_records, register

SILENT = {"met", "not-applicable"}
"""What nothing is told of; an answered or excepted fault is for the judgement to find."""

POLICY = """
id: own-policy
instruments:
  - {id: own, kind: policy, title: Own, editions: [{id: own-2019, from: 2019-05, until: 2023}, {id: own-2024, from: 2024}]}
clauses:
  - {id: codes, instrument: own, governs: content, covered_by: requirement, test: pattern, at: /codes/*/value, pattern: "[0-9]+"}
  - {id: credits, instrument: own, governs: content, covered_by: requirement, test: range, at: /credits, min: 5, max: 40}
  - {id: none, instrument: own, governs: listing, covered_by: requirement, test: present, at: /pathways/cultural, none_counts: true}
  - {id: few, instrument: own, governs: application, covered_by: requirement, test: count, at: /standards, max: 2}
  - {id: words, instrument: own, governs: review, covered_by: requirement, test: forbidden-words, at: /purpose/statement, words: [diploma]}
  - {id: before, instrument: own, governs: listing, covered_by: requirement, test: before, at: /derived/content_approved_on, before: /derived/listed_on, same_day: allowed}
  - {id: year, instrument: own, governs: content, judged_on: value, covered_by: requirement, test: one-of, at: /derived/review_years, one_of: [2, 3]}
  - {id: by, instrument: own, governs: delivery, covered_by: requirement, test: one-of, at: /decisions/*/provider, one_of: [toi-mai]}
  - {id: day, instrument: own, governs: content, covered_by: requirement, test: present, at: /decisions/*/date}
  - {id: help, instrument: own, governs: content, covered_by: requirement, test: present, at: "/outcomes/*/standards/*"}
  - {id: either, instrument: own, governs: content, covered_by: requirement, test: forbidden-words, at_any_of: [/entry, /pathways/community], words: [diploma]}
  - {id: most, instrument: own, governs: content, covered_by: requirement, test: count, at_any_of: [/standards, /codes], max: 1}
  - {id: inner, instrument: own, governs: content, covered_by: requirement, test: present, at: "/outcomes/*/includes/*/text", where: {kind: skill}}
  - {id: of-day, instrument: own, governs: delivery, covered_by: requirement, test: one-of, at: /derived/developer_types, one_of: [private-training-establishment], unless: [{at: /derived/developer_types, one_of: [university]}]}
  - id: contradicted
    instrument: own
    governs: listing
    covered_by: requirement
    test: present
    at: /rights/licence
    when: [{at: /derived/status, one_of: [current]}, {at: /derived/status, one_of: [current, expiring]}]
    unless: [{at: /derived/status, one_of: [current]}]
  - id: guarded
    instrument: own
    governs: content
    covered_by: requirement
    test: one-of
    at: /level
    when: [{at: /derived/status, one_of: [current, expiring]}, {at: /outcomes/*/credits, present: true}]
    unless: [{at: "/evidence_of_need/*/kind", where: {from: iwi}, one_of: [survey]}, {at: /derived/developer, present: false}]
    values: [{edition: own-2019, one_of: [1, 2]}, {edition: own-2024, one_of: [3, 4]}, {edition: own-2024, from: 2025, one_of: unknown}]
  - {id: tighter, tightens: nzqcf.credits, instrument: own, values: [{edition: own-2019, min: 10, max: 20}]}
  - {id: title, tightens: nzqcf.title-words, instrument: own, values: [{edition: own-2024, words: [forest]}]}
"""

OTHER_VALUES = (
    *(None, "", [], {}, "unknown", "rest", {"none": "it is not so"}, 0, 5, 41, True, {"min": 1, "max": 60}, [None]),
    *("2018-08-22", "2023-01", "2023", "nz-2023", "observed", "draft", "Diploma of Example Corporation", ["/level"]),
    *("content-approved", "listed", "excepted", "removed", "current", "school", "iwi", "0123"),
)
DAYS = ("2017-02-03", "2018-08", "2019-05", "2021", "2022-09-01", "2023-01-15", "2024-05-05", "2025", "2027-01-01")


@cache
def books():
    """New Zealand's framework as it is shipped, and with the policy."""
    data = read((ROOT / "schemas/frameworks/nzqcf.yaml").read_bytes()).data
    policy = read(POLICY.encode()).data
    return rulebook(data), rulebook(data, [policy])


def places(value, path=()):
    """Every pointer below a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*path, key)
        yield from places(each, (*path, key))


def changed(data, chance):
    """A record with some values taken out, put in the place of others, or dated otherwise."""
    data = copy.deepcopy(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        *path, last = chance.choice(list(places(data)))
        holder = data
        for part in path:
            holder = holder[part]
        if chance.random() < 0.4:
            del holder[last]
        elif chance.random() < 0.6:
            holder[last] = copy.deepcopy(chance.choice(OTHER_VALUES))
        decisions = data.get("decisions")
        for decision in (each for each in decisions if isinstance(each, dict)) if isinstance(decisions, list) else ():
            if chance.random() < 0.3:
                decision.pop("date", None)
                decision.update(chance.choice([{"date": chance.choice(DAYS)}, {"under": "nz-2023"}, {}]))
        if not data:
            break
    return data


def records(seed, number):
    """Records of the catalogue, as they are and changed by chance."""
    chance = Random(seed)
    every = [
        (path, data)
        for path, text in sorted({**real_records(), **register()}.items())
        if path.startswith("micro-credentials/") and (data := read(text).data) is not None
    ]
    known = context()
    for path, data in chance.choices(every, k=number):
        made = changed(data, chance) if chance.random() < 0.9 else data
        record = load(Entry(Source(path, json.dumps(made).encode()), "micro-credential"), known)
        if record is not None:
            yield record, chance.choice((None, None, date(2021, 5, 1), date(2023, 1, 10)))


@pytest.mark.parametrize(("seed", "number"), [(1, 250), pytest.param(2, 3000, marks=pytest.mark.slow)])
def test_what_is_settled_has_nothing_to_tell(seed, number):
    settled = told = 0
    for record, rules_of in records(seed, number):
        for book in books():
            case = Case(record, book, organisations(), date(2026, 11, 22), rules_of, "en")
            worth = {clause.id for clause in worth_judging(case)}
            for clause in book.clauses:
                if clause.covered_by not in ("requirement", "rule"):
                    assert clause.id not in worth
                elif clause.id in worth:
                    told += 1
                else:
                    settled += 1
                    found = judge(clause, case)
                    verdicts = {found.verdict.verdict, *(verdict.verdict for _, verdict in found.tighter)}
                    assert verdicts <= SILENT, (clause.id, found, record.data)
    assert settled > 10 * number
    assert told > number


def test_of_a_record_without_faults_nothing_is_judged_for_nothing():
    """The look is there to be quick: where it misses what is met, every run takes longer."""
    book, _ = books()
    text = register()["micro-credentials/worked-example.yaml"]
    record = load(Entry(Source("micro-credentials/worked-example.yaml", text), "micro-credential"), context())
    case = Case(record, book, organisations(), date(2026, 11, 22), language="en")
    # A fee above the cap is a fault, until the judgement finds the decision that answers it.
    judged = [(clause.id, judge(clause, case).verdict.verdict) for clause in worth_judging(case)]
    assert judged == [("nzqcf.fee-cap", "excepted")]


def test_an_item_at_fault_may_be_any():
    """A list has nothing in the place of an item at fault; whether a guard holds is not known then."""
    data = {**read(register()["micro-credentials/worked-example.yaml"]).data, "evaluations": [None]}
    case = Case(Record("micro-credential", "x.yaml", data), books()[0], organisations(), date(2026, 11, 22))
    assert "nzqcf.te-hono" in {clause.id for clause in worth_judging(case)}


def asking(*clauses):
    """A framework with one edition, of clauses that ask nothing else than their guards and their test."""
    common = {"instrument": "own", "governs": "content", "covered_by": "requirement", "test": "present", "at": "/level"}
    editions = [{"id": "own-2019", "from": "2019"}]
    data = {"id": "own", "instruments": [{"id": "own", "kind": "rules", "title": "Own", "editions": editions}]}
    return rulebook({**data, "clauses": [{**common, "id": f"c{place}", **each} for place, each in enumerate(clauses)]})


def worth(book, **data):
    """The clauses that are worth judging of a record that was approved."""
    decisions = [{"act": "content-approved", "date": "2024-05-06", "by": "example-qualifications-authority"}]
    record = Record("micro-credential", "x.yaml", {"developer": "example-provider", "decisions": decisions, **data})
    case = Case(record, book, organisations(), date(2026, 11, 22))
    found = worth_judging(case)
    told = [clause for clause in book.clauses if judge(clause, case).verdict.verdict not in SILENT]
    assert found == told  # of these clauses the look sees all
    return [clause.name for clause in found]


def test_one_answer_of_a_guard_tells_of_each_clause_that_has_it():
    old, new = {"at": "/codes/*/scheme", "one_of": ["old"]}, {"at": "/codes/*/scheme", "one_of": ["new"]}
    book = asking(
        {"when": [old]},
        {"unless": [old]},
        {"when": [old, new]},
        {"when": [new], "unless": [old]},
        {},
        {"when": [old], "unless": [old]},
    )
    assert worth(book) == ["c1", "c4"]
    assert worth(book, codes=[{"scheme": "old"}]) == ["c0", "c4"]
    assert worth(book, codes=[{"scheme": "new"}]) == ["c1", "c3", "c4"]
    assert worth(book, codes=[{"scheme": "old"}, {"scheme": "new"}]) == ["c0", "c2", "c4"]
    assert worth(book, codes=[{"scheme": "old"}], level=3) == []


def test_a_clause_with_a_guard_that_nobody_knows_is_judged_unless_another_says_that_it_does_not_apply():
    status, code = {"at": "/derived/developer_types", "one_of": ["school"]}, {"at": "/codes", "present": True}
    book = asking({"when": [status]}, {"when": [status, code]}, {"unless": [status, code]}, {"unless": [code]})
    assert worth(book, developer="nobody-knows", level=3) == ["c0", "c2"]
    assert worth(book, developer="nobody-knows", level=3, codes=["1"]) == ["c0", "c1"]
    assert worth(book, developer="example-provider", level=3, codes=["1"]) == []


INCLUDES = {"at": "/outcomes/*/includes/*/text", "where": {"kind": "skill"}}


@pytest.mark.parametrize(
    ("clause", "data", "told"),
    [
        ({}, {"level": 3}, False),
        ({}, {"level": {"none": "It has none."}}, True),
        ({"none_counts": True}, {"level": {"none": "It has none."}}, False),
        ({}, {"level": 0}, False),
        ({}, {"level": ""}, True),
        ({"at": "/purpose/use"}, {"purpose": "of its own"}, True),
        ({"at": "/purpose/use"}, {"purpose": {"use": ["NZ"]}}, False),
        (INCLUDES, {"outcomes": [{"includes": [{"kind": "skill", "text": "a"}]}, {}]}, False),
        (INCLUDES, {"outcomes": [{"includes": [{"kind": "skill"}]}]}, True),
        (INCLUDES, {"outcomes": [{"kind": "skill", "includes": [{"kind": "knowledge", "text": "a"}]}]}, True),
        ({"at": "/decisions/*/by"}, {}, False),
        ({"at": "/decisions/*/version"}, {}, True),
        ({"at": "/decisions/*/by", "where": {"act": "listed"}}, {}, True),
    ],
)
def test_a_look_reads_the_values_that_the_judgement_reads(clause, data, told):
    assert worth(asking(clause), **data) == ["c0"] * told


class NeverAsked(dict):
    """Derived values of which none is found."""

    def __contains__(self, name):
        raise AssertionError(name)


def test_a_guard_is_not_asked_where_no_clause_hangs_on_it_any_more():
    """A derived value may take long to find: none is found for clauses that do not apply for another reason."""
    derived = {"at": "/derived/next_review", "present": True}
    book = asking(
        {"when": [{"at": "/codes", "present": True}, derived]}, {"unless": [derived], "kinds": ["equivalency"]}
    )
    record = Record("micro-credential", "x.yaml", {"decisions": [{"act": "content-approved", "date": "2024-05-06"}]})
    case = Case(record, book, organisations(), date(2026, 11, 22))
    assert case.stage == "approved"
    case.derived = NeverAsked()
    assert worth_judging(case) == []


def test_what_a_developer_was_is_found_once_for_all_that_it_kept_and_by_the_day_for_what_it_took_over():
    data = read(real_records()["micro-credentials/forest-track-repair.yaml"]).data
    handed_over = [each for each in data["decisions"] if each.get("act") == "transferred"]
    assert handed_over
    kept = {**data, "decisions": [each for each in data["decisions"] if each not in handed_over]}
    for developer in ("example-provider", "example-training-trust", "toi-mai", "nobody-knows"):
        for of in ({**data, "developer": developer}, {**kept, "developer": developer}):
            record = Record("micro-credential", "x.yaml", of)
            case = Case(record, books()[0], organisations(), date(2026, 11, 22))
            for day in (date(2011, 1, 1), date(2022, 5, 6), date(2024, 12, 31), date(2025, 1, 1), date(2026, 2, 3)):
                subject = Subject(Days(day, day), "date", {}, None)
                for name in ("developer", "developer_types"):
                    derived = TABLE[name].derive(View(record, day, case.book.data, organisations()))
                    found = case.derived_value((name,), subject)
                    assert (found.value if found.value != Missing.UNKNOWN else None) == derived.value
                    assert found.pointer == (derived.pointers or (("developer",),))[-1]


def test_days_of_one_moment_have_the_same_editions():
    for book in books():
        clauses = [each for clause in book.clauses for each in (clause, *clause.tightened_by)]
        lines = [line for clause in clauses for line in clause.lines]
        turns = {day for line in lines for days in (line.begins, line.ends) for day in days}
        near = sorted(
            {day + timedelta(days=more) for day in turns - {date.min, date.max} for more in (-2, -1, 0, 1, 2)}
        )
        calendar, known = Calendar(lines), {}
        for first, last in [*pairwise(near), *((day, day) for day in near)]:
            subject = Subject(Days(first, last), "date", {}, None)
            editions = [candidates(clause, subject) for clause in clauses]
            assert known.setdefault(calendar.moment(subject), editions) == editions
        assert len(known) < 2.5 * len(near)


def test_checking_leaves_nothing_that_goes_in_a_circle():
    """A batch runs without the garbage collector, so that whatever points to itself would stay until the end."""
    entries = [
        Entry(Source(path, text), "micro-credential")
        for path, text in register().items()
        if path.startswith("micro-credentials/")
    ]
    known = context()
    assert any(entry.kind in JUDGED for entry in entries)
    for _ in range(2):  # the first time much is made once that stays
        gc.collect()
        gc.disable()
        try:
            for entry in entries:
                check_record(entry, known, date(2026, 11, 22))
            left = gc.collect()
        finally:
            gc.enable()
    assert left == 0
