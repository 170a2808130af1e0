"""Choosing records: filters over fields, derived values and what is not known, and how a value looks in a cell."""

from datetime import date

import pytest
from hypothesis import strategies as st

from mcred.query import OPERATORS, Row, check, is_unknown, members, names, parse, shown
from mcred.record import Record, View, derive
from tests.support import holds

FIELDS = ["id", "title", "level", "credits", "subjects", "pathways", "purpose", "hours", "outcomes", "unknown"]
NAMES = names({"micro-credential": FIELDS}, ["micro-credential"])


def row(*decisions, as_of=date.max, **data):
    data = {"id": "a-record", "title": "A Record", "framework": "nzqcf", **data}
    if decisions:
        data["decisions"] = list(decisions)
    record = Record("micro-credential", "micro-credentials/a-record.yaml", data)
    head = {"statuses": ["current", "expiring"], "first_status": "current"}
    return Row(record, derive(View(record, as_of, head)))


def met(text, **data):
    return parse(text, NAMES).holds(row(**data))


# --- the text of a filter --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operator", OPERATORS)
def test_an_operator_is_read_whole(operator):
    assert parse(f"level{operator}3", NAMES) == ("level", operator, ("3",))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("level=3,4", ("level", "=", ("3", "4"))),
        ("level = 3 , 4", None),
        ("status!=current,expiring", ("status", "!=", ("current", "expiring"))),
        ("title~a,b", ("title", "~", ("a,b",))),
        ("title=a=b", ("title", "=", ("a=b",))),
        ("title~te~rā", ("title", "~", ("te~rā",))),
        ("title= spaces ", ("title", "=", ("spaces",))),
        ("/pathways/employment=x", ("/pathways/employment", "=", ("x",))),
        ("/outcomes/plan-and-collect/credits>=6", ("/outcomes/plan-and-collect/credits", ">=", ("6",))),
        ("level=", ("level", "=", ("",))),
        ("title=line\nbreak", ("title", "=", ("line\nbreak",))),
    ],
)
def test_a_filter_is_read(text, read):
    if read is None:
        with pytest.raises(ValueError, match="is no filter"):
            parse(text, NAMES)
    else:
        assert parse(text, NAMES) == read


@pytest.mark.parametrize("text", ["level", "", "=3", "3", "level:3", "level is 3"])
def test_what_is_no_filter_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=r"is no filter such as level=3, status!=current or title~water"):
        parse(text, NAMES)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("levl=3", "no field 'levl'; did you mean 'level'?"),
        ("Level=3", "no field 'Level'; did you mean 'level'?"),
        ("effective-status=current", "no field 'effective-status'; did you mean 'effective_status'?"),
        ("stag=draft", "no field 'stag'; did you mean 'stage'?"),
        ("/pathway/employment=x", "no field '/pathway/employment'; did you mean 'pathways'?"),
        ("qqqq=1", "no field 'qqqq'"),
        ("/=1", "no field '/'"),
        ("/derived/stag=draft", "no field '/derived/stag'; did you mean 'stage'?"),
        ("/derived/lvl=3", "no field '/derived/lvl'; did you mean 'level'?"),
    ],
)
def test_a_field_that_is_not_there_is_refused_and_the_nearest_named(text, message):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole text is compared
        parse(text, NAMES)
    assert str(refused.value) == message


def test_keys_of_the_catalogue_s_own_are_fields_too():
    assert met("x-shelf=B2", **{"x-shelf": "B2"})
    assert not met("x-shelf=B2")
    check("/x-shelf/row", NAMES)


# --- what a filter holds for -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "data", "holds"),
    [
        ("level=3", {"level": 3}, True),
        ("level=3,4", {"level": 4}, True),
        ("level=3,4", {"level": 5}, False),
        ("level=3.0", {"level": 3}, True),
        ("level=three", {"level": 3}, False),
        ("level=3", {}, False),
        ("level!=3", {"level": 3}, False),
        ("level!=3", {"level": 4}, True),
        ("level!=3", {}, True),
        ("level!=3,4", {"level": 4}, False),
        ("level>3", {"level": 3}, False),
        ("level>=3", {"level": 3}, True),
        ("level<3", {"level": 3}, False),
        ("level<=3", {"level": 3}, True),
        ("level>3", {"level": 10}, True),
        ("level>3", {}, False),
        ("level<3", {}, False),
        ("credits>=2.5", {"credits": 2.5}, True),
        ("credits>few", {"credits": 3}, False),
        ("credits=none", {"credits": {"none": "It has no credit."}}, True),
        ("credits~no credit", {"credits": {"none": "It has no credit."}}, True),
        ("credits=none", {"credits": 5}, False),
        ("credits>=1", {"credits": {"none": "It has no credit."}}, False),
        ("credits<100", {"credits": {"none": "5 was planned."}}, False),
        ("credits!=5", {"credits": {"none": "It has no credit."}}, True),
    ],
)
def test_numbers(text, data, holds):
    assert met(text, **data) is holds


