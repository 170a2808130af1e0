"""`mcred review`: reviews are recorded by adding lines, once each, and what follows from them is said."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from mcred.cli.records import open_register
from mcred.decide import known
from mcred.record import Record
from mcred.review.paper import Source, paper
from mcred.review.past import past, plain
from mcred.review.recording import ANSWERS, KEYS, OUTCOMES, REVIEWERS
from mcred.text import literal
from mcred.workspace import schemas
from tests.support import AS_OF, CATALOGUE, GOLDENS, PROGRAM, copied, environment, mcred, real_records
from tests.test_decide import data, decide, files, only_added, record

BY = "example-qualifications-authority"
PATH = "catalogue/micro-credentials/worked-example.yaml"
DONE = ("--reviewer", "developer", "--date", "2026-11-20", "--outcome", "continue")
DUE = (
    "the next review is due 2028-11-20, provisionally (the period from the last review; assumed: the next period "
    "starts when a review is completed; the authority accepts the last review)\n"
)
ANSWER = f"""\
once the authority has answered:
  mcred decide worked-example review-decided --date DATE --by {BY} review=review-completed-2026-11-20 outcome=accepted
"""


@pytest.fixture
def root(tmp_path):
    return copied(tmp_path)


@pytest.fixture
def whole(tmp_path):
    """The project's whole catalogue."""
    to = tmp_path / "catalogue"
    for path in CATALOGUE.rglob("*"):
        if path.is_file():
            place = to / path.relative_to(CATALOGUE)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    return to


def review(root, *arguments, **env):
    return mcred("review", *arguments, "--as-of", AS_OF, cwd=root, **env)


def words(done):
    return " ".join((done.out + done.err).split())


# --- what is recorded ------------------------------------------------------------------------------------------------


def test_a_review_is_added_and_what_follows_is_said(root):
    old = record(root).read_bytes()
    arguments = ("--input", "example-industry-board", "--input", "Iwi, hapū; and others", "--checked", "need=confirmed")
    more = ("--checked", "capability=not-checked,currency=changes-needed", "--findings", "Nobody came: so it is said.")
    last = ("--report", "documents/worked-example/review-2026.md", "--reported-on", "2026-11")
    done = review(root, "record", "worked-example", *DONE, *arguments, *more, *last)
    lines = """\
  - id: review-completed-2026-11-20
    act: review-completed
    date: 2026-11-20
    by: example-provider
    reviewer: developer
    reported_on: 2026-11
    input_from:
      - example-industry-board
      - {title: "Iwi, hapū; and others"}
    checked: {need: confirmed, currency: changes-needed, capability: not-checked}
    outcome: continue
    findings: "Nobody came: so it is said."
    report: documents/worked-example/review-2026.md
"""
    assert (done.code, done.err) == (0, "")
    assert "".join(only_added(old, record(root).read_bytes())) == lines
    shown = "".join(f"+{line}\n" for line in lines.splitlines())
    head = f"--- {PATH}\n+++ {PATH}\n@@ -173 +173,14 @@\n"
    kept = '      version: "2", summary: One outcome in place of two for checking and reporting.}\n'
    assert done.out == f"{head}{kept}{shown}wrote {PATH}\n{DUE}{ANSWER}"
    assert mcred("validate", "--as-of", AS_OF, cwd=root).code == 0


def test_a_dry_run_says_the_same_and_writes_nothing(root):
    old = files(root)
    dry = review(root, "record", "worked-example", *DONE, "--dry-run")
    assert files(root) == old
    done = review(root, "record", "worked-example", *DONE)
    assert (dry.code, dry.out) == (0, done.out.replace(f"wrote {PATH}", "nothing was written (--dry-run)"))


def test_the_review_that_was_started_is_the_one_that_is_completed(root):
    started = review(root, "start", "worked-example", "--reviewer", "developer", "--date", "2026-10-01")
    assert started.code == 0
    assert started.out.endswith(
        f"wrote {PATH}\n"
        "the next review is due 2028-02 (the authority assigned the date; assumed: it is due on the last day)\n"
        "once it is completed: mcred review record worked-example --reviewer developer\n"
    )
    assert data(root)["decisions"][-1] == {
        "id": "review-started-2026-10-01",
        "act": "review-started",
        "date": "2026-10-01",
        "by": "example-provider",
        "reviewer": "developer",
    }
    other = ("--reviewer", "provider", "--by", "example-provider", "--date", "2026-11-01", "--outcome", "continue")
    assert review(root, "record", "worked-example", *other).code == 0
    assert "review" not in data(root)["decisions"][-1]
    early = ("--reviewer", "developer", "--date", "2026-09-30", "--outcome", "continue")
    assert review(root, "record", "worked-example", *early).code == 0
    assert "review" not in data(root)["decisions"][-1]
    assert review(root, "record", "worked-example", *DONE).code == 0
    assert data(root)["decisions"][-1]["review"] == "review-started-2026-10-01"


def test_a_started_review_is_completed_once(root):
    assert review(root, "start", "worked-example", "--reviewer", "developer", "--date", "2026-10-01").code == 0
    assert review(root, "record", "worked-example", *DONE).code == 0
    again = ("--reviewer", "developer", "--date", "2026-11-21", "--outcome", "continue")
    assert review(root, "record", "worked-example", *again).code == 0
    assert "review" not in data(root)["decisions"][-1]


