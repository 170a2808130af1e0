"""Comments that ignore what mcred advises: where they hold, what they may hold back, and how each format shows it."""

import csv
import io
import json
import os
import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from pathlib import Path
from random import Random

import jsonschema
import pytest

from mcred.cli.ignores import Row
from mcred.cli.ignores import _json as listed
from mcred.cli.ignores import _table as tabled
from mcred.diagnostic import Pointer, Severity, Source
from mcred.edits import Append, Insert, Rename, Set, apply
from mcred.reporters import FORMATS
from mcred.validation import Entry, Request, ignores_of, validate
from tests.ignores import CASES, FLOW, M, T, put
from tests.register import REGISTER
from tests.repositories import Repo
from tests.support import AS_OF, checked, context, inside, kind_of, lines_of, made, mcred, written

DAY = date.fromisoformat(AS_OF)
PATH = "micro-credentials/farm-water.yaml"
TWIN = "micro-credentials/farm-aqua.yaml"
OTHERS = {
    **{path: text for path, text in REGISTER.items() if path.startswith("organisations/")},
    TWIN: "id: farm-aqua\ntitle: Farm Water Sampling\nframework: none\n",
}
TITLED = f"id: farm-water\ntitle: Sampling Farm Water  {T}\nframework: none\n"
HELD = put(FLOW, (-5, M))


def report_of(text, **more):
    return checked({**OTHERS, PATH: text}, **{"as_of": DAY, **more})


def told(report):
    return [each.rule for each in report.diagnostics]


def errors(report):
    return [each.rule for each in report.diagnostics if each.severity is Severity.ERROR]


def outcome(text):
    """What becomes of the findings of MC213 and MC309, and what is wrong with comments, by line."""
    report = report_of(text)
    found = [("held", each.diagnostic.span.line) for each in report.ignored]
    for each in report.diagnostics:
        if each.rule in ("MC213", "MC309"):
            found.append(("told", each.span.line))
        elif each.rule.startswith("MC8"):
            found.append((each.rule, each.span.line))
    return ", ".join(f"{what} {line}" for what, line in sorted(found, key=lambda each: (each[0][:2] == "MC", each[1])))


# --- where they hold -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("name", CASES)
def test_a_comment_holds_where_it_stands(name, end):
    text, wanted = CASES[name]

    assert outcome(text.replace("\n", end)) == wanted


@pytest.mark.parametrize("place", [1, -1], ids=["above", "behind"])
def test_what_is_missing_is_held_back_where_it_is_told(place):
    """In a record that is its `id`."""
    text = (
        "id: farm-water\ntitle: Farm Water\nframework: nzqcf\ndeveloper: example-provider\ndecisions:\n"
        "  - {act: listed, date_is: unknown, by: example-qualifications-authority, number: '1'}\n"
    )
    before, after = (
        report_of(each) for each in (text, put(text, (place, "# mcred: ignore[lead-missing] -- nobody leads it")))
    )

    assert [(each.span.line, each.pointer) for each in before.diagnostics if each.rule == "MC320"] == [(1, ())]
    assert [each.diagnostic.rule for each in after.ignored] == ["MC320"]
    assert sorted(told(after)) == sorted(set(told(before)) - {"MC320"})


def test_any_text_gives_a_report_with_places_inside_it():
    """Lines of YAML and of comments in any order; most of it is no record, and some of it is."""
    chance = Random(7)
    pieces = ["title: Farm", f"remarks: Farm  {T}", M, "# mcred: ignore -- x", "decisions:", "  - act: submitted", "#"]
    pieces += [
        "    date: 1988-05-01",
        f"  {M}",
        "x-a: |",
        "  text",
        '"',
        "[",
        "]",
        "x-b: &a",
        "  - *a",
        "# noqa",
        "\r",
        "-",
    ]
    told_of = set()
    for _ in range(200):
        text = "id: farm-water\n" + "\n".join(chance.choices(pieces, k=6))
        report = report_of(text)
        lines = lines_of(text.encode())
        for each in (*report.diagnostics, *(held.diagnostic for held in report.ignored)):
            assert each.path != PATH or inside(each.span, lines), text
            told_of.add(each.rule)
        assert all(inside(each.span, lines) for each in report.ignored)
    assert {"MC001", "MC805", "MC806"} <= told_of


