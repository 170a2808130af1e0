"""What follows from a record and a day: the cases of `tests/derived`, and laws that hold for every record.

A case is data: `record` (what it has besides an id, a title and a framework) and `decisions`; `kind` where it is no
micro-credential; `as_of`, or every day there is; `head` and `organisations` where those of `world.yaml` will not do.
It tells the derived values in `expect`, in `from` where they come from, in `uncertain` which of those expected may be
otherwise (the others may not), and in `absent` which the kind does not have. `asked` asks the same record on several
days. Nothing here was taken from the program's answers: whoever changes an expectation changes what mcred means.
"""

import copy
import json
from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pytest
from hypothesis import strategies as st

from mcred.diagnostic import Source
from mcred.document import read
from mcred.record import KINDS, TABLE, Record, View, derive
from mcred.record.derived import EVERY, schema
from mcred.validation import Entry, load
from tests.support import CATALOGUE, ROOT, context, holds, kind_of, mcred, real_records

FOLDER = Path(__file__).parent / "derived"
KEYS = {"name", "kind", "record", "decisions", "head", "organisations", "asked"}
ASKED = {"as_of", "expect", "from", "uncertain", "absent"}


def loaded(path):
    document = read(path.read_bytes())
    assert not document.faults, (path.name, [fault.message for fault in document.faults])
    return document.data


WORLD = loaded(FOLDER / "world.yaml")
FILES = {path.stem: loaded(path) for path in sorted(FOLDER.glob("*.yaml")) if path.stem != "world"}
CASES = [(stem, case) for stem, file in FILES.items() for case in file["cases"]]


def data_of(case):
    data = {"id": "a-case", "title": "A Case", "framework": "nzqcf"} | case.get("record", {})
    if case.get("kind") == "organisation":
        del data["framework"]
    if case.get("kind") == "standard":
        del data["title"]
    return data | ({"decisions": case["decisions"]} if "decisions" in case else {})


def day(text):
    return date.fromisoformat(text) if text else date.max


def view_of(case, as_of=date.max):
    kind = case.get("kind", "micro-credential")
    record = Record(kind, f"{KINDS[kind]}/a-case.yaml", data_of(case))
    organisations = WORLD["organisations"] | case.get("organisations", {})
    return View(record, as_of, case.get("head", WORLD["head"]), organisations)


QUESTIONS = [
    pytest.param(case, asked, id=f"{stem}: {case['name']}" + (f" ({asked['as_of']})" if "as_of" in asked else ""))
    for stem, case in CASES
    for asked in case.get("asked", [case])
]


@pytest.mark.parametrize(("case", "asked"), QUESTIONS)
def test_case(case, asked):
    derived = derive(view_of(case, day(asked.get("as_of"))))
    expect = asked.get("expect", {})

    assert {name: derived[name].value for name in expect} == expect
    assert [name for name in expect if derived[name].uncertain] == asked.get("uncertain", [])
    assert {name: [str(pointer) for pointer in derived[name].pointers] for name in asked.get("from", {})} == asked.get(
        "from", {}
    )
    assert not set(asked.get("absent", [])) & set(derived)


# --- the cases themselves --------------------------------------------------------------------------------------------


def test_there_are_many_cases_each_with_a_name_of_its_own():
    names = [(stem, case["name"]) for stem, case in CASES]

    assert len(set(names)) == len(names) >= 100


@pytest.mark.parametrize(("stem", "case"), CASES)
def test_a_case_has_no_misspelt_key(stem, case):
    asked = case.get("asked", [case])

    assert set(case) <= (KEYS if "asked" in case else KEYS | ASKED)
    assert all(set(each) <= (ASKED if "asked" in case else KEYS | ASKED) for each in asked)
    assert all(each.get("expect") or each.get("absent") for each in asked)
    for each in asked:
        names = {*each.get("expect", {}), *each.get("from", {}), *each.get("uncertain", []), *each.get("absent", [])}
        assert names <= set(TABLE)
        assert set(each.get("uncertain", [])) <= set(each.get("expect", {}))


@pytest.mark.parametrize(("stem", "case"), CASES)
def test_a_case_is_a_record_that_could_be_written(stem, case):
    faults = context().schemas.shape(case.get("kind", "micro-credential")).valid(data_of(case))

    assert faults, f"not the shape of a record: {case['name']}"


def test_every_derived_value_is_expected_somewhere():
    expected = {name for _, case in CASES for asked in case.get("asked", [case]) for name in asked.get("expect", {})}

    assert expected == set(TABLE)


# --- laws ------------------------------------------------------------------------------------------------------------


