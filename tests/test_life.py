"""The catalogue shows a whole life: every act, and every stage and state that acts lead to, in fictional records.

The records are read here as data and their states worked out in the plainest way, without mcred. What mcred derives
has its own tests; these say that there is a record on which to see it.
"""

import calendar
import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
DAY = date(2026, 11, 22)
"""The day on which the states are looked at; the records were written for it."""


def last_day(text):
    """The last of the days that a date stands for: `2025-03` is over on 31 March."""
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


class Life:
    """A record with its decisions as they count: corrected ones corrected, void ones left out."""

    def __init__(self, data):
        self.data = data
        self.id = data["id"]
        self.file = data.get("decisions", [])
        corrections = [each for each in self.file if each["act"] == "corrected"]
        self.void = [each["decision"] for each in corrections if each.get("void") == "true"]
        corrected = {each["decision"]: each.get("set", {}) for each in corrections}
        counting = [each | corrected.get(each["id"], {}) for each in self.file if each["id"] not in self.void]
        self.decisions = sorted(counting, key=lambda each: each.get("date", ""))

    def all(self, *acts, **keys):
        """The decisions of these acts that have these values, in the order of their dates."""
        return [each for each in self.decisions if each["act"] in acts and keys.items() <= each.items()]

    def has(self, *acts, **keys):
        return bool(self.all(*acts, **keys))

    @property
    def stage(self):
        if not self.file:
            return self.data["stage"]
        if self.has("removed"):
            return "removed"
        if self.has("content-approved"):
            return "approved"
        return self.all("submitted", "withdrawn", "not-approved")[-1]["act"]

    @property
    def assigned(self):
        """The latest status that was assigned, with its days."""
        return (self.all("status-assigned") or [{"status": "current"} if self.has("listed") else {}])[-1]

    @property
    def current(self):
        return self.stage == "approved" and self.assigned.get("status") == "current"

    @property
    def completed(self):
        """The latest review of the developer's own that was completed."""
        return (self.all("review-completed", reviewer="developer") or [None])[-1]

    @property
    def answer(self):
        """What the authority answered to that review."""
        if not self.completed:
            return None
        answers = self.all("review-decided", review=self.completed["id"])
        return answers[-1]["outcome"] if answers else None

    @property
    def under_way(self):
        return any(
            not self.has("review-completed", review=each["id"])
            for each in self.all("review-started", reviewer="developer")
        )

    @property
    def due(self):
        """The last day for the next review, or None where nobody can say."""
        reviewed = self.completed["date"] if self.completed else ""
        named = self.all("review-date-assigned", "extended", "review-decided")
        named = [each for each in named if each["date"] >= reviewed and "next_review" in each]
        periods = [
            each for each in self.all("content-approved", "listed", "review-period-assigned") if "review_years" in each
        ]
        approvals = self.all("content-approved")
        start = reviewed or (approvals[0].get("date") if approvals else None)
        if named:
            return last_day(named[-1]["next_review"])
        if not start or not periods:
            return None
        year, dash, rest = start.partition("-")
        return last_day(f"{int(year) + int(periods[-1]['review_years'])}{dash}{rest}")

    def due_within(self, first, last):
        return self.current and self.due is not None and first <= (self.due - DAY).days <= last