@pytest.mark.parametrize(
    ("comment", "rules"),
    [
        (f"# mcred: ignore{' ' * 100_000}x", {"MC806"}),
        (f"# mcred: ignore[MC309]{' ' * 100_000}-- {'x' * 100_000}", {"MC801"}),
        (f"# mcred: ignore[{'MC3099,' * 5_000}] -- x", {"MC802", "MC901"}),
        ("# mcred: ignore[MC309] -- x\n" * 2_000, {"MC801", "MC901"}),
    ],
    ids=["spaces", "long-reason", "many-rules", "many-comments"],
)
def test_a_comment_as_long_as_a_file_is_read_in_no_time(comment, rules):
    """What grew with the square of its length would not come to an end here."""
    assert set(told(report_of(f"id: farm-water\n{comment}\ntitle: Farm Water\nframework: none\n"))) == rules


# --- what they hold back ---------------------------------------------------------------------------------------------


def test_what_is_held_back_fails_nothing_and_is_kept():
    report = report_of(HELD.replace("date: 1989-05-01", "date: 2024-05-01"))

    assert not report.fails(Severity.WARNING), told(report)
    assert [(each.diagnostic.rule, each.reason, each.until, each.span[:2]) for each in report.ignored] == [
        ("MC309", "so it was", None, (5, 70))
    ]


def test_an_error_is_told_and_the_comment_with_it():
    text = "id: farm-water\ntitle: Farm Water\nframework: none\ndeveloper: nobody  # mcred: ignore[MC205] -- soon\n"
    report = report_of(text)
    (about,) = [each for each in report.diagnostics if each.rule == "MC807"]

    assert [each.rule for each in report.diagnostics if each.severity is Severity.ERROR] == ["MC205", "MC807"]
    assert about.message == "'MC205' is an error here, and an error is put right, not ignored"
    assert [each.span.line for each in about.related] == [4]
    assert not report.ignored


UNKNOWN = "  # mcred: ignore[MC102] -- our library reads it"
APPROVED = """\
id: farm-water
title: Farm Water
framework: nzqcf
level: 3
credits: 5
developer: example-provider
assessments: [{id: a, method: sampling}]
decisions:
  - act: content-approved
    date: 2024-05-01
    by: example-qualifications-authority
    version: "1"
    review_years: 2
"""


@pytest.mark.parametrize("key", ["id", "title", "framework", "credits", "developer", "act", "date", "by", "shelf"])
def test_an_unknown_field_that_is_ignored_is_as_if_it_were_not_there(key):
    """Also where it is a misspelt one, which nobody else is told to miss."""
    text = APPROVED.replace("    date:", "    shelf: 7\n    date:") if key == "shelf" else APPROVED
    line = re.search(rf"(?m)^[ -]*{key}:.*$", text)[0]
    wrong = line.replace(f"{key}:", f"{key}s:")
    absent = "  -" if line.startswith("  - ") else "#"
    told_of, ignored, without = (
        [(each.rule, each.fingerprint) for each in report.diagnostics if each.path == PATH]
        for report in (report_of(text.replace(line, new)) for new in (wrong, wrong + UNKNOWN, absent))
    )

    assert "MC102" in dict(told_of)
    assert ignored == without
    assert "MC102" not in dict(without)


def test_what_is_missing_beside_a_misspelt_field_is_told_once_that_is_ignored():
    misspelt = APPROVED.replace("credits:", "credtis:")
    ignored = report_of(misspelt.replace("credtis: 5", f"credtis: 5{UNKNOWN}"))

    assert [errors(report_of(text)) for text in (APPROVED, misspelt)] == [[], ["MC102"]]
    assert errors(ignored) == ["nzqcf.credits"]
    assert [(each.diagnostic.rule, each.diagnostic.severity) for each in ignored.ignored] == [("MC102", Severity.ERROR)]
    assert not report_of(APPROVED.replace("level: 3", f"level: 3\nshelf: 7{UNKNOWN}")).fails(Severity.ERROR)


def test_beside_an_ignored_field_it_is_told_what_is_unused():
    text = APPROVED.replace("level: 3", f"shelf: 7{UNKNOWN}\nlevel: 3  {M}")

    assert "MC801" in told(report_of(text))
    assert "MC801" not in told(report_of(text.replace(UNKNOWN, "")))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("catalogue.yaml", "format: 1\ntitle: Test\npolices: [example-policy]{comment}\n"),
        (
            "policies/example-policy.yaml",
            "id: example-policy\ntitle: Ours\nextends: nzqcf\ninstruments: []\nclauses: []\nshelf: 7{comment}\n",
        ),
    ],
)
def test_by_what_others_are_judged_no_error_is_ignored(path, text):
    """A misspelt field there may have been one that asks for more."""
    before, after = (
        [each.rule for each in checked({**OTHERS, path: text.replace("{comment}", comment)}).diagnostics]
        for comment in ("", UNKNOWN)
    )

    assert "MC102" in before
    assert after == sorted([*before, "MC807"])