@pytest.mark.parametrize(("date", "by"), [("2026-09-20", "example-provider"), ("2026-11-20", "example-training-trust")])
def test_it_is_the_review_of_the_developer_of_that_day(root, date, by):
    transfer = (
        "transferred",
        "--date",
        "2026-10-01",
        "--by",
        BY,
        "developer_from=example-provider",
        "developer_to=example-training-trust",
    )
    assert decide(root, "worked-example", *transfer).code == 0
    arguments = ("--reviewer", "developer", "--date", date, "--outcome", "continue")
    done = review(root, "record", "worked-example", *arguments)
    assert (done.code, data(root)["decisions"][-1]["by"]) == (0, by)
    assert "note:" not in done.out


def test_in_the_month_of_a_transfer_nobody_is_taken_for_the_developer(root):
    transfer = ("transferred", "--date", "2026-10-15", "--by", BY, "developer_to=example-training-trust")
    assert decide(root, "worked-example", *transfer, "developer_from=example-provider").code == 0
    arguments = ("--reviewer", "developer", "--date", "2026-10", "--outcome", "continue")
    done = review(root, "record", "worked-example", *arguments)
    assert (done.code, done.err) == (2, "mcred: --by is missing\n")
    done = review(root, "record", "worked-example", *arguments, "--by", "example-provider")
    assert (done.code, "note:" in done.out) == (0, False)


def test_who_reviewed_and_was_not_expected_to_is_told(root):
    done = review(root, "record", "worked-example", *DONE, "--by", "example-university")
    assert done.code == 0
    note = "note: its developer was 'example-provider' on that day, not 'example-university'\n"
    assert f"wrote {PATH}\n{note}{DUE}" in done.out


def test_a_report_that_went_out_before_the_review_was_done_is_told(root):
    done = review(root, "record", "worked-example", *DONE, "--reported-on", "2026-11-19")
    note = "note: it went to the authority on 2026-11-19, before it was completed on 2026-11-20\n"
    assert f"wrote {PATH}\n{note}{DUE}" in done.out


def test_a_report_of_the_month_of_the_review_is_not_odd(root):
    done = review(root, "record", "worked-example", *DONE, "--reported-on", "2026-11")
    assert (done.code, "note:" in done.out) == (0, False)


def test_a_review_that_is_found_late_moves_no_date(root):
    arguments = ("--reviewer", "developer", "--date", "2025-06-30", "--outcome", "discontinue")
    done = review(root, "record", "worked-example", *arguments)
    assert done.code == 0
    assert done.out.partition("wrote ")[2] == (
        f"{PATH}\n"
        "a later review counts, so this one moves no date; the next review is due 2028-02 (the authority assigned the "
        "date; assumed: it is due on the last day)\n"
    )


def test_a_word_may_be_spelt_as_in_a_sentence(root):
    arguments = (
        "--reviewer",
        "Developer",
        "--date",
        "2026-11",
        "--outcome",
        "Continue",
        "--checked",
        "need=Not checked",
    )
    assert review(root, "record", "worked-example", *arguments).code == 0
    made = data(root)["decisions"][-1]
    assert (made["reviewer"], made["outcome"], made["checked"]) == ("developer", "continue", {"need": "not-checked"})


def test_a_report_may_be_named_from_the_current_folder(root):
    here = root / "documents" / "worked-example"
    done = mcred(
        *("review", "record", "worked-example", *DONE, "--report", "review-2026.md", "--as-of", AS_OF), cwd=here
    )
    assert done.code == 0, done
    assert data(root)["decisions"][-1]["report"] == "documents/worked-example/review-2026.md"


def test_a_report_may_be_kept_elsewhere(root):
    arguments = ("--report", "{held_at: The provider's office, confidential: true}")
    assert review(root, "record", "worked-example", *DONE, *arguments).code == 0
    assert data(root)["decisions"][-1]["report"] == {"held_at": "The provider's office", "confidential": True}


def test_a_review_can_be_taken_back_and_recorded_anew(root):
    assert review(root, "record", "worked-example", *DONE).code == 0
    void = ("corrected", "--date", "2026-11-21", "--by", "example-provider", "decision=review-completed-2026-11-20")
    assert decide(root, "worked-example", *void, "void=true", "why=It was another record.").code == 0
    done = review(root, "record", "worked-example", *DONE)
    assert done.code == 0, done
    assert data(root)["decisions"][-1]["id"] == "review-completed-2026-11-20-2"


# --- what is to be decided next --------------------------------------------------------------------------------------

NEXT = {
    "discontinue": (
        ("--reviewer", "developer", "--outcome", "discontinue"),
        DUE
        + ANSWER
        + "it changes no status: the listing stays current until the authority assigns another; once it has:\n"
        f"  mcred decide worked-example status-assigned --date DATE --by {BY} status=expiring until=DATE because=REASON\n",
    ),
    "change": (
        ("--reviewer", "developer", "--outcome", "change"),
        DUE
        + ANSWER
        + "a change needs an application, and the authority's approval of the changed version; once each is done:\n"
        f"  mcred decide worked-example submitted --date DATE --by example-provider to={BY} for=change version=VERSION\n"
        f"  mcred decide worked-example content-approved --date DATE --by {BY} version=VERSION\n",
    ),
    "a-provider-stops": (
        ("--reviewer", "provider", "--by", "example-provider", "--outcome", "discontinue"),
        (
            "it is input to the developer's review and moves no date; the next review is due 2028-02 (the authority "
            "assigned the date; assumed: it is due on the last day)\n"
            "the approval to deliver stays until the authority ends it; once it has:\n"
            f"  mcred decide worked-example delivery-ended --date DATE --by {BY} delivery=delivery-approved-2025-01-20\n"
        ),
    ),
    "a-provider-without-approval": (
        ("--reviewer", "provider", "--by", "example-university", "--outcome", "discontinue"),
        (
            "note: no approval for 'example-university' to deliver it on that day is recorded\n"
            "it is input to the developer's review and moves no date; the next review is due 2028-02 (the authority "
            "assigned the date; assumed: it is due on the last day)\n"
        ),
    ),
}


