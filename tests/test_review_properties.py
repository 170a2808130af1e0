"""Laws of when reviews are due, over ledgers that nobody would write by hand."""

from datetime import date, timedelta

from hypothesis import assume
from hypothesis import strategies as st

from mcred.record import Record, View
from mcred.record.ledger import act_days, bounds, regimes
from mcred.record.reviews import ASSUMED, FROM, NO_DATE, reviewed
from mcred.review import BUCKETS, KINDS, STATES, Wanted, items, report
from tests.review_cases import books, organisations
from tests.support import holds

# --- ledgers ---------------------------------------------------------------------------------------------------------

FIRST, LAST = date(2018, 1, 1), date(2030, 12, 31)
LEAP_DAYS = [date(year, 2, 29) for year in (2020, 2024, 2028)]


def mixed(*choices):
    """One of some strategies, each as often as its number says; `one_of` takes each of its strategies alike."""
    return st.sampled_from([strategy for strategy, times in choices for _ in range(times)]).flatmap(
        lambda chosen: chosen
    )


ASKED = mixed((st.dates(FIRST, LAST), 4), (st.sampled_from(LEAP_DAYS), 1))
"""The day of a report."""

DAYS = ASKED.map(date.isoformat)
DATES = mixed((DAYS, 5), (DAYS.map(lambda day: day[:7]), 2), (DAYS.map(lambda day: day[:4]), 1))

REGIMES = st.sampled_from(["nz-2012", "nz-2018", "nz-2023", "nz-2026"])
DATED = mixed(
    (DATES.map(lambda day: {"date": day}), 8),
    (REGIMES.map(lambda regime: {"under": regime}), 1),
    (st.just({"date_is": "unknown"}), 1),
)
YEARS = st.integers(1, 5)
IDS = st.sampled_from(["one", "two", "three"])


def act(name, dated=DATED, needed=None, **may):
    """Decisions of one act; the keys in `may` are there or not."""
    keys = st.fixed_dictionaries({"act": st.just(name), **(needed or {})}, optional=may)
    return st.tuples(keys, dated).map(lambda both: both[0] | both[1])


def stating_a_period(dated=DATED):
    """What states a period, a longer one or a shorter."""
    return st.one_of(
        act("content-approved", dated, {"review_years": YEARS}, version=st.sampled_from("123")),
        act("listed", dated, {"review_years": YEARS}),
        act("review-period-assigned", dated, {"review_years": YEARS}),
    )


def changing_no_date(dated=DATED):
    """What is decided about a credential without its review becoming due any later for it."""
    return st.one_of(
        stating_a_period(dated),
        act("content-approved", dated, version=st.sampled_from("123")),
        act("listed", dated),
        act("review-started", dated, {"reviewer": st.sampled_from(["developer", "provider"])}, id=IDS),
        act("review-completed", dated, {"reviewer": st.just("provider")}),
        act("changed", dated, {"kind": st.sampled_from(["minor", "significant"])}, version=st.sampled_from("123")),
        act("transferred", dated, {"developer_to": st.just("example-provider")}),
        act("submitted", dated, {"for": st.just("change")}),
        act("not-approved", dated, {"for": st.just("change")}),
        act("delivery-approved", dated, {"provider": st.just("example-provider")}, until=DATES, id=IDS),
    )


ACTS = mixed(
    (changing_no_date(), 8),
    (act("review-completed", needed={"reviewer": st.just("developer")}, id=IDS, review=IDS), 5),
    (
        act(
            "review-decided",
            needed={"outcome": st.sampled_from(["accepted", "further-review"])},
            review=IDS,
            next_review=DATES,
        ),
        3,
    ),
    (act("review-date-assigned", needed={"next_review": DATES}), 1),
    (act("extended", needed={"next_review": DATES}), 1),
    (act("status-assigned", needed={"status": st.sampled_from(["current", "expiring"])}, until=DATES), 1),
    (act("status-assigned", needed={"status": st.sampled_from(["current", "discontinued"])}), 1),
    (act("removed", needed={"because": st.just("listed-by-mistake")}), 1),
)
APPROVED = act("content-approved", version=st.just("1"), review_years=YEARS)
LEDGERS = st.builds(lambda first, more: [first, *more], APPROVED, st.lists(ACTS, max_size=7))
DATA = st.fixed_dictionaries(
    {"framework": st.sampled_from(["nzqcf", "nzqcf", "nzqcf", "nzqcf", "pqf"]), "decisions": LEDGERS},
    optional={
        "register_entry": mixed((st.just({"number": "9201"}), 4), (st.fixed_dictionaries({"next_review": DATES}), 1)),
        "review": st.fixed_dictionaries({"lead_time": st.sampled_from(["90d", "12w", "3m"])}),
        "custody": st.just("observed"),
    },
)
CATALOGUES = st.lists(DATA, max_size=6).map(
    lambda every: [{"id": f"record-{place}", "title": "A Record", **data} for place, data in enumerate(every)]
)


def view_of(data, day):
    record = Record("micro-credential", f"micro-credentials/{data.get('id', 'a-record')}.yaml", data)
    return View(record, day, books()[data["framework"]].data, organisations())


def every(catalogue, day):
    """What falls due of all records on a day."""
    return [item for data in catalogue for item in items(view_of(data, day))]


def begins(decision, framework):
    """The first day on which a decision may have been taken."""
    return act_days(decision, regimes(books()[framework].data)).first


def developers(data, day):
    """The developer's review of a record on a day, or nothing."""
    return next((item for item in items(view_of(data, day)) if item.kind == "developer"), None)