def test_of_an_observed_record_the_same_rule_only_advises():
    text = (
        "id: farm-water\ncustody: observed\ntitle: Farm Water\nframework: none\nlevel: 3\ncredits: 5\n"
        "sources: [{id: page, title: A Page, url: 'https://example.org', seen: 2026-11}]\n"
        "hours: {directed: 10, self_directed: 30, total: 60, workplace: 5, assessment: 5}{comment}\n"
    )
    before, after = (
        report_of(text.replace("{comment}", comment))
        for comment in ("", "  # mcred: ignore[MC114] -- the page adds up wrongly")
    )

    assert [each.severity for each in before.diagnostics if each.rule == "MC114"] == [Severity.WARNING]
    assert [each.diagnostic.rule for each in after.ignored] == ["MC114"]


def test_a_requirement_of_a_framework_is_never_held_back():
    text = "id: farm-water  # mcred: ignore[nzqcf.level] -- no\ntitle: Farm Water\nframework: nzqcf\nstage: draft\n"
    before, after = (report_of(each) for each in (re.sub("  #.*", "", text), text))

    clauses = [each.fingerprint for each in before.diagnostics if "." in each.rule]
    assert clauses == [each.fingerprint for each in after.diagnostics if "." in each.rule] != []
    assert "MC807" in told(after)


def test_fingerprints_do_not_depend_on_what_is_held_back():
    text = FLOW.replace("id: b, date: 1989-05-01", "id: b, date: 1988-05-01")
    prints = [each.fingerprint for each in report_of(text).diagnostics]
    report = report_of(put(text, (-5, M)))

    assert sorted(
        [each.fingerprint for each in (*report.diagnostics, *(i.diagnostic for i in report.ignored))]
    ) == sorted(prints)


def test_comments_for_others_are_none_for_mcred():
    """`yaml-language-server: …/.mcred/…` is in every file, and is no comment for mcred."""
    line = "# yaml-language-server: $schema=../../.mcred/schemas/micro-credential.schema.json\n# mcred reads this\n"
    assert told(report_of(line + FLOW)) == ["MC309", "MC309"]
    assert ignores_of(Entry(Source(PATH, (line + FLOW).encode()), "micro-credential")) == []


# --- the day ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "last"), [("2027-03-01", "2027-03-01"), ("2027-02", "2027-02-28"), ("2027", "2027-12-31")]
)
def test_until_is_the_last_day_on_which_it_holds(until, last):
    text = put(FLOW, (-5, f"# mcred: ignore[MC309] until={until} -- so it was"))
    day = date.fromisoformat(last)
    there, after = (report_of(text, as_of=each) for each in (day, day + timedelta(1)))

    assert ([each.until for each in there.ignored], told(there).count("MC309"), "MC804" in told(there)) == (
        [until],
        1,
        False,
    )
    assert (after.ignored, told(after).count("MC309"), told(after).count("MC804")) == ((), 2, 1)


def test_of_the_errors_only_the_expiry_depends_on_the_day():
    text = put(
        FLOW + "developer: nobody  # mcred: ignore[MC205] until=2027-03 -- soon\n",
        (-5, "# mcred: ignore[MC309] until=2027-03-01 -- so it was"),
        (-6, "# mcred: ignore[MC309] -- so it was"),
    )
    found = {}
    for day in (date(2020, 1, 1), date(2026, 11, 22), date(2027, 3, 2), date(2040, 1, 1)):
        files = {**OTHERS, PATH: text}
        report = _with_setting(files, day)
        errors = [each.rule for each in report.diagnostics if each.severity is Severity.ERROR]
        found[day] = sorted(rule for rule in errors if rule != "MC804")
    assert len({tuple(each) for each in found.values()}) == 1
    assert found[DAY] == ["MC205", "MC807", "MC808"]