def told(derived):
    return {name: (each.value, each.pointers, each.uncertain) for name, each in derived.items()}


def answers(derived):
    return {name: (each.value, each.uncertain) for name, each in derived.items()}


def test_the_same_record_gives_the_same_and_stays_as_it_is():
    for _, case in CASES:
        view = view_of(case)
        before = copy.deepcopy((view.record.data, view.head, view.organisations))
        first = told(derive(view))

        assert told(derive(view)) == first
        assert told(derive(view_of(case))) == first
        assert (view.record.data, view.head, view.organisations) == before


def test_every_pointer_leads_to_something_in_the_record():
    nowhere = object()
    lost = [
        (case["name"], name, str(pointer))
        for _, case in CASES
        for asked in case.get("asked", [case])
        for view in [view_of(case, day(asked.get("as_of")))]
        for name, each in derive(view).items()
        for pointer in each.pointers
        if view.record.get(pointer, nowhere) is nowhere
    ]

    assert lost == []


DAYS = st.dates(date(2018, 1, 1), date(2027, 12, 31)).map(date.isoformat)
IDS = st.sampled_from(["one", "two", "three", "four", "five", "six"])
VERSIONS = st.sampled_from(["1", "2", "3"])
YEARS = st.integers(1, 5)
SCHOOLS = st.sampled_from(["school", "other-school"])


def act(name, **keys):
    return st.fixed_dictionaries({"act": st.just(name), "date": DAYS, **keys})


ACTS = st.one_of(
    act("submitted", version=VERSIONS),
    act("not-approved", version=VERSIONS),
    act("withdrawn", version=VERSIONS),
    act("content-approved", version=VERSIONS, review_years=YEARS, conditions=st.just([{"id": "open"}])),
    act("listed", number=st.sampled_from(["7", "8"]), review_years=YEARS),
    act("delivery-approved", id=IDS, provider=SCHOOLS, funding=st.just(["a-fund"]), fees=st.just([{"amount": 1}])),
    act("delivery-approved", provider=SCHOOLS, replaces=IDS),
    act("delivery-ended", delivery=IDS),
    act("status-assigned", status=st.sampled_from(["current", "expiring", "discontinued"]), until=DAYS),
    act("status-assigned", status=st.sampled_from(["current", "expiring"]), **{"from": DAYS}),
    act("review-period-assigned", review_years=YEARS),
    act("condition-met", condition=st.just("open")),
    act("changed", kind=st.sampled_from(["minor", "significant"]), version=VERSIONS),
    act("excepted", clause=st.just("nzqcf.fee-cap")),
    act("transferred", developer_from=SCHOOLS, developer_to=SCHOOLS),
    act("removed", because=st.just("listed-by-mistake")),
)
LEDGERS = st.lists(ACTS, max_size=8, unique_by=lambda act: act["date"])


@holds(
    ledger=LEDGERS, as_of=st.dates(date(2017, 12, 1), date(2028, 2, 1)), random=st.randoms(), quick=80, thorough=1500
)
def test_decisions_of_different_days_count_the_same_in_any_order(ledger, as_of, random):
    # Two approvals of one id contradict each other; which of them holds is nobody's to say.
    names = [act["id"] for act in ledger if "id" in act]
    ledger = ledger if len(names) == len(set(names)) else [act for act in ledger if "id" not in act]
    shuffled = random.sample(ledger, len(ledger))

    assert answers(derive(view_of({"decisions": shuffled}, as_of))) == answers(
        derive(view_of({"decisions": ledger}, as_of))
    )


@holds(ledger=LEDGERS, after=st.integers(0, 4000), quick=60, thorough=1000)
def test_after_the_last_date_of_the_record_no_day_changes_anything(ledger, after):
    case = {"decisions": ledger, "record": {"developer": "school"}}
    dates = [each[key] for each in ledger for key in ("date", "from", "until") if key in each]
    # The day after, because `until` names the last day on which something still holds.
    last = date.fromisoformat(max(dates, default="2020-01-01")) + timedelta(days=1 + after)

    assert told(derive(view_of(case, last))) == told(derive(view_of(case)))


@holds(ledger=LEDGERS, as_of=st.dates(date(2017, 12, 1), date(2028, 2, 1)), quick=60, thorough=1000)
def test_what_is_dated_after_the_day_might_as_well_not_be_there(ledger, as_of):
    # A transfer is the one decision whose past is read off it: before it there was another developer.
    ledger = [act for act in ledger if act["act"] != "transferred"]
    taken = [act for act in ledger if act["date"] <= as_of.isoformat()]

    assert answers(derive(view_of({"decisions": taken}, as_of))) == answers(
        derive(view_of({"decisions": ledger}, as_of))
    )