# --- laws ------------------------------------------------------------------------------------------------------------


LATE = st.dates(date(2027, 1, 1), date(2033, 12, 31))
"""Days on which much of what was decided before is overdue."""

LATER = st.integers(1, 300).map(lambda days: {"date": days})
"""Dates of decisions by how many days later they are taken."""


@holds(
    data=DATA,
    day=LATE,
    after=st.integers(1, 2000),
    more=st.lists(mixed((stating_a_period(LATER), 2), (changing_no_date(LATER), 1)), min_size=1, max_size=4),
    quick=300,
    thorough=4000,
)
def test_once_overdue_it_is_overdue_until_its_developer_completes_a_review(data, day, after, more):
    """Other dates, another status, a first approval or listing aside, which decide anew what is due."""
    known = [each for each in data["decisions"] if begins(each, data["framework"]) <= day]
    now = developers({**data, "decisions": known}, day)
    if now is None or now.bucket(day) != "overdue" or all(each["act"] != "content-approved" for each in known):
        return
    listed = any(each["act"] == "listed" for each in known)
    later = [
        {**each, "date": (day + timedelta(each["date"])).isoformat()}
        for each in more
        if listed or each["act"] != "listed"
    ]
    then = developers({**data, "decisions": known + later}, day + timedelta(after))
    assert then is not None
    assert then.bucket(day + timedelta(after)) == "overdue"
    assert then.due.day == now.due.day


@holds(catalogue=CATALOGUES, day=ASKED, ends=st.lists(ASKED, min_size=2, max_size=2), quick=60, thorough=1000)
def test_a_wider_window_loses_nothing(catalogue, day, ends):
    due = every(catalogue, day)
    narrow, wide = (report(due, day, Wanted(until=end)) for end in sorted(ends))
    whole = report(due, day, Wanted(undated=True))
    assert {*narrow.items} <= {*wide.items} <= {*whole.items} == {*due}
    assert narrow.counts == wide.counts == whole.counts


@holds(catalogue=CATALOGUES, day=ASKED, quick=60, thorough=1000)
def test_counts_add_up_to_what_can_be_reviewed(catalogue, day):
    due = every(catalogue, day)
    told = report(due, day, Wanted())
    assert sum(told.counts.values()) == len(due)
    assert told.checked == sum(reviewed(view_of(data, day)) for data in catalogue)
    alone = report(due, day, Wanted(kinds=frozenset({"developer", "expiring"})))
    assert sum(alone.counts.values()) == told.checked


@holds(catalogue=CATALOGUES, day=ASKED, random=st.randoms(), quick=60, thorough=1000)
def test_the_order_of_records_changes_nothing(catalogue, day, random):
    shuffled = random.sample(catalogue, len(catalogue))
    for wanted in (Wanted(undated=True), Wanted(undated=True, sort="organisation"), Wanted(limit=2)):
        assert report(every(shuffled, day), day, wanted) == report(every(catalogue, day), day, wanted)


@holds(data=DATA, day=ASKED, random=st.randoms(), quick=100, thorough=2000)
def test_decisions_of_different_days_count_the_same_in_any_order(data, day, random):
    """The days of two months or years overlap where the months and years do; there the place decides."""
    dates = [each["date"] for each in data["decisions"] if len(each.get("date", "")) == 10]
    named = [each["id"] for each in data["decisions"] if "id" in each]
    assume(len({*dates}) == len(data["decisions"]) and len({*named}) == len(named))
    shuffled = random.sample(data["decisions"], len(data["decisions"]))
    assert answers({**data, "decisions": shuffled}, day) == answers(data, day)


def answers(data, day):
    """What falls due, without where it stands in the file."""
    return [
        (item.kind, item.state, item.due.day, item.due.because, item.due.assumed) for item in items(view_of(data, day))
    ]


@holds(data=DATA, day=ASKED, more=ACTS, quick=100, thorough=2000)
def test_a_decision_dated_after_the_day_changes_nothing(data, day, more):
    assume(begins(more, data["framework"]) > day)
    assert answers({**data, "decisions": [*data["decisions"], more]}, day) == answers(data, day)


@holds(data=DATA, day=ASKED, quick=150, thorough=2500)
def test_an_answer_is_in_the_words_that_there_are(data, day):
    for item in items(view_of(data, day)):
        due = item.due
        assert item.kind in KINDS
        assert item.state in STATES
        assert item.bucket(day) in BUCKETS
        assert due.because in (FROM if due.day is not None else NO_DATE)
        assert {*due.assumed} <= {*ASSUMED}
        assert len({*due.assumed}) == len(due.assumed)
        assert due.steps
        assert all(step.says for step in due.steps)
        assert due.day is not None or (not due.assumed and item.start_by is None)
        assert due.day is None or bounds(due.written).last == due.day


@holds(
    start=st.one_of(st.sampled_from(LEAP_DAYS), st.dates()).map(date.isoformat),
    years=st.integers(1, 10000),
    day=st.dates(),
    quick=100,
    thorough=2000,
)
def test_no_day_of_any_calendar_is_too_much(start, years, day):
    data = {
        "framework": "nzqcf",
        "decisions": [{"act": "content-approved", "date": start, "review_years": years}],
        "review": {"lead_time": "99999m"},
    }
    for item in items(view_of(data, day)):
        clamped = "day-clamped" in item.due.assumed
        assert (start.endswith("-02-29") and item.due.written.endswith("-02-28")) or not clamped
        assert item.due.because in ("period-from-start", "implausible")