def _with_setting(files, day, longest="12m"):
    data = {path: text.encode() for path, text in files.items()}
    organisations = [Source(path, text) for path, text in sorted(data.items()) if path.startswith("organisations/")]
    entries = [Entry(Source(path, text), kind_of(path)) for path, text in data.items()]
    request = Request(entries, data.__getitem__, files=tuple(data), as_of=day)
    return validate(request, context(*organisations)._replace(longest_ignore=longest))


@pytest.mark.parametrize(
    ("longest", "until", "holds"),
    [
        ("12m", "2027-11-22", True),
        ("12m", "2027-11-23", False),
        ("12m", "2027-11", False),
        ("90d", "2027-02-20", True),
        ("90d", "2027-02-21", False),
        ("2w", "2026-12-06", True),
        ("1y", "2028", False),
        ("99999y", "9999", True),
        (None, "9999", True),
        ("soon", "9999", True),
    ],
)
def test_a_setting_says_how_far_off_the_end_may_be(longest, until, holds):
    text = put(FLOW, (-5, f"# mcred: ignore[MC309] until={until} -- so it was"))
    report = _with_setting({**OTHERS, PATH: text}, DAY, longest)

    assert ([each.until for each in report.ignored] == [until]) is holds
    assert ([each.severity for each in report.diagnostics if each.rule == "MC808"] == [Severity.WARNING]) is not holds


# --- what is unused --------------------------------------------------------------------------------------------------


def test_unused_is_not_said_of_what_was_not_looked_for():
    across, own = TITLED.replace("Sampling", "Other"), put(FLOW, (-4, M))
    broken = {**OTHERS, TWIN: "id: [\n"}

    of_a_day = put(FLOW, (-4, M.replace("309", "321")))

    assert "MC801" in told(report_of(across))
    assert "MC801" not in told(checked({PATH: across}, alone=True, as_of=DAY))
    assert "MC801" in told(checked({PATH: own}, alone=True, as_of=DAY))
    assert "MC801" not in told(checked({**broken, PATH: across}, as_of=DAY))
    assert "MC801" in told(checked({**broken, PATH: own}, as_of=DAY))
    assert "MC801" not in told(report_of(own + "levle: 3\n"))
    assert "MC801" not in told(report_of(own + "credits: [\n"))
    assert "MC801" in told(report_of(of_a_day))
    assert "MC801" not in told(report_of(of_a_day, as_of=None))
    assert "MC801" not in told(checked({PATH: of_a_day}, alone=True, as_of=DAY))
    assert "MC801" not in told(checked({**broken, PATH: of_a_day}, as_of=DAY))


def test_of_selected_rules_only_what_was_asked_for_is_told_or_ignored():
    text = put(HELD, (-4, T))

    assert told(report_of(text, select=frozenset({"near-duplicate-title"}))) == []
    assert told(report_of(text, select=frozenset({"unused-ignore"}))) == ["MC801"]
    assert len(report_of(text, select=frozenset({"implausible-date"})).ignored) == 1
    assert not report_of(text, reported=lambda path: path == TWIN).ignored


# --- every format ----------------------------------------------------------------------------------------------------

ACTING = (
    "::error::x ##vso[task.complete]x ##[error]x <script>alert(1)</script> =HYPERLINK(1) ]]> [x](javascript:alert(1)) "
    "| a | b | @team {x} {{ x }} [/x] \\e[31m %0A" + "long " * 1000
)


@pytest.fixture(scope="module")
def held():
    text = put(FLOW + "levle: 3\n", (-5, f"# mcred: ignore[MC309] until=2027 -- {ACTING}"), (-6, f"{M[:-9]}=1+1"))
    report = report_of(text)
    assert told(report) == ["MC102"]
    assert len(report.ignored) == 2
    return report


def test_text_says_how_many_are_ignored(held):
    assert written(held).splitlines()[-1].endswith("; 2 ignored")
    assert "ignored" not in written(report_of(FLOW))


def test_json_has_each_with_its_reason(held):
    document = json.loads(written(held, "json"))

    assert document["summary"]["ignored"] == 2
    assert [(each["finding"]["rule"], each["until"], each["line"]) for each in document["ignored"]] == [
        ("MC309", "2027", 5),
        ("MC309", None, 6),
    ]
    assert document["ignored"][1]["reason"] == "=1+1"


