"""`due-reviews` as people run it: what is due, what is shown of it, and what is said of the rest."""

import csv
import io
import json
import os
import pty
import re
import subprocess
from datetime import date, timedelta

import pytest

from mcred.record.reviews import Due
from mcred.review import Earlier, Item, load, spread
from tests.support import AS_OF, GOLDENS, PROGRAM, environment, made, mcred

AUTHORITY = "by: authority"


def record(id, *decisions, more=""):
    return f"id: {id}\ntitle: {id.replace('-', ' ').capitalize()}\nframework: nzqcf\nlevel: 3\n" + (
        f"developer: school\n{more}decisions:\n" + "".join(f"  - {{{each}}}\n" for each in decisions)
    )


def approved(day, years="", name="approved"):
    return f'id: {name}, act: content-approved, date: {day}, {AUTHORITY}, version: "1"' + (
        f", review_years: {years}" if years else ""
    )


REVIEW = "review: {lead: quality-lead, lead_time: 3m}\n"
LISTED = f'id: listed, act: listed, date: 2024-03-04, {AUTHORITY}, version: "1", number: "9001"'
DELIVERED = f"id: taught, act: delivery-approved, date: 2025-01-06, {AUTHORITY}, provider: other, until: 2027-01-31"

RECORDS = {
    "catalogue.yaml": "format: 1\ntitle: A register\ntimezone: Pacific/Auckland\nlanguages: [en]\n",
    "organisations/authority.yaml": "{id: authority, title: Authority}\n",
    "organisations/school.yaml": "{id: school, title: School, roles: [{id: quality-lead}]}\n",
    "organisations/other.yaml": "{id: other, title: Other, fictional: true}\n",
    "micro-credentials/late.yaml": record("late", approved("2024-02-12", 2), LISTED, DELIVERED, more=REVIEW),
    "micro-credentials/today.yaml": record("today", approved("2024-11-22", 2)),
    "micro-credentials/in-a-week.yaml": record("in-a-week", approved("2024-11-29", 2)),
    "micro-credentials/in-ninety-days.yaml": record("in-ninety-days", approved("2025-02-20", 2)),
    "micro-credentials/later.yaml": record("later", approved("2025-02-21", 2)),
    "micro-credentials/month.yaml": record("month", approved("2024-12", 2)),
    "micro-credentials/no-period.yaml": record("no-period", approved("2025-02-21")),
    "micro-credentials/no-rule.yaml": record("no-rule", approved("2025-02-21", 2)).replace("nzqcf", "none"),
    "micro-credentials/with-condition.yaml": record(
        "with-condition",
        approved("2026-06-01", 3) + ", conditions: [{id: assessor, text: A second assessor., due: 2026-12-01}]",
    ),
    "micro-credentials/ending.yaml": record(
        "ending",
        approved("2024-02-12", 2),
        LISTED.replace("9001", "9002"),
        f"act: status-assigned, date: 2026-01-12, {AUTHORITY}, status: expiring, until: 2027-01-15",
    ),
    "micro-credentials/a-draft.yaml": "id: a-draft\ntitle: A Draft\nframework: nzqcf\n",
    "micro-credentials/seen.yaml": """\
id: seen
title: Seen
custody: observed
framework: nzqcf
unknown: rest
sources: [{id: page, title: A page, seen: 2026-11}]
register_entry: {number: "4000", status: Current}
""",
    "standards/nz-standard-1.yaml": """\
id: nz-standard-1
number: "1"
type: unit
framework: nzqcf
planned_review: 2026-12-31
versions: [{version: "1", title: One, level: 2, credits: 3}]
""",
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    return made(tmp_path_factory.mktemp("due"), RECORDS)


def due(catalogue, *arguments, as_of=AS_OF):
    ran = mcred("due-reviews", "--as-of", as_of, "--format", "json", *arguments, cwd=catalogue)
    assert ran.code == 0, ran.err
    return ran.json


def shown(catalogue, *arguments, as_of=AS_OF):
    """Record, kind and bucket of each row."""
    return [
        (each["record"], each["kind"], each["bucket"]) for each in due(catalogue, *arguments, as_of=as_of)["reviews"]
    ]


# --- what is due -----------------------------------------------------------------------------------------------------

PRESSING = [
    ("late", "developer", "overdue"),
    ("late", "provider", "overdue"),
    ("today", "developer", "today"),
    ("in-a-week", "developer", "7"),
    ("with-condition", "condition", "30"),
    ("month", "developer", "90"),
    ("ending", "expiring", "90"),
    ("late", "delivery", "90"),
    ("in-ninety-days", "developer", "90"),
]


def test_what_is_overdue_and_due_within_90_days(catalogue):
    report = due(catalogue)

    assert [(each["record"], each["kind"], each["bucket"]) for each in report["reviews"]] == PRESSING
    assert report["counts"] == {"overdue": 2, "today": 1, "7": 1, "30": 1, "90": 4, "later": 3, "none": 2}
    assert report["undated"] == {"no-rule-known": 1, "period-unknown": 1}
    assert (report["schema"], report["as_of"], report["timezone"]) == ("mcred-due-reviews/1", AS_OF, "Pacific/Auckland")
    assert (report["checked"], report["matching"], report["unread"]) == (10, 9, 0)


def test_a_window_of_ones_own_lists_what_has_no_date_too(catalogue):
    report = due(catalogue, "--within", "36500d")

    assert sum(report["counts"].values()) == len(report["reviews"]) == 14
    assert [each["record"] for each in report["reviews"]][-2:] == ["no-period", "no-rule"]
    assert [each["because"] for each in report["reviews"]][-2:] == ["period-unknown", "no-rule-known"]


def test_a_row_says_all_that_is_known(catalogue):
    late = due(catalogue)["reviews"][0]
    told = late.pop("explanation")

    assert told.endswith("(assumed: the period starts with the approval of the first version)")
    assert late.pop("revision", 3) == 3
    assert late == {
        "record": "late",
        "title": "Late",
        "code": "9001",
        "kind": "developer",
        "id": None,
        "state": "not-started",
        "due": "2026-02-12",
        "written": "2026-02-12",
        "days": -283,
        "bucket": "overdue",
        "start_by": "2025-11-12",
        "lead": "quality-lead",
        "organisation": "school",
        "outstanding": ["other"],
        "last_review": None,
        "because": "period-from-start",
        "assumed": ["start-is-approval"],
        "custody": "own",
        "fictional": False,
        "path": "catalogue/micro-credentials/late.yaml",
        "line": 8,
    }


@pytest.mark.parametrize(
    ("arguments", "rows"),
    [
        (("--within", "0d"), [*PRESSING[:3], ("no-period", "developer", "none"), ("no-rule", "developer", "none")]),
        (("--within", "1w", "--kind", "developer", "--level", "3", "--limit", "3"), [PRESSING[0], *PRESSING[2:4]]),
        (("--until", "2026-12-01", "--kind", "condition"), [PRESSING[4]]),
        (("--kind", "condition,delivery"), [PRESSING[4], PRESSING[7]]),
        (("--lead", "quality-lead"), [PRESSING[0], PRESSING[7]]),
        (("--organisation", "other"), [PRESSING[1], PRESSING[7]]),
        (("--kind", "standard"), [("nz-standard-1", "standard", "90")]),
        (("--kind", "framework"), []),
        (("--custody", "observed"), [("seen", "developer", "none")]),
        (("--sort", "id", "--limit", "2"), [("ending", "expiring", "90"), ("in-a-week", "developer", "7")]),
    ],
)
def test_filters(catalogue, arguments, rows):
    assert shown(catalogue, *arguments) == rows


def test_since_is_what_a_report_of_that_day_did_not_show(catalogue):
    assert shown(catalogue, "--since", AS_OF) == []
    assert shown(catalogue, "--since", "2026-11-20") == [("in-ninety-days", "developer", "90")]
    # What was shown as due and has become overdue since is new too.
    assert shown(catalogue, "--since", "2026-02-10", "--within", "7d", "--kind", "developer")[0] == PRESSING[0]


def test_a_decision_of_a_month_that_is_not_over_is_marked(tmp_path):
    given = f"act: review-date-assigned, date: 2026-11, {AUTHORITY}, next_review: 2027-01-31"
    root = made(tmp_path, {**RECORDS, "micro-credentials/late.yaml": record("late", approved("2024-02-12", 2), given)})

    def told(day):
        rows = due(root, "--within", "1y", as_of=day)["reviews"]
        return next(each["explanation"] for each in rows if each["record"] == "late")

    assert told("2026-11-29") == "assigned in 2026-11: 2027-01-31 (perhaps only after 2026-11-29)"
    assert told("2026-11-30") == "assigned in 2026-11: 2027-01-31"


def test_a_provider_that_has_reported_is_not_late(tmp_path):
    reported = "act: review-completed, date: 2025-11-03, by: other, reviewer: provider, outcome: continue"
    late = record("late", approved("2024-02-12", 2), LISTED, DELIVERED, reported, more=REVIEW)
    root = made(tmp_path, {**RECORDS, "micro-credentials/late.yaml": late})

    def rows(day):
        reviews = due(root, "--kind", "developer,provider", as_of=day)["reviews"]
        return [
            (each["kind"], each["bucket"], each["state"], each["outstanding"])
            for each in reviews
            if each["record"] == "late"
        ]

    assert rows("2026-02-12") == [("developer", "today", "not-started", []), ("provider", "today", "reported", [])]
    assert rows("2026-02-13") == [("developer", "overdue", "not-started", [])]


def test_a_condition_says_what_it_asks(catalogue):
    (row,) = due(catalogue, "--kind", "condition")["reviews"]

    assert row["explanation"] == "condition 'assessor' is due 2026-12-01: A second assessor."


def test_what_has_no_title_goes_by_its_id(tmp_path):
    untitled = RECORDS["micro-credentials/today.yaml"].replace("title: Today\n", "")
    root = made(tmp_path, {**RECORDS, "micro-credentials/today.yaml": untitled})

    assert [each["title"] for each in due(root)["reviews"] if each["record"] == "today"] == ["today"]


def test_a_decision_of_a_later_day_is_not_known_yet(tmp_path):
    decisions = (
        approved("2024-02-12", 2),
        "act: review-completed, date: 2026-02-20, by: school, reviewer: developer, outcome: continue, findings: Wanted.",
    )
    root = made(tmp_path, {**RECORDS, "micro-credentials/late.yaml": record("late", *decisions)})

    before, after = (
        [each for each in due(root, "--within", "9y", as_of=day)["reviews"] if each["record"] == "late"]
        for day in ("2026-02-19", "2026-02-20")
    )
    assert [(each["due"], each["state"]) for each in before] == [("2026-02-12", "not-started")]
    assert [(each["due"], each["state"]) for each in after] == [("2028-02-20", "with-the-authority")]
    assert after[0]["assumed"] == ["next-from-completion", "provisional"]


def test_a_review_that_starts_nothing_is_told_all_the_same(tmp_path):
    decisions = (
        approved("2024-02-12", 2),
        "id: reviewed, act: review-completed, date: 2025-12-01, by: school, reviewer: developer, outcome: continue",
        f"act: review-decided, date: 2026-01-12, {AUTHORITY}, review: reviewed, outcome: further-review",
    )
    root = made(tmp_path, {**RECORDS, "micro-credentials/late.yaml": record("late", *decisions)})

    assert due(root)["reviews"][0]["explanation"] == (
        "its first version was approved on 2024-02-12; "
        "the review completed on 2025-12-01 starts nothing: a further one was asked for on 2026-01-12; "
        "2 years, with the approval on 2024-02-12 (assumed: the period starts with the approval of the first version)"
    )
    why = mcred("why", "late", "review", "--as-of", AS_OF, cwd=root).out
    assert "asked for on 2026-01-12 (catalogue/micro-credentials/late.yaml:9)" in why


# --- how it is told --------------------------------------------------------------------------------------------------


def on_a_terminal(folder, *arguments, columns=80, **env):
    main, other = pty.openpty()
    size = {**environment(folder, COLUMNS=str(columns), TERM="xterm-256color"), **env}
    process = subprocess.Popen([PROGRAM, *arguments], cwd=folder, stdout=other, stderr=other, stdin=other, env=size)
    os.close(other)
    said = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(main)
    return process.wait(), said.decode().replace("\r\n", "\n")


def test_on_a_terminal_it_is_a_table_of_80_columns(catalogue, golden):
    code, plain = on_a_terminal(catalogue, "due-reviews", "--as-of", AS_OF, NO_COLOR="1")

    assert code == 0
    assert max(map(len, plain.splitlines())) <= 80
    golden(GOLDENS / "due-reviews.table-80.txt", plain)


def test_no_line_is_wider_than_a_narrow_terminal(tmp_path):
    title = "title: Looking after the horses of a riding school in winter"
    late = RECORDS["micro-credentials/late.yaml"].replace("title: Late", title)
    root = made(tmp_path, {**RECORDS, "micro-credentials/late.yaml": late})
    _, plain = on_a_terminal(root, "due-reviews", "--as-of", AS_OF, columns=50, NO_COLOR="1")
    lines = plain.splitlines()

    assert [line for line in lines if len(line) > 50] == []
    assert lines[lines.index("2026-02-12  283 days overdue") + 1] == "            Looking after the horses of a riding"


def test_colour_adds_nothing_that_words_do_not_say(catalogue):
    _, coloured = on_a_terminal(catalogue, "due-reviews", "--as-of", AS_OF)
    _, plain = on_a_terminal(catalogue, "due-reviews", "--as-of", AS_OF, NO_COLOR="1")

    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_piped_it_is_separated_by_tabs(catalogue):
    rows = [line.split("\t") for line in mcred("due-reviews", "--as-of", AS_OF, cwd=catalogue).out.splitlines()]

    assert rows[0][:6] == ["id", "title", "code", "kind", "state", "lead"]
    assert [row[0] for row in rows[1:]] == [row[0] for row in PRESSING]
    assert {len(row) for row in rows} == {len(rows[0])}
    assert rows[1][-1] == "catalogue/micro-credentials/late.yaml:8"


def test_the_csv_holds_what_the_tsv_holds(catalogue):
    tsv, text = (mcred("due-reviews", "--as-of", AS_OF, "-f", name, cwd=catalogue).out for name in ("tsv", "csv"))

    assert list(csv.reader(io.StringIO(text))) == [line.split("\t") for line in tsv.splitlines()]


def test_nothing_due_is_said_with_how_many_were_checked(catalogue):
    ran = mcred("due-reviews", "--as-of", "2024-06-01", "--format", "table", "--lead", "quality-lead", cwd=catalogue)

    assert ran.code == 0
    assert "nothing is due by 2024-08-30 (1 record checked)\n" in ran.out


def test_the_limit_says_of_how_many(catalogue):
    ran = mcred("due-reviews", "--as-of", AS_OF, "--format", "table", "--limit", "2", cwd=catalogue)

    assert "showing 2 of 9\n" in ran.out


def test_rows_are_grouped(catalogue):
    ran = mcred("due-reviews", "--as-of", AS_OF, "--format", "table", "--group-by", "lead", cwd=catalogue)

    assert [line for line in ran.out.splitlines() if re.fullmatch(r"(quality-lead|No lead) .*", line)] == [
        "quality-lead (2)",
        "No lead (7)",
    ]


def test_the_same_bytes_twice_and_whatever_the_order_of_files(catalogue, tmp_path):
    other = made(tmp_path, dict(reversed(RECORDS.items())))

    for name in ("table", "tsv", "csv", "json"):
        texts = {
            mcred("due-reviews", "--as-of", AS_OF, "-f", name, cwd=root).out for root in (catalogue, catalogue, other)
        }
        assert len(texts) == 1


def test_fail_on(catalogue):
    def code(*arguments):
        return mcred("due-reviews", "--as-of", AS_OF, *arguments, cwd=catalogue).code

    assert code() == 0
    assert code("--fail-on", "overdue") == 1
    assert code("--fail-on", "overdue", "--kind", "condition") == 0
    assert code("--fail-on", "due", "--kind", "condition") == 1
    assert code("--fail-on", "due", "--kind", "condition", "--within", "8d") == 0


def test_files_are_written_beside_what_is_printed(catalogue, tmp_path):
    files = [tmp_path / "a.csv", tmp_path / "b.json"]
    ran = mcred(
        *("due-reviews", "--as-of", AS_OF, "--output", f"csv={files[0]}", "--output", f"json={files[1]}"), cwd=catalogue
    )

    assert ran.out.startswith("id\t")
    assert files[0].read_text("utf-8").startswith("id,title,")
    assert json.loads(files[1].read_text("utf-8"))["schema"] == "mcred-due-reviews/1"


# --- what cannot be read ---------------------------------------------------------------------------------------------


def test_a_record_at_fault_is_told_and_the_others_are_reported(tmp_path):
    broken = {
        "micro-credentials/today.yaml": RECORDS["micro-credentials/today.yaml"].replace("2024-11-22", "2024-11-31"),
        "micro-credentials/in-a-week.yaml": "id: [",
        "micro-credentials/later.yaml": RECORDS["micro-credentials/later.yaml"].replace("level", "levle"),
    }
    root = made(tmp_path, {**RECORDS, **broken})
    ran = mcred("due-reviews", "--as-of", AS_OF, "--format", "table", cwd=root)

    assert ran.code == 0
    assert ran.err == (
        "mcred: 2 records are left out, because they have faults: in-a-week.yaml, today.yaml "
        "(`mcred validate` says which)\n"
    )
    assert "2 records have faults and are left out: `mcred validate`" in " ".join(ran.out.splitlines()[:4])
    assert [row for row in shown(root, "--within", "1y") if row[1] == "developer"][:2] == [PRESSING[0], PRESSING[5]]
    assert ("later", "developer", "later") in shown(root, "--within", "1y")


@pytest.mark.parametrize(
    "fault", [("framework: nzqcf", "framework: nzqf"), ("review_years: 2", "review_years: two"), ("11-22", "11-31")]
)
def test_a_fault_is_not_told_as_something_that_nobody_knows(tmp_path, fault):
    faulty = RECORDS["micro-credentials/today.yaml"].replace(*fault)
    root = made(tmp_path, {**RECORDS, "micro-credentials/today.yaml": faulty})
    ran = mcred("due-reviews", "--as-of", AS_OF, "--within", "1y", cwd=root)
    why = mcred("why", "today", "review", "--as-of", AS_OF, cwd=root)

    assert "today\t" not in ran.out
    assert ran.err == ("mcred: 1 record is left out, because it has faults: today.yaml (`mcred validate` says which)\n")
    assert (why.code, why.out, why.err) == (
        3,
        "",
        "mcred: 'today' has faults in what its review falls due by: `mcred validate today` says which\n",
    )


def test_a_catalogue_without_git(tmp_path):
    ran = mcred("due-reviews", "--as-of", AS_OF, cwd=made(tmp_path, RECORDS))

    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--as-of", "2026-02-30"], "--as-of: 30 February 2026 does not exist (see `mcred due-reviews --help`)"),
        (
            ["--within", "soon"],
            (
                "--within: 'soon' is not a span of days, weeks, months or years such as 90d, 12w, 3m or 1y "
                "(see `mcred due-reviews --help`)"
            ),
        ),
        (["--within", "1y", "--until", "2027-01-01"], "--within and --until both say how far to look; leave one out"),
        (
            ["--until", "2027-01"],
            "--until: '2027-01' is more than one day; write one such as 2027-01-31 (see `mcred due-reviews --help`)",
        ),
        (
            ["--lead", "qualty-lead"],
            "--lead: no lead 'qualty-lead'; there is 'none' or 'quality-lead'; did you mean 'quality-lead'?",
        ),
        (
            ["--organisation", "scool"],
            "--organisation: no organisation 'scool'; there is 'authority', 'other' or 'school'; did you mean 'school'?",
        ),
        (["--level", "9"], "--level: no level '9'; there is '3'"),
        (["--since", "2027-01-01"], "--since: 2027-01-01 lies after 2026-11-22, the day of the report"),
        (
            ["--by", "month", "--format", "md"],
            "how much falls due is not written as md; there is 'table', 'tsv', 'csv' or 'json'",
        ),
        (["--output", "csv"], "--output: 'csv' is not FORMAT=FILE, such as json=report.json"),
    ],
)
def test_wrong_usage_is_one_plain_line(catalogue, arguments, says):
    ran = mcred("due-reviews", "--as-of", AS_OF, *arguments, cwd=catalogue)

    assert (ran.code, ran.out, ran.err) == (2, "", f"mcred: {says}\n")