@holds(ledger=LEDGERS, as_of=st.dates(date(2017, 12, 1), date(2028, 2, 1)), quick=60, thorough=1000)
def test_where_every_day_is_known_nothing_is_uncertain(ledger, as_of):
    derived = derive(view_of({"decisions": ledger, "record": {"developer": "school"}}, as_of))

    assert [name for name, each in derived.items() if each.uncertain] == []


@holds(ledger=LEDGERS, as_of=st.dates(date(2017, 12, 1), date(2028, 2, 1)), unclear=st.data(), quick=80, thorough=1500)
def test_what_is_certain_holds_on_whichever_day_it_was(ledger, as_of, unclear):
    """A date cut to its month or year is a range; what is said for certain is true of each day in it."""
    if not ledger:
        return
    vague = copy.deepcopy(ledger)
    place = unclear.draw(st.integers(0, len(ledger) - 1))
    vague[place]["date"] = vague[place]["date"][: unclear.draw(st.sampled_from([4, 7]))]
    said = derive(view_of({"decisions": vague}, as_of))
    true = derive(view_of({"decisions": ledger}, as_of))
    dated = {"submitted_on", "first_approved_on", "content_approved_on", "listed_on"}

    for name in set(TABLE) - dated:
        if name in said and not said[name].uncertain:
            assert unordered(said[name].value) == unordered(true[name].value), name


def unordered(value):
    """A value without the order of its items: that of two approvals is theirs, and nobody claims to know it."""
    return sorted(value, key=json.dumps) if isinstance(value, list) else value


@holds(ledger=LEDGERS, as_of=st.dates(date(2017, 12, 1), date(2028, 2, 1)), quick=60, thorough=1000)
def test_whatever_is_derived_is_of_its_schema(ledger, as_of):
    derived = derive(view_of({"decisions": ledger}, as_of))

    VALIDATOR.validate({name: each.value for name, each in derived.items()})


# --- the published table ---------------------------------------------------------------------------------------------

VALIDATOR = jsonschema.Draft202012Validator(schema())


def test_the_schema_is_what_the_command_prints_and_holds_every_entry_of_the_table():
    ran = mcred("schema", "derived", cwd=ROOT)
    printed = json.loads(ran.out)

    assert ran.code == 0, ran.err
    assert printed == schema()
    assert list(printed["properties"]) == list(TABLE)
    jsonschema.Draft202012Validator.check_schema(printed)


@pytest.mark.parametrize("name", TABLE)
def test_an_entry_says_what_it_is(name):
    entry = schema()["properties"][name]

    assert entry["title"]
    assert entry["description"].endswith(".")
    assert entry["x-kinds"]
    assert set(entry["x-kinds"]) <= set(EVERY)
    assert {"type", "enum"} & set(entry)


def catalogue():
    for path, text in real_records().items():
        if path != "catalogue.yaml":
            record = load(Entry(Source(path, text), kind_of(path)), context())
            assert record is not None, path
            yield record


@pytest.fixture(scope="module")
def records():
    found = list(catalogue())
    assert len(found) > 100
    return found


@pytest.fixture(scope="module")
def organisations(records):
    return {record.id: record.data for record in records if record.kind == "organisation"}


@pytest.mark.parametrize("as_of", ["2018-09-01", "2023-01-15", "2025-06-30", "2026-11-22", "9999-12-31"])
def test_every_record_of_the_catalogue_is_of_the_schema(records, organisations, as_of):
    for record in records:
        framework = context().frameworks.get(record.framework or "")
        view = View(record, day(as_of), framework.head if framework else None, organisations)
        derived = derive(view)
        values = {name: each.value for name, each in derived.items()}

        assert set(values) == {name for name, field in TABLE.items() if record.kind in field.kinds}
        VALIDATOR.validate(values)
        assert all(record.get(pointer) is not None for each in derived.values() for pointer in each.pointers), (
            record.path
        )


def test_a_value_that_is_not_of_the_schema_is_refused():
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate({"stage": "nearly"})
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate({"stagee": "draft"})


def test_the_fictional_records_of_the_catalogue_are_marked_and_the_real_ones_not(records, organisations):
    fictional = {
        record.id for record in records if derive(View(record, organisations=organisations))["fictional"].value
    }
    own = {record.id for record in records if record.kind == "micro-credential" and not record.observed}

    assert own
    assert own <= fictional
    assert not {record.id for record in records if record.observed} & fictional
    assert (CATALOGUE / "organisations" / "nzqa.yaml").is_file()
    assert "nzqa" not in fictional