def test_sarif_has_each_as_a_result_that_is_suppressed(held):
    results = json.loads(written(held, "sarif"))["runs"][0]["results"]
    suppressed = [each for each in results if "suppressions" in each]

    assert len(results) == len(held.diagnostics) + 2
    assert [
        (each["ruleId"], each["locations"][0]["physicalLocation"]["region"]["startLine"]) for each in suppressed
    ] == [
        ("MC309", 5),
        ("MC309", 6),
    ]
    assert suppressed[1]["suppressions"] == [
        {
            "kind": "inSource",
            "status": "accepted",
            "justification": "=1+1",
            "location": {
                "physicalLocation": {
                    "artifactLocation": {"uri": PATH},
                    "region": {"startLine": 6, "startColumn": 70, "endLine": 6, "endColumn": 100},
                }
            },
        }
    ]


@pytest.mark.skipif("MCRED_STANDARDS" not in os.environ, reason="MCRED_STANDARDS is not set; it names the standards")
def test_what_is_held_back_is_of_the_official_schemas(held):
    etree = pytest.importorskip("lxml.etree", reason="lxml is not installed; it reads the schema of JUnit")
    standards = Path(os.environ["MCRED_STANDARDS"])
    sarif = json.loads((standards / "sarif-2.1.0" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    junit = etree.XMLSchema(etree.parse(str(standards / "junit" / "JUnit.xsd")))

    assert list(jsonschema.validators.validator_for(sarif)(sarif).iter_errors(json.loads(written(held, "sarif")))) == []
    assert junit.validate(etree.fromstring(written(held, "junit").encode())), junit.error_log


def test_junit_skips_each(held):
    suite = next(each for each in ET.fromstring(written(held, "junit")) if each.get("name") == PATH)

    assert suite.get("skipped") == "2"
    assert [each.get("message") for each in suite.iter("skipped")] == [each.reason for each in held.ignored]
    assert int(suite.get("tests")) == len(suite.findall("testcase"))


def test_csv_has_each_with_its_reason_and_no_formula(held):
    rows = list(csv.DictReader(io.StringIO(written(held, "csv"))))

    assert [row["ignored"] for row in rows[-2:]] == [held.ignored[0].reason, "'=1+1"]
    assert {row["ignored"] for row in rows[:-2]} == {""}


@pytest.mark.parametrize("name", ["markdown", "html"])
def test_a_page_has_them_in_a_part_of_their_own(name, held):
    _, _, part = written(held, name).partition({"markdown": "## Ignored\n", "html": "<h2>Ignored</h2>\n"}[name])

    assert part.count("MC309 implausible-date") == 2
    assert "=1+1" in part
    assert "2027" in part


@pytest.mark.parametrize("name", ["gitlab", "jsonl", "concise"])
def test_other_formats_leave_them_out(name, held):
    without = held._replace(ignored=())

    assert written(held, name) == written(without, name)


def test_github_says_in_its_log_how_many_are_ignored(held):
    assert "; 2 ignored\n" in written(held, "github")
    assert "MC309" not in written(held, "github")


@pytest.mark.parametrize("name", FORMATS)
def test_a_reason_does_nothing(name, held):
    text = written(held, name)

    assert "##vso[" not in text
    assert "##[" not in text
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    assert not [line for line in text.splitlines() if line.startswith("::error::x")]
    if name in ("markdown", "html", "junit"):
        assert "<script>" not in text
        assert "[x](javascript" not in text or name != "markdown"
    if name == "markdown":
        assert all(line.count("|") - line.count("\\|") == 6 for line in text.splitlines() if "script" in line)


# --- the list --------------------------------------------------------------------------------------------------------


def rows(text, author=None):
    entry = Entry(Source(PATH, text.encode()), "micro-credential")
    return [Row(PATH, each, each.expired(DAY), author) for each in ignores_of(entry)]


def test_the_list_tells_where_what_until_when_why_and_by_whom():
    text = put(FLOW, (-5, "# mcred: ignore[MC309, near-duplicate-title] until=2026-10 -- so\tit ##[x] was"), (-6, M))

    assert tabled(rows(text)).splitlines() == [
        "where\trules\tuntil\twhy",
        f"{PATH}:5\tMC309 implausible-date, MC213 near-duplicate-title\t2026-10 (expired)\tso it ##\\[x] was",
        f"{PATH}:6\tMC309 implausible-date\t\tso it was",
    ]
    assert tabled(rows(HELD, "Hinemoa")).splitlines()[1].endswith("\tso it was\tHinemoa")
    assert json.loads(listed(rows(HELD))) == [
        {
            "path": PATH,
            "line": 5,
            "column": 70,
            "rules": [{"id": "MC309", "name": "implausible-date"}],
            "until": None,
            "expired": False,
            "reason": "so it was",
            "author": None,
        }
    ]


def test_the_list_has_none_that_could_not_hold():
    assert rows("levle: [\n" + HELD) == []
    assert rows(put(FLOW, (-5, "# mcred: ignore[MC309]"), (-6, "# mcred: ignore[nzqcf.level] -- x"))) == []


def test_the_program_lists_and_obeys_them(tmp_path):
    settings = "format: 1\ntitle: Test\nsettings: {ignores: {longest: 12m}}\n"
    text = HELD.replace("1989-05-01", "2024-05-01").replace("] --", "] until=2027-03 --")
    root = made(tmp_path, {**OTHERS, "catalogue.yaml": settings, PATH: text})
    checks = ("validate", "--as-of", AS_OF, "--select", "MC309,MC801,MC804,MC808", "--fail-on", "warning")
    listing = mcred("ignores", "--as-of", AS_OF, cwd=root)
    (root / PATH).write_text(text.replace(" until=2027-03", ""), encoding="utf-8")
    endless = mcred(*checks, "--format", "concise", cwd=root)
    (root / PATH).write_text(text, encoding="utf-8")
    ran = mcred(*checks, cwd=root)

    assert listing.out == f"where\trules\tuntil\twhy\ncatalogue/{PATH}:5\tMC309 implausible-date\t2027-03\tso it was\n"
    assert (listing.code, listing.err) == (0, "")
    assert (ran.code, ran.out.splitlines()[-1].rpartition("; ")[2]) == (0, "1 ignored")
    assert endless.code == 1
    assert [line.rpartition("[")[2] for line in endless.out.splitlines()] == [
        "MC309 implausible-date]",
        "MC808 long-ignore]",
    ]
    assert mcred("ignores", "nobody", cwd=root).code == 3
    assert mcred("ignores", "--format", "jsn", cwd=root).err.endswith("no format 'jsn'; did you mean 'json'?\n")


def test_the_list_says_by_whom_where_git_knows(tmp_path):
    repo = Repo(tmp_path, {**OTHERS, PATH: HELD, TWIN: put(FLOW.replace("farm-water", "farm-aqua"), (-5, M))})
    repo.write({PATH: put(HELD, (-6, "# mcred: ignore[MC309] -- later"))})
    repo.git("commit", "--quiet", "--all", "--message", "x", GIT_AUTHOR_NAME="x\x1b[31m ##[error]x")
    repo.write({TWIN: put(FLOW.replace("farm-water", "farm-aqua"), (-5, M), (-6, M))})
    where = {"cwd": repo.folder}

    listing = mcred("ignores", "--as-of", AS_OF, **where)
    assert [line.split("\t")[-2:] for line in listing.out.splitlines()] == [
        ["why", "by"],
        ["so it was", "A"],
        ["so it was", ""],
        ["so it was", "A"],
        ["later", "x<U+001B>[31m ##\\[error]x"],
    ]
    assert (listing.code, listing.err) == (0, "")
    in_json = mcred("ignores", "--format", "json", **where)
    assert [each["author"] for each in in_json.json] == ["A", None, "A", "x<U+001B>[31m ##\\[error]x"]
    without = mcred("ignores", "--as-of", AS_OF, PATH=str(tmp_path), **where)
    assert (without.code, without.err, without.out.splitlines()[0]) == (0, "", "where\trules\tuntil\twhy")


# --- changes of a record leave them where they are -------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        Append(
            Pointer(("decisions",)), {"act": "withdrawn", "id": "c", "date": "2024-05-01", "by": "example-provider"}
        ),
        Insert(Pointer(), "title_kind", "official", "framework"),
        Rename(Pointer(("title",)), "x-title"),
        Set(Pointer(("decisions", 0, "date")), "1987-05-01"),
    ],
    ids=["append", "insert", "rename", "set"],
)
def test_a_change_leaves_a_comment_with_what_it_is_about(change):
    text = put(FLOW, (4, "# mcred: ignore[MC309] -- the list"), (-6, M), (-2, T))
    after = apply(text.encode(), [change]).decode()

    def about(data):
        found = ignores_of(Entry(Source(PATH, data.encode()), "micro-credential"))
        return [(each.reason, data.splitlines()[each.scope.line - 1].split(":")[0].split(",")[-1]) for each in found]

    assert [reason for reason, _ in about(after)] == ["so it is", "the list", "so it was"]
    assert about(after)[1:] == about(text)[1:]