@pytest.mark.parametrize(("arguments", "told"), NEXT.values(), ids=NEXT)
def test_what_the_authority_has_to_decide_is_said_and_can_be_recorded(root, arguments, told):
    before = [each["act"] for each in data(root)["decisions"]]
    done = review(root, "record", "worked-example", *arguments, "--date", "2026-11-20")
    assert done.out.partition(f"wrote {PATH}\n")[2] == told
    assert [each["act"] for each in data(root)["decisions"]] == [*before, "review-completed"]
    for command in re.findall(r"^  mcred (.+)$", done.out, re.MULTILINE):
        typed = command.replace("until=DATE", "until=2028-11-21").replace("DATE", "2026-11-21")
        typed = typed.replace("REASON", "x").replace("VERSION", "3")
        ran = mcred(*typed.split(), "--as-of", AS_OF, cwd=root)
        assert ran.code == 0, (typed, ran)


def test_what_expires_is_not_reviewed_again(whole):
    done = review(whole, "record", "weed-walks", *DONE)
    assert done.code == 0, done
    told = done.out.partition("wrote catalogue/micro-credentials/weed-walks.yaml\n")[2]
    assert told.splitlines()[0] == "its status ends 2026-06-03, and no further review is due"


def test_where_no_rule_is_known_no_date_is_made_up(whole):
    done = review(whole, "record", "tide-pool-guides", *DONE)
    assert done.code == 0, done
    assert "the next review has no date: no rule of its framework about its review is known\n" in done.out
    assert "once the authority has answered" not in done.out


# --- what is refused -------------------------------------------------------------------------------------------------

REFUSED = {
    "nothing": ((), 2, "--reviewer, --date and --outcome are missing"),
    "no-outcome": (DONE[:4], 2, "--outcome is missing"),
    "no-provider": (("--reviewer", "provider", *DONE[2:]), 2, "--by is missing"),
    "reviewer": (
        ("--reviewer", "develper", *DONE[2:]),
        2,
        "--reviewer: no 'develper'; there is 'developer' or 'provider'; did you mean 'developer'?",
    ),
    "outcome": (
        (*DONE, "--outcome", "contine"),
        2,
        "--outcome: no 'contine'; there is 'continue', 'change' or 'discontinue'; did you mean 'continue'?",
    ),
    "organisation": (
        (*DONE, "--by", "example-provder"),
        2,
        "--by: no organisation 'example-provder'; did you mean 'example-provider'?",
    ),
    "another-kind": (
        (*DONE, "--by", "example-standard-90001"),
        2,
        "--by: no organisation 'example-standard-90001'",
    ),
    "input": (
        (*DONE, "--input", "example-industry-bord"),
        2,
        "--input: no organisation 'example-industry-bord'; did you mean 'example-industry-board'?",
    ),
    "question": (
        (*DONE, "--checked", "ned=confirmed"),
        2,
        (
            "--checked: no question 'ned'; there is 'need', 'currency', 'learner-outcomes' or 'capability'; "
            "did you mean 'need'?"
        ),
    ),
    "answer": (
        (*DONE, "--checked", "need=confirmd"),
        2,
        (
            "--checked need: no 'confirmd'; there is 'confirmed', 'changes-needed' or 'not-checked'; "
            "did you mean 'confirmed'?"
        ),
    ),
    "no-answer": (
        (*DONE, "--checked", "need"),
        2,
        "--checked: 'need' is not QUESTION=ANSWER, such as need=confirmed",
    ),
    "answered-twice": (
        (*DONE, "--checked", "need=confirmed", "--checked", "need=changes-needed"),
        2,
        "--checked: 'need' is answered twice",
    ),
    "heard-nobody": ((*DONE, "--input", ""), 2, "--input: nothing stands in it"),
    "impossible-day": ((*DONE, "--date", "2026-02-30"), 2, "--date: 30 February 2026 does not exist"),
    "no-day": (
        (*DONE, "--date", "20.11.2026"),
        2,
        "--date: '20.11.2026' is not a date such as 2026-11-22, 2026-11 or 2026",
    ),
    "future": (
        (*DONE, "--date", "2026-11-23"),
        2,
        "--date: 2026-11-23 is after 2026-11-22; what is to come is not recorded",
    ),
    "reported-in-future": (
        (*DONE, "--reported-on", "2026-12"),
        2,
        "--reported-on: 2026-12 is after 2026-11-22; what is to come is not recorded",
    ),
    "report": (
        (*DONE, "--report", "documents/worked-example/review-2025.md"),
        2,
        (
            "--report: no file 'documents/worked-example/review-2025.md' in the catalogue; "
            "did you mean 'documents/worked-example/review-2026.md'?"
        ),
    ),
    "empty": ((*DONE, "--findings", " "), 2, "--findings: nothing stands in it"),
    "not-utf-8": (
        (*DONE, "--findings", "\udcff"),
        2,
        "worked-example: a value is not text in the encoding of this terminal",
    ),
    "before-approval": (
        (*DONE, "--date", "2024-02-11"),
        3,
        "nothing was written: 2024-02-11 is before the approval on 2024-02-12; only what is approved is reviewed",
    ),
    "twice": (
        (*DONE, "--date", "2026-01-30"),
        3,
        (
            "nothing was written: the developer's review by 'example-provider' was completed on 2026-01-30 already "
            "(review-completed-2026-01-30)"
        ),
    ),
    "with-a-table": (
        (*DONE, "--from", "x.csv"),
        2,
        "--from names the records and what is known of each review; leave the rest out",
    ),
}