@pytest.mark.parametrize(
    ("text", "title", "holds"),
    [
        ("title=a title", "A Title", True),
        ("title=title", "A Title", False),
        ("title~TITLE", "A Title", True),
        ("title~water", {"en": "Farm Water", "mi": "Te Wai"}, True),
        ("title~wai", {"en": "Farm Water", "mi": "Te Wai"}, True),
        ("title=te wai", {"en": "Farm Water", "mi": "Te Wai"}, True),
        ("title!=te wai", {"en": "Farm Water", "mi": "Te Wai"}, False),
        ("title~pāmu", {"en": "Farm", "mi": "Te PĀMU"}, True),
        ("title~en", {"en": "Farm", "mi": "Pāmu"}, False),
        ("title>b", "Compost", True),
        ("title~", "Anything", True),
    ],
)
def test_text_in_any_case_and_any_of_its_languages(text, title, holds):
    assert met(text, title=title) is holds


def test_a_list_meets_a_filter_by_one_of_its_members():
    subjects = [{"scheme": "nzsced", "code": "039901"}, {"scheme": "isced-f", "code": "0811"}]

    assert met("subjects=0811", subjects=subjects)
    assert met("subjects=039901,0811", subjects=subjects)
    assert met("subjects~nzsced", subjects=subjects)
    assert not met("subjects=811", subjects=subjects)
    assert not met("subjects!=0811", subjects=subjects)
    assert met("subjects!=0815", subjects=subjects)
    assert not met("subjects=x", subjects=[])
    assert met("subjects!=x", subjects=[])


def test_a_range_meets_a_comparison_by_either_end():
    amount = {"min": 15, "max": 25}

    assert met("credits>=20", credits=amount)
    assert met("credits<20", credits=amount)
    assert not met("credits>25", credits=amount)
    assert not met("credits<15", credits=amount)


def test_a_range_is_every_number_in_it():
    amount = {"min": 3, "max": 7}

    assert [number for number in range(1, 10) if met(f"level={number}", level=amount)] == [3, 4, 5, 6, 7]
    assert not met("level!=5", level=amount)
    assert not met("level=five", level=amount)
    assert met("level~3-7", level=amount)


@pytest.mark.parametrize(
    ("text", "listed", "holds"),
    [
        ("listed_on=2024-03-05", "2024-03-05", True),
        ("listed_on~2024-03", "2024-03-05", True),
        ("listed_on>=2024-03", "2024-03-05", True),
        ("listed_on<=2024-03", "2024-03-05", True),
        ("listed_on<=2024-03", "2024-03-31", True),
        ("listed_on<=2024-03", "2024-04-01", False),
        ("listed_on>2024", "2024-03-05", False),
        ("listed_on>2024", "2025-01-01", True),
        ("listed_on<2024", "2023-12-31", True),
        ("listed_on<2024", "2024-01-01", False),
        ("listed_on>=2024", "2024", True),
        ("listed_on<=2024", "2024", True),
        ("listed_on>=2024-06", "2024", False),
        ("listed_on<2024-06", "2024", False),
        ("listed_on<2025", "2024", True),
    ],
)
def test_dates_are_ranges_of_days_and_only_what_is_sure_is_chosen(text, listed, holds):
    listing = {"act": "listed", "date": listed}

    assert parse(text, NAMES).holds(row(listing)) is holds


def test_a_regime_is_a_range_of_days_too():
    listing = {"act": "listed", "under": "early"}
    record = Record("micro-credential", "x/a.yaml", {"id": "a", "decisions": [listing]})
    head = {"regimes": [{"id": "early", "from": "2018-08-22", "until": "2023-01"}]}
    early = Row(record, derive(View(record, date.max, head)))

    assert early.value("listed_on") == "2018-08-22/2023-01-31"
    assert parse("listed_on>=2018-08", NAMES).holds(early)
    assert parse("listed_on<2024", NAMES).holds(early)
    assert not parse("listed_on>2020", NAMES).holds(early)
    assert not parse("listed_on<2020", NAMES).holds(early)


def test_derived_values_are_fields():
    listed = row({"act": "listed", "date": "2024-05-01", "number": "77"}, as_of=date(2024, 6, 1))

    for text in ("stage=approved", "listing=listed", "status=current", "number=77", "custody=own", "fictional=no"):
        assert parse(text, NAMES).holds(listed), text
    for text in ("stage=draft", "status=expiring", "fictional=yes", "fictional=true", "number=077"):
        assert not parse(text, NAMES).holds(listed), text