# --- the load --------------------------------------------------------------------------------------------------------


def test_the_load_by_month(catalogue):
    ran = mcred("due-reviews", "--as-of", AS_OF, "--by", "month", "--kind", "developer", cwd=catalogue)

    rows = [line.split("\t") for line in ran.out.splitlines()]
    assert rows[0] == ["month", "due", "overdue"]
    assert rows[1:5] == [["overdue", "1", "1"], ["2026-11", "2", "0"], ["2026-12", "1", "0"], ["2027-01", "0", "0"]]
    assert rows[-1] == ["none", "2", "0"]
    assert len(rows) == 1 + 1 + 32 + 1  # from November 2026 to June 2029


def test_the_load_by_lead_has_bars_on_a_terminal(catalogue):
    _, said = on_a_terminal(catalogue, "due-reviews", "--as-of", AS_OF, "--by", "lead", NO_COLOR="1")

    assert said.splitlines()[3:] == [
        "quality-lead   2  █░",
        "none          12  █░░░░░░░░░░░",
        "",
        "█ overdue  ░ due",
    ]


def item(name, day, state="not-started"):
    return Item(name, name, "developer", Due(day, "period-from-start", (), day.isoformat()), state)


@pytest.mark.parametrize("days", [[0], [10] * 7, [400] * 50, [5, 40, 40, 40, 90, 91], [-3, -3, 20, 20], [3000, 3000]])
def test_spread_levels_the_load_and_delays_nothing(days):
    today = date(2026, 11, 22)
    items = [item(f"r{place:02}", today + timedelta(days=ahead)) for place, ahead in enumerate(days)]
    moved = {each.item.record: each for each in spread(items, today)}
    after = [
        each._replace(due=each.due._replace(day=moved[each.record].day)) if each.record in moved else each
        for each in items
    ]

    def fullest(of):
        return max(
            (each.number for each in load(of, today, "month") if each.name not in ("overdue", "none")), default=0
        )

    assert all(today <= each.day < each.item.due.day for each in moved.values())
    assert not [each for each in moved.values() if each.item.due.day < today]
    assert fullest(after) <= fullest(items)
    ahead = sorted(
        (each.due.day.year * 12 + each.due.day.month) - (2026 * 12 + 11) for each in items if each.due.day >= today
    )
    unavoidable = max((-(-(place + 1) // (month + 1)) for place, month in enumerate(ahead)), default=0)
    assert fullest(after) == unavoidable or fullest(after) == fullest(items)


def test_what_has_begun_does_not_move():
    today = date(2026, 11, 22)
    items = [item(f"r{place}", date(2027, 2, 10), "under-way") for place in range(4)]

    assert spread(items, today) == []
    assert Earlier in {type(each) for each in spread([each._replace(state="not-started") for each in items], today)}


def test_a_period_that_only_says_again_what_is_in_force_is_told_once(tmp_path):
    def explained(years):
        root = made(
            tmp_path / f"years-{years}",
            {
                **RECORDS,
                "micro-credentials/late.yaml": record(
                    "late", approved("2024-02-12", 2), f"{LISTED}, review_years: {years}"
                ),
            },
        )
        return due(root)["reviews"][0]["explanation"]

    assert explained(2) == (
        "its first version was approved on 2024-02-12; 2 years, with the approval on 2024-02-12 "
        "(assumed: the period starts with the approval of the first version)"
    )
    assert "; 2 years, with the approval on 2024-02-12; 1 year, with the listing on 2024-03-04 (" in explained(1)


@pytest.mark.parametrize(
    ("option", "what", "given"),
    [("--format", "format", "csv,json"), ("--sort", "order", "due,title"), ("--group-by", "group", "lead,month")],
)
def test_of_what_can_be_only_one_several_are_refused(option, what, given, catalogue):
    ran = mcred("due-reviews", option, given, cwd=catalogue)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"mcred: {option}: no {what} '{given}'; there is ")