@pytest.mark.parametrize(("arguments", "code", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_told_in_one_line_and_nothing_is_written(root, arguments, code, message):
    old = files(root)
    done = review(root, "record", "worked-example", *arguments)
    assert (done.code, done.out, done.err) == (code, "", f"mcred: {message}\n")
    assert files(root) == old


ABOUT = {
    "a-draft": (
        "planting-beside-streams",
        3,
        (
            "nothing was written: 'planting-beside-streams' has no review to record: it is draft, and only what is approved "
            "is reviewed"
        ),
    ),
    "observed": ("iwitanga", 3, "'iwitanga' is a copy of what others publish: edit it when their page changes"),
    "nobody": ("worked-exmple", 3, "no record 'worked-exmple'; did you mean 'worked-example'?"),
    "an-organisation": (
        "example-provider",
        2,
        "example-provider: nothing is decided about a record of the kind 'organisation'",
    ),
    "a-statement": (
        "swarm-collectors-workshop",
        2,
        "swarm-collectors-workshop: no act 'review-completed'; there is 'applied', 'corrected' or 'issued'",
    ),
}


@pytest.mark.parametrize(("name", "code", "message"), ABOUT.values(), ids=ABOUT)
def test_what_has_no_review_is_told_so(whole, name, code, message):
    old = files(whole)
    done = review(whole, "record", name, *DONE)
    assert (done.code, done.out, done.err) == (code, "", f"mcred: {message}\n")
    assert files(whole) == old


def test_what_was_removed_is_not_reviewed(whole):
    done = review(whole, "record", "honey-tasting", *DONE)
    assert done.code == 3
    assert "'review-completed' comes after the record was removed from the register" in words(done)


def test_no_record_is_named(root):
    for command in ("start", "record", "report"):
        done = review(root, command)
        assert (done.code, done.err) == (2, "mcred: name the record (`mcred due-reviews` lists what is due)\n")


STARTED = {
    "nothing": ((), 2, "--reviewer and --date are missing"),
    "future": (
        ("--reviewer", "developer", "--date", "2026-11-23"),
        2,
        "--date: 2026-11-23 is after 2026-11-22; what is to come is not recorded",
    ),
    "twice": (
        ("--reviewer", "developer", "--date", "2025-11-03"),
        3,
        (
            "nothing was written: the developer's review by 'example-provider' was started on 2025-11-03 already "
            "(review-started-2025-11-03)"
        ),
    ),
}


@pytest.mark.parametrize(("arguments", "code", "message"), STARTED.values(), ids=STARTED)
def test_what_cannot_be_started_is_told(root, arguments, code, message):
    old = files(root)
    done = review(root, "start", "worked-example", *arguments)
    assert (done.code, done.out, done.err) == (code, "", f"mcred: {message}\n")
    assert files(root) == old


def test_a_review_under_way_is_not_started_again(root):
    assert review(root, "start", "worked-example", "--reviewer", "developer", "--date", "2026-10-01").code == 0
    done = review(root, "start", "worked-example", "--reviewer", "developer", "--date", "2026-10-02")
    assert (done.code, done.err) == (
        3,
        (
            "mcred: nothing was written: the developer's review by 'example-provider' was started on 2026-10-01 and is "
            "under way; `mcred review record` completes it\n"
        ),
    )


def test_the_words_are_those_of_the_schema():
    shape = schemas().shape("micro-credential")
    about = Record("micro-credential", "a.yaml", {"id": "a"})
    fields = shape.fields(known(shape, about, "review-completed"), {"act": "review-completed"})
    assert fields["reviewer"]["enum"] == list(REVIEWERS)
    assert fields["outcome"]["enum"] == list(OUTCOMES)
    assert fields["checked"]["additionalProperties"]["enum"] == list(ANSWERS)
    assert [key for key in KEYS if key not in fields] == []


# --- several in one go -----------------------------------------------------------------------------------------------

TABLE = """\
Record,Reviewer,Date,Input,Need,Learner outcomes,Outcome,Findings,Reported on
worked-example,developer,2026-11-19,example-industry-board; Iwi and hapū,confirmed,,continue,"Needed, and ""current"".",2026-11
forest-trap-lines,Developer,2026-11-20,,changes-needed,confirmed,change,,
hive-inspection,developer,2025-11-20,,,,continue,Found only now.,
"""


def spreadsheet(text, apart=";", end="\r\n", start="\ufeff"):
    """A table as a spreadsheet of another country writes it."""
    quoted = re.sub(r'"(?:[^"]|"")*"|,', lambda found: apart if found[0] == "," else found[0], text)
    if apart == ";":
        quoted = quoted.replace("example-industry-board; Iwi", '"example-industry-board; Iwi').replace(
            "hapū;", 'hapū";'
        )
    return (start + quoted.replace("\n", end)).encode()


@pytest.mark.parametrize("text", [TABLE.encode(), spreadsheet(TABLE)], ids=["commas", "semicolons-bom-crlf"])
def test_several_reviews_from_a_table_and_a_second_run_doubles_none(whole, text):
    (whole / "x.csv").write_bytes(text)
    names = ("worked-example", "forest-trap-lines", "hive-inspection")
    old = {name: record(whole, name).read_bytes() for name in names}
    done = review(whole, "record", "--from", "x.csv")
    assert (done.code, done.err) == (0, "")
    for name in names:
        only_added(old[name], record(whole, name).read_bytes())
    assert data(whole)["decisions"][-1] == {
        "id": "review-completed-2026-11-19",
        "act": "review-completed",
        "date": "2026-11-19",
        "by": "example-provider",
        "reviewer": "developer",
        "reported_on": "2026-11",
        "input_from": ["example-industry-board", {"title": "Iwi and hapū"}],
        "checked": {"need": "confirmed"},
        "outcome": "continue",
        "findings": 'Needed, and "current".',
    }
    assert data(whole, "forest-trap-lines")["decisions"][-1]["checked"] == {
        "need": "changes-needed",
        "learner-outcomes": "confirmed",
    }
    assert "\nhive-inspection: a later review counts, so this one moves no date; " in done.out
    now = files(whole)
    again = review(whole, "record", "--from", "x.csv")
    assert (again.code, again.out) == (3, "")
    assert again.err == (
        "mcred: x.csv: line 2: nothing was written: the developer's review by 'example-provider' was completed on "
        "2026-11-19 already (review-completed-2026-11-19)\n"
    )
    assert files(whole) == now


HEAD = "record,reviewer,by,date,outcome,need\n"
GOOD = "forest-trap-lines,developer,,2026-11-20,continue,\n"
TABLES = {
    "date": (HEAD + GOOD + "worked-example,developer,,30/01/2026,continue,\n", 2,
             "line 3: column 'date': '30/01/2026' is not a date such as 2026-11-22, 2026-11 or 2026"),
    "outcome": (HEAD + GOOD + "worked-example,developer,,2026-11-20,contine,\n", 2,
                ("line 3: column 'outcome': no 'contine'; there is 'continue', 'change' or 'discontinue'; "
                "did you mean 'continue'?")),
    "answer": (HEAD + GOOD + "worked-example,developer,,2026-11-20,continue,yes\n", 2,
               "line 3: column 'need': no 'yes'; there is 'confirmed', 'changes-needed' or 'not-checked'"),
    "organisation": (HEAD + GOOD + "worked-example,developer,example-provder,2026-11-20,continue,\n", 2,
                     "line 3: column 'by': no organisation 'example-provder'; did you mean 'example-provider'?"),
    "missing": (HEAD + GOOD + "worked-example,provider,,2026-11-20,,\n", 2,
                "line 3: column 'by' and column 'outcome' are missing"),
    "no-record": (HEAD + GOOD + ",developer,,2026-11-20,continue,\n", 2,
                  "line 3: column 'record' says whose review it is, and is empty"),
    "record": (HEAD + GOOD + "worked-exmple,developer,,2026-11-20,continue,\n", 3,
               "line 3: no record 'worked-exmple'; did you mean 'worked-example'?"),
    "twice": (HEAD + GOOD + GOOD, 3,
              ("line 3: nothing was written: the developer's review by 'example-provider' was completed on 2026-11-20 "
              "already (review-completed-2026-11-20)")),
    "draft": (HEAD + GOOD + "planting-beside-streams,developer,,2026-11-20,continue,\n", 3,
              ("line 3: nothing was written: 'planting-beside-streams' has no review to record: it is draft, and only "
              "what is approved is reviewed")),
    "column": ("record,reviewer,outcom\n", 2,
               ("line 1: no column 'outcom'; there is 'record', 'id', 'input', 'need', 'currency', 'learner-outcomes', "
                "'capability', 'reviewer', 'date', 'by', 'input-from', 'checked', 'findings', 'outcome', 'report' or "
                "'reported-on'; did you mean 'outcome'?")),
    "answered-twice": ("record,need,checked\nworked-example,confirmed,need=not-checked\n", 2,
                       "line 2: column 'checked': 'need' is answered twice"),
    "column-twice": ("record,ID\n", 2, "line 1: two columns are named 'record'"),
    "nothing": ("", 2, "there is no review in it"),
    "head-only": (HEAD, 2, "there is no review in it"),
    "open-quote": (HEAD + 'worked-example,"developer', 2, "line 2: unexpected end of data"),
    "too-many-cells": (HEAD + "worked-example,developer,,2026-11-20,continue,,more\n", 2,
                       "line 2: more cells than columns; a text that holds a comma needs quotes"),
    "checked": ("record,checked\nworked-example,need\n", 2,
                "line 2: column 'checked': 'need' is not QUESTION=ANSWER, such as need=confirmed"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code", "message"), TABLES.values(), ids=TABLES)
def test_one_bad_row_and_nothing_is_written(whole, text, code, message):
    (whole / "x.csv").write_text(text)
    old = files(whole)
    done = review(whole, "record", "--from", "x.csv")
    assert (done.code, done.out, done.err) == (code, "", f"mcred: x.csv: {message}\n")
    assert files(whole) == old


def test_every_own_record_that_is_reviewed_takes_a_review_and_no_other_byte_changes(whole):
    """One table with all of them, so that the catalogue is checked once; each answer is that of its own framework."""
    names = []
    for path, content in real_records().items():
        text = content.decode()
        kind = path.partition("/")[0]
        approved = re.search(r"act: (content-approved|listed)\b", text)
        if kind in ("micro-credentials", "training-schemes") and approved and "custody: observed" not in text:
            names.append((path, "removed" not in text))
    rows = [
        f"{path.rpartition('/')[2].removesuffix('.yaml')},provider,example-provider,2026-11-20,continue,It is so: yes #1."
        for path, kept in names
        if kept
    ]
    (whole / "x.csv").write_text("record,reviewer,by,date,outcome,findings\n" + "\n".join(rows) + "\n")
    old = files(whole)
    done = review(whole, "record", "--from", "x.csv")
    assert done.code == 0, done
    assert len(rows) > 20
    for path, kept in names:
        lines = only_added(old[path], (whole / path).read_bytes())
        assert bool(lines) == kept
    changed = {path for path, content in files(whole).items() if old.get(path) != content}
    assert changed == {path for path, kept in names if kept}


# --- whole or not at all ---------------------------------------------------------------------------------------------

KILLED = """\
import os, sys
step, when, *arguments = sys.argv[1:]
real = getattr(os, step)
def die(*given, **named):
    if when == "after":
        real(*given, **named)
    os.kill(os.getpid(), 9)
setattr(os, step, die)
sys.argv = ["mcred", *arguments]
from mcred.cli import main
main()
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_killed_at_any_step_the_record_is_the_old_one_or_the_new_one(root, step, when):
    old = record(root).read_bytes()
    arguments = ("review", "record", "worked-example", *DONE, "--as-of", AS_OF)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, step, when, *arguments],
        cwd=root,
        # A cache in the repository is none: it is the record's own file that is put in place.
        env=environment(root) | {"XDG_CACHE_HOME": str(root)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    added = only_added(old, record(root).read_bytes())
    assert bool(added) == ((step, when) == ("replace", "after"))


# --- at a terminal ---------------------------------------------------------------------------------------------------


class Terminal:
    """The program at a terminal that somebody types at."""

    def __init__(self, *arguments, cwd):
        child, ours = pty.fork()
        if not child:
            os.chdir(cwd)
            os.execve(PROGRAM, ["mcred", *arguments], environment(cwd, TERM="xterm"))  # noqa: S606 - the child is it
        self.child, self.ours, self.said, self.heard = child, ours, "", 0

    def until(self, words):
        """Read until the program has said some words, after those that were waited for before."""
        end = time.monotonic() + 30
        while (place := self.said.find(words, self.heard)) < 0:
            assert time.monotonic() < end, self.said
            self.said += self._read()
        self.heard = place + len(words)
        return self

    def waiting(self):
        """Wait until the program waits: a signal between its question and that is noticed with the next line only."""
        stat = Path(f"/proc/{self.child}/stat")
        while stat.read_text().rpartition(")")[2].split()[0] != "S":
            time.sleep(0.01)
        return self

    def type(self, text):
        os.write(self.ours, text.encode())
        return self

    def end(self):
        """Read to the end; return the exit code and all that was said."""
        while piece := self._read():
            self.said += piece
        os.close(self.ours)
        _, status = os.waitpid(self.child, 0)
        return os.waitstatus_to_exitcode(status), self.said

    def _read(self):
        if not select.select([self.ours], [], [], 30)[0]:
            return ""
        try:
            return os.read(self.ours, 65536).decode().replace("\r\n", "\n")
        except OSError:  # what Linux gives at the end of a terminal
            return ""


CONVERSATION = (
    ("Whose review is it? ('developer' or 'provider'): ", "developer"),
    ("When was it? A date such as 2026-11-22: ", ""),
    ("it has to be answered\nWhen was it? A date such as 2026-11-22: ", "2026-11-31"),
    ("30 November 2026 does not exist"[3:] + "\nWhen was it? A date such as 2026-11-22: ", "2026-11-20"),
    ("Which organisation made it? Its id [example-provider]: ", ""),
    (
        "Who was heard? Ids of organisations, or names, with semicolons between (optional): ",
        "example-industry-board; Iwi and hapū",
    ),
    (
        "Is there still evidence that it is needed? ('confirmed', 'changes-needed' or 'not-checked'; optional): ",
        "yes",
    ),
    (
        (
            "no 'yes'; there is 'confirmed', 'changes-needed' or 'not-checked'\nIs there still evidence that it is needed? "
            "('confirmed', 'changes-needed' or 'not-checked'; optional): "
        ),
        "confirmed",
    ),
    (
        "Does anything have to be updated or adjusted? ('confirmed', 'changes-needed' or 'not-checked'; optional): ",
        "",
    ),
    ("What was found? Without names of persons (optional): ", "Still needed."),
    ("What does the reviewer mean to do? ('continue', 'change' or 'discontinue'): ", "continue"),
    ("Where is the report? A path below the folder of catalogue.yaml (optional): ", ""),
    ("When did the report go to the authority? (optional): ", ""),
)


def test_at_a_terminal_it_asks_for_what_is_missing(root):
    asked = Terminal("review", "record", "worked-example", "--as-of", AS_OF, cwd=root)
    for question, answer in CONVERSATION:
        asked.until(question).type(f"{answer}\n")
    code, said = asked.end()
    assert code == 0, said
    assert said.startswith(
        "A review of worked-example: Farm Water Sampling (Micro-credential)\n"
        "An empty answer skips what is optional or takes what stands in brackets; Ctrl-C stops, and nothing is written.\n"
    )
    assert data(root)["decisions"][-1] == {
        "id": "review-completed-2026-11-20",
        "act": "review-completed",
        "date": "2026-11-20",
        "by": "example-provider",
        "reviewer": "developer",
        "input_from": ["example-industry-board", {"title": "Iwi and hapū"}],
        "checked": {"need": "confirmed"},
        "outcome": "continue",
        "findings": "Still needed.",
    }


def test_what_was_given_is_not_asked_for(root):
    given = (
        "--reviewer",
        "provider",
        "--by",
        "example-provider",
        "--date",
        "2026-11-20",
        "--checked",
        "capability=confirmed",
    )
    asked = Terminal("review", "record", "worked-example", *given, "--findings", "x", "--as-of", AS_OF, cwd=root)
    asked.until("Who was heard?").type("\n")
    asked.until("How did it turn out for learners?").type("confirmed\n")
    asked.until("What does the reviewer mean to do?").type("continue\n")
    asked.until("Where is the report?").type("\n").until("When did the report go").type("\n")
    code, said = asked.end()
    assert code == 0, said
    assert said.count("?") == 5
    assert data(root)["decisions"][-1]["checked"] == {"learner-outcomes": "confirmed", "capability": "confirmed"}


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["ctrl-c", "ctrl-d"])
@pytest.mark.parametrize("after", range(3))
def test_whoever_stops_has_written_nothing(root, key, after):
    old = files(root)
    asked = Terminal("review", "record", "worked-example", "--as-of", AS_OF, cwd=root)
    typed = [CONVERSATION[0], CONVERSATION[3], CONVERSATION[4]]
    for question, answer in typed[:after]:
        asked.until(question.rpartition("\n")[2]).type(f"{answer}\n")
    asked.until(typed[after][0].rpartition("\n")[2])
    code, said = asked.waiting().type(key).end()
    assert code == 130, said
    assert said.endswith("mcred: stopped\n")
    assert files(root) == old


def test_nothing_is_asked_where_nothing_is_missing(root):
    code, said = Terminal("review", "record", "worked-example", *DONE, "--as-of", AS_OF, cwd=root).end()
    assert (code, "?" in said) == (0, False)


# --- list ------------------------------------------------------------------------------------------------------------

LIST = (
    "date\treviewer\torganisation\toutcome\tinput\tanswer\tnext due\n"
    "2026-01-30\tdeveloper\texample-provider\tchange\texample-industry-board; Two catchment groups\taccepted\t2028-02\n"
)


def test_the_reviews_of_a_record_are_listed(root):
    done = review(root, "list", "worked-example")
    assert (done.code, done.out, done.err) == (0, LIST, "")
    assert review(root, "record", "worked-example", *DONE, "--input", "=1+1").code == 0
    assert review(root, "start", "worked-example", "--reviewer", "provider", "--by", "example-provider",
                  "--date", "2026-11-21").code == 0  # fmt: skip
    later = review(root, "list", "worked-example").out
    assert later == LIST + (
        "2026-11-20\tdeveloper\texample-provider\tcontinue\t=1+1\t\t2028-11-20 (provisional)\n"
        "2026-11-21\tprovider\texample-provider\tunder way\t\t\t\n"
    )
    assert ",'=1+1," in review(root, "list", "worked-example", "--format", "csv").out
    assert mcred("review", "list", "worked-example", "--as-of", "2026-11-19", cwd=root).out == LIST


def test_a_list_for_programs(root):
    assert review(root, "list", "worked-example", "--format", "json").json == {
        "schema": "mcred-reviews/1",
        "record": "worked-example",
        "as_of": AS_OF,
        "reviews": [
            {
                "id": "review-completed-2026-01-30",
                "date": "2026-01-30",
                "reviewer": "developer",
                "organisation": "example-provider",
                "outcome": "change",
                "input": ["example-industry-board", "Two catchment groups"],
                "answer": "accepted",
                "next_due": "2028-02",
                "because": "assigned-date",
                "assumed": ["end-of-month"],
            }
        ],
    }


def test_each_review_shows_what_was_due_by_it(whole):
    lines = review(whole, "list", "weed-walks").out.splitlines()
    assert [line.split("\t")[0] + " " + line.split("\t")[-1] for line in lines[1:]] == [
        "2022-02-14 2024-03-27",
        "2024-03-18 none: its status ends 2026-06-03",
    ]


def test_a_list_at_a_terminal_is_a_table(root):
    code, said = Terminal("review", "list", "worked-example", "--as-of", AS_OF, cwd=root).end()
    assert code == 0
    assert "\t" not in said
    assert "2026-01-30" in said
    assert said.endswith("\n\n1 review (as of 2026-11-22)\n")


def test_a_list_of_all_is_another_command(root):
    done = review(root, "list")
    assert (done.code, done.err) == (
        2,
        "mcred: name the record; `mcred due-reviews` lists what is due in all of them\n",
    )
    done = review(root, "list", "worked-example", "--format", "jsn")
    assert (done.code, done.err) == (
        2,
        "mcred: --format: no format 'jsn'; there is 'table', 'tsv', 'csv' or 'json'; did you mean 'json'?\n",
    )


# --- report ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "format"), [("worked-example", "md"), ("house-cow-milking", "text")])
def test_a_report_says_what_was_answered_and_what_is_open(whole, golden, name, format):
    done = review(whole, "report", name, "--format", format)
    assert (done.code, done.err) == (0, "")
    assert review(whole, "report", name, "--format", format).out == done.out
    golden(GOLDENS / f"review-report.{name}.{format}", done.out)


def test_of_a_review_under_way_everything_is_open(root):
    assert review(root, "start", "worked-example", "--reviewer", "developer", "--date", "2026-10-01").code == 0
    text = review(root, "report", "worked-example", "--format", "text").out
    own = text.partition("The developer's review\n")[2].partition("\n\n")[0]
    assert own == (
        f"  Organisation: Example Provider (example-provider) ({PATH}:174)\n"
        f"  Started: 2026-10-01 ({PATH}:174)\n"
        "  Completed: [to be filled in]\n"
        "  Is there still evidence that it is needed? [to be filled in]\n"
        "  Does anything have to be updated or adjusted? [to be filled in]\n"
        "  Findings: [to be filled in]\n"
        "  Who was heard: [to be filled in]\n"
        "  Outcome: [to be filled in]\n"
        "  Report: [to be filled in]\n"
        "  Reported to the authority: [to be filled in]"
    )


def test_a_report_has_the_reviews_of_providers_since_the_developers_last(root):
    def university(day):
        given = (
            "--by",
            "example-university",
            "--date",
            day,
            "--outcome",
            "continue",
            "--checked",
            "capability=confirmed",
        )
        assert review(root, "record", "worked-example", "--reviewer", "provider", *given).code == 0
        return review(root, "report", "worked-example", "--format", "text").out

    assert "A provider's review: Example University" in university("2025-12-15")
    assert review(root, "start", "worked-example", "--reviewer", "developer", "--date", "2026-10-01").code == 0
    assert "A provider's review: Example University" not in review(root, "report", "worked-example").out
    theirs = university("2026-10-15").partition("A provider's review: Example University")[2].partition("\n\n")[0]
    assert theirs == (
        f" (example-university)\n  Completed: 2026-10-15 ({PATH}:184)\n"
        "  How did it turn out for learners? [to be filled in]\n"
        f"  Can the provider still deliver it? confirmed ({PATH}:187)\n"
        "  Findings: [to be filled in]\n  Who was heard: [to be filled in]\n"
        f"  Outcome: continue ({PATH}:188)\n  Report: [to be filled in]"
    )


def test_text_of_a_record_is_no_markup(root):
    nasty = "</table> <script>x</script> [a](http://x) **b** `c` @d #1 www.e.example"
    assert review(root, "record", "worked-example", *DONE, "--findings", nasty).code == 0
    page = review(root, "report", "worked-example").out
    assert (
        "- **Findings:** &lt;/table&gt; &lt;script&gt;x&lt;/script&gt; \\[a\\](http:&#8203;//x) \\*\\*b\\*\\* \\`c\\` @&#8203;d "
        "\\#&#8203;1 www&#8203;.e.example (catalogue/micro-credentials/worked-example.yaml:180)\n"
    ) in page
    assert literal("a\nb\x1b") == "a<U+000A>b<U+001B>".replace("<", "&lt;").replace(">", "&gt;")


def test_it_says_what_it_is_not(whole):
    text = review(whole, "report", "worked-example", "--format", "text").out
    assert "It is not a form of NZQA (nzqa).\nFictional example data: " in text
    observed = next(
        path.rpartition("/")[2].removesuffix(".yaml")
        for path, content in real_records().items()
        if path.startswith("micro-credentials/") and b"custody: observed" in content and b"register_entry:" in content
    )
    text = review(whole, "report", observed, "--format", "text").out
    assert "\nA summary of what others publish, not the register.\n" in text
    assert "Fictional" not in text


def test_a_report_goes_into_a_new_file(root):
    done = review(root, "report", "worked-example", "--output", "r.md")
    assert (done.code, done.out) == (0, "wrote r.md\n")
    assert (root / "r.md").read_text() == review(root, "report", "worked-example").out
    (root / "r.md").write_text("filled in by hand\n")
    again = review(root, "report", "worked-example", "--output", "r.md")
    assert (again.code, again.err) == (
        3,
        "mcred: r.md is there already, and somebody may have filled it in; name another file\n",
    )
    assert (root / "r.md").read_text() == "filled in by hand\n"


def test_there_is_no_report_on_a_draft(whole):
    done = review(whole, "report", "planting-beside-streams")
    assert (done.code, done.err) == (
        3,
        "mcred: 'planting-beside-streams' has no review: it is draft, and only what is approved is reviewed\n",
    )


def test_every_record_has_a_list_and_one_that_is_reviewed_a_report(whole, monkeypatch):
    """Also copies of what others publish, whose decisions lack dates and bodies, and groups."""
    approved = "\ndecisions: [{id: listed-2024, act: listed, date: 2024-02, by: example-qualifications-authority}]\n"
    group = whole / "groups" / "neighbourhood-garden-series.yaml"
    group.write_text(re.sub(r"(?m)^stage: .*\n", "", group.read_text()) + approved)
    monkeypatch.chdir(whole)
    register = open_register(date(2026, 11, 22))
    reports = 0
    for about in register.records.values():
        if about.kind in ("micro-credential", "training-scheme", "group"):
            view = register.view(about)
            assert [plain(each)["reviewer"] for each in past(view)] == [each.reviewer for each in past(view)]
            made = paper(Source(view, register.context.books["nzqcf"].clauses, str, str))
            assert made.sections[-1].heading == "Still to be filled in"
            reports += bool(made.sections)
    assert reports > 60
    assert review(whole, "report", "neighbourhood-garden-series").code == 0


# --- the group -------------------------------------------------------------------------------------------------------


def test_the_group_shows_its_commands_and_corrects_a_name(root):
    alone = mcred("review", cwd=root)
    assert alone.code == 0
    assert alone.out == mcred("review", "--help", cwd=root).out
    assert re.findall(r"^  ([a-z]+) {2,}", alone.out.partition("Commands:")[2], re.MULTILINE) == [
        "start",
        "record",
        "list",
        "report",
    ]
    done = mcred("review", "recrod", cwd=root)
    assert (done.code, done.err) == (
        2,
        "mcred: no command 'recrod'; did you mean 'record'? (see `mcred review --help`)\n",
    )
    done = mcred("review", "record", "worked-example", "--outcom", "x", cwd=root)
    assert (done.code, done.err) == (
        2,
        "mcred: no option '--outcom'; did you mean '--outcome'? (see `mcred review record --help`)\n",
    )
    assert json.loads(mcred("review", "list", "worked-example", "--format", "json", cwd=root).out)["record"]