def test_a_derived_value_is_named_as_clauses_name_it_too():
    listed = row({"act": "listed", "date": "2024-05", "number": "77"}, as_of=date(2024, 5, 6))

    assert parse("/derived/stage=approved", NAMES).holds(listed)
    assert not parse("/derived/stage=draft", NAMES).holds(listed)
    assert listed.value("/derived/listed_on") == "2024-05"
    assert listed.uncertain("/derived/stage")


def test_a_pointer_reaches_into_a_field_by_id_or_place():
    outcomes = [{"id": "plan", "credits": 6}, {"id": "report", "credits": 4}]

    assert met("/outcomes/plan/credits=6", outcomes=outcomes)
    assert met("/outcomes/1/credits=4", outcomes=outcomes)
    assert not met("/outcomes/2/credits=4", outcomes=outcomes)
    assert met("/hours/directed>30", hours={"directed": 40})
    assert not met("/hours/directed/more>30", hours={"directed": 40})


@holds(value=st.integers(-50, 50), other=st.integers(-50, 50), quick=100, thorough=1000)
def test_each_operator_is_the_opposite_of_another(value, other):
    assert met(f"credits>{other}", credits=value) is not met(f"credits<={other}", credits=value)
    assert met(f"credits<{other}", credits=value) is not met(f"credits>={other}", credits=value)
    assert met(f"credits={other}", credits=value) is not met(f"credits!={other}", credits=value)


@holds(text=st.text(max_size=20), title=st.text(max_size=20), quick=60, thorough=3000)
def test_any_text_is_a_filter_or_is_refused(text, title):
    try:
        read = parse(text, NAMES)
    except ValueError:
        return
    assert read.operator in OPERATORS
    assert read.holds(row(title=title)) in (True, False)


def test_the_names_are_the_fields_and_derived_values_of_the_kinds_asked_for():
    fields = {"micro-credential": ["id", "level"], "organisation": ["id", "types"]}

    derived = {"kind", "custody", "fictional", "ends"}
    assert set(names(fields, ["organisation"])) == {"id", "types"} | derived | {f"/derived/{name}" for name in derived}
    assert {"level", "stage"} <= set(names(fields, ["micro-credential", "organisation"]))


# --- what is not known -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unknown", "asked", "is_so"),
    [
        (["/subjects"], "/subjects", True),
        (["/subjects"], "/level", False),
        (["/purpose"], "/purpose/use", True),
        (["/purpose/use"], "/purpose", False),
        (["/outcomes/plan/credits"], "/outcomes/plan/credits", True),
        (["/outcomes/plan/credits"], "/outcomes/0/credits", True),
        (["/outcomes/0/credits"], "/outcomes/plan/credits", True),
        (["/outcomes/plan/credits"], "/outcomes/report/credits", False),
        (["/subjects/-"], "/subjects", True),
        ("rest", "/subjects", True),
        ("rest", "/level", False),
        ("rest", "/hours/assessment", True),
        ("rest", "/hours/directed", False),
        (None, "/subjects", False),
        ([], "/subjects", False),
    ],
)
def test_what_a_record_does_not_know(unknown, asked, is_so):
    data = {"level": 3, "hours": {"directed": 4}, "outcomes": [{"id": "plan"}, {"id": "report"}]}
    record = row(**data, **({} if unknown is None else {"unknown": unknown}))

    assert is_unknown(record, asked) is is_so


def test_a_framework_that_is_unknown_is_one_that_is_not_known():
    assert is_unknown(row(framework="unknown"), "/framework")
    assert not is_unknown(row(framework="none"), "/framework")
    assert not is_unknown(row(title="unknown"), "/title")


# --- cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (2.5, "2.5"),
        ("  two \n lines\tand a tab ", "two lines and a tab"),
        ([], ""),
        (["a", 1], "a, 1"),
        ({"min": 2, "max": 6}, "2-6"),
        ({"none": "why"}, "none"),
        ({"en": "Water", "mi": "Wai"}, "Water"),
        ({"mi": "Wai"}, "Wai"),
        ({"title": {"en": "Water", "mi": "Wai"}, "reference": "7"}, "Water"),
        ({"reference": "7"}, "7"),
        ({"type": "board", "from": "2026"}, "board"),
    ],
)
def test_a_cell_is_one_line_of_plain_text(value, cell):
    assert shown(value, "en") == cell


def test_a_cell_is_in_the_language_asked_for():
    assert shown({"en": "Water", "mi": "Wai"}, "mi") == "Wai"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3),
    max_leaves=8,
)


@holds(value=VALUES, quick=80, thorough=2000)
def test_no_cell_holds_a_tab_or_a_line_end(value):
    assert not set(shown(value, "en")) & set("\t\r\n\x0b\x0c\x85\u2028\u2029")


@holds(value=VALUES, quick=80, thorough=2000)
def test_the_members_of_a_value_are_single_values(value):
    assert all(not isinstance(member, dict | list) for member in members(value))