def read(folder):
    """The records of a folder that are the catalogue's own, by id; every value is text."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "catalogue" / folder).rglob("*.yaml"))]
    own = [text for text in texts if "\ncustody: observed\n" not in text]
    found = [yaml.load(text, yaml.BaseLoader) for text in own]  # noqa: S506 (makes texts, lists and maps only)
    return {each["id"]: each for each in found}


LIVES = {id: Life(data) for id, data in read("micro-credentials").items()}
COMMON = json.loads((ROOT / "schemas/common.schema.json").read_text(encoding="utf-8"))["$defs"]


def acts(definition):
    return COMMON[definition]["properties"]["act"]["enum"]


@pytest.mark.parametrize("act", acts("decision"))
def test_every_act_occurs(act):
    assert [id for id, life in LIVES.items() if any(each["act"] == act for each in life.file)]


@pytest.mark.parametrize("act", acts("equivalency-decision"))
def test_every_act_of_an_equivalency_occurs(act):
    assert [id for id, data in read("equivalencies").items() if any(each["act"] == act for each in data["decisions"])]


def conditions(life):
    return {condition["id"] for each in life.decisions for condition in each.get("conditions", [])}


def met(life):
    return {each["condition"] for each in life.all("condition-met")}


def bilingual(life):
    texts = [life.data["title"], life.data.get("purpose", {}).get("statement")]
    texts += [outcome["text"] for outcome in life.data.get("outcomes", [])]
    return all(isinstance(text, dict) and {"en", "mi"} <= text.keys() for text in texts)


def recorded_late(life):
    dates = [each["date"] for each in life.file if "date" in each]
    return any(later[:4] < earlier[:4] for earlier, later in pairwise(dates))


STATES = {
    # the stages
    "proposed": ("night-sky-guiding", lambda life: life.stage == "proposed"),
    "draft": ("planting-beside-streams", lambda life: life.stage == "draft"),
    "a draft that says what is open": (
        "edible-seaweed-drying",
        lambda life: life.stage == "draft" and "unknown" in life.data,
    ),
    "submitted": ("building-site-waste", lambda life: life.stage == "submitted"),
    "not approved": ("planting-for-bees", lambda life: life.stage == "not-approved"),
    "withdrawn": ("e-bike-care", lambda life: life.stage == "withdrawn"),
    "approved, not listed": ("roof-water-tanks", lambda life: life.stage == "approved" and not life.has("listed")),
    "listed by mistake and removed": ("honey-tasting", lambda life: life.stage == "removed"),
    # the listing
    "current": ("calf-rearing", lambda life: life.current),
    "expiring, replaced": (
        "trap-box-basics",
        lambda life: "replaced_by" in life.assigned and life.assigned["status"] == "expiring",
    ),
    "expiring, with time left": (
        "trap-box-basics",
        lambda life: life.assigned.get("status") == "expiring" and last_day(life.assigned["until"]) >= DAY,
    ),
    "expiring, past its end": (
        "weed-walks",
        lambda life: life.assigned.get("status") == "expiring" and last_day(life.assigned["until"]) < DAY,
    ),
    "discontinued": ("small-engine-care", lambda life: life.assigned.get("status") == "discontinued"),
    # the reviews
    "never reviewed, not due": (
        "calf-rearing",
        lambda life: life.due_within(91, 9999) and not life.has("review-started", "review-completed"),
    ),
    "due within 90 days": ("visiting-older-neighbours", lambda life: life.due_within(31, 90)),
    "due within 30 days": ("forest-trap-lines", lambda life: life.due_within(8, 30)),
    "due within 7 days": ("working-dog-care", lambda life: life.due_within(1, 7)),
    "due today": ("walking-group-lead", lambda life: life.due_within(0, 0)),
    "overdue": ("hull-checks-for-marine-pests", lambda life: life.due_within(-9999, -1)),
    "nobody can say when": ("forest-track-repair", lambda life: life.current and life.due is None),
    "review under way": ("visiting-older-neighbours", lambda life: life.under_way),
    "review with the authority": ("hive-inspection", lambda life: life.completed and not life.answer),
    "review accepted": ("hosting-manuhiri", lambda life: life.answer == "accepted"),
    "further review": ("digital-help-desk", lambda life: life.answer == "further-review"),
    "a provider's review": ("community-kitchen-help", lambda life: life.has("review-completed", reviewer="provider")),
    "date extended, and passed": (
        "house-cow-milking",
        lambda life: life.has("extended") and life.due_within(-9999, -1),
    ),
    "due by a month": (
        "backyard-hens",
        lambda life: life.due_within(0, 9999) and not life.all("content-approved")[0]["date"][7:],
    ),
    # the versions
    "two versions": (
        "community-kitchen-help",
        lambda life: (
            {each["version"] for each in life.all("changed", kind="significant")}
            & {each["version"] for each in life.all("content-approved")[1:]}
        ),
    ),
    "a minor change": ("walking-group-lead", lambda life: life.has("changed", kind="minor")),
    "a change sent in": (
        "reading-with-tamariki",
        lambda life: life.current and life.decisions[-1].get("for") == "change",
    ),
    # the delivery
    "delivered with partners": (
        "community-kitchen-help",
        lambda life: any("partners" in each for each in life.all("delivery-approved")),
    ),
    "a delivery ended": ("community-kitchen-help", lambda life: life.has("delivery-ended")),
    "a delivery replaced": (
        "forest-track-repair",
        lambda life: any("replaces" in each for each in life.all("delivery-approved")),
    ),
    "funded, with a fee": (
        "calf-rearing",
        lambda life: any(each.get("funding") and each.get("fees") for each in life.all("delivery-approved")),
    ),
    "free of charge": (
        "hosting-manuhiri",
        lambda life: any(each.get("fees") == [] for each in life.all("delivery-approved")),
    ),
    # what else is decided
    "a condition met": ("walking-group-lead", met),
    "a condition open": ("walking-group-lead", lambda life: conditions(life) - met(life)),
    "excepted": ("house-cow-milking", lambda life: life.has("excepted")),
    "transferred": ("forest-track-repair", lambda life: life.has("transferred", developer_to=life.data["developer"])),
    # the ledger
    "corrected": ("backyard-hens", lambda life: any("set" in each for each in life.file)),
    "void": ("backyard-hens", lambda life: life.void),
    "recorded late": ("hull-checks-for-marine-pests", recorded_late),
    "known by month": ("backyard-hens", lambda life: any(len(each.get("date", "")) == 7 for each in life.file)),
    "known by regime": ("small-engine-care", lambda life: any("under" in each for each in life.file)),
    "of no known day": (
        "forest-track-repair",
        lambda life: any(each.get("date_is") == "unknown" for each in life.file),
    ),
    # what it is
    "in two languages": ("walking-group-lead", bilingual),
    "of kaupapa Māori": (
        "hosting-manuhiri",
        lambda life: any(each.get("outcome") == "met" for each in life.data.get("evaluations", [])),
    ),
    "of a university": ("reading-a-changing-coast", lambda life: life.data["developer"] == "example-university"),
    "of another framework": ("community-catch-records", lambda life: life.data["framework"] == "pqf"),
    "of no framework": ("tide-pool-guides", lambda life: life.data["framework"] == "none"),
    "in place of a training scheme": (
        "working-dog-care",
        lambda life: read("training-schemes").keys() & set(life.data.get("replaces", [])),
    ),
}
"""Of each state a record that is in it, and how one sees that."""


@pytest.mark.parametrize("state", STATES)
def test_every_state_occurs(state):
    id, is_so = STATES[state]
    assert id in [id for id, life in LIVES.items() if is_so(life)]


def test_what_is_decided_here_is_decided_by_nobody_real():
    fictional = {id for id, data in read("organisations").items() if data.get("fictional") == "true"}
    named = [(id, life.data["developer"]) for id, life in LIVES.items()]
    named += [(id, each["by"]) for id, life in LIVES.items() for each in life.file]
    assert [each for each in named if each[1] not in fictional] == []


@pytest.mark.parametrize("folder", ["training-schemes", "equivalencies", "groups", "qualifications", "standards"])
def test_every_other_kind_has_a_fictional_record(folder):
    assert read(folder)


def test_a_standard_was_replaced_and_something_still_uses_it():
    replaced = {id for id, data in read("standards").items() for each in data["versions"] if each.get("replaced_by")}
    assert replaced & {each["id"] for life in LIVES.values() for each in life.data.get("standards", [])}
