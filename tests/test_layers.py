"""Another country is another file: a framework that nobody has, and policies on it, without a line of Python.

It counts weeks, has levels in words, exempts a class of developers, and two policies lie on it.
"""

import pytest

from tests.support import AS_OF, ROOT, made, mcred

FRAMEWORK = """\
format: 1
id: isle-framework
title: Framework of an Isle
levels: {type: text, values: [Seed, Sprout, Tree]}
hours_per_credit: {value: unknown}
statuses: [open, shut]
first_status: open
terms: {micro-credential: {en: short award}, delivery-approved: {en: leave to teach}}
instruments:
  - {id: rules, kind: rules, title: Rules of the Isle, editions: [{id: isle-2020, from: 2020-03-01}]}
clauses:
  - id: weeks
    summary: It takes 2 to 12 weeks.
    instrument: rules
    citation: rule 1
    basis: rule
    governs: content
    from_stage: submitted
    severity: error
    unless: [{at: /derived/developer_types, one_of: [guild]}]
    covered_by: requirement
    test: range
    at: /duration/*/amount
    where: {unit: weeks}
    values: [{edition: isle-2020, min: 2, max: 12}]
  - id: level
    summary: It is a Seed or a Sprout.
    instrument: rules
    citation: rule 2
    basis: rule
    governs: content
    covered_by: requirement
    test: one-of
    at: /level
    values: [{edition: isle-2020, one_of: [Seed, Sprout]}]
"""

SCHOOL = """\
format: 1
id: school-policy
title: {en: Policy of a School, mi: Te Kaupapa o te Kura}
extends: isle-framework
applies_to: {at: /developer, one_of: [a-school]}
instruments:
  - {id: school-rules, kind: policy, title: Rules of the School, editions: [{id: school-2021, from: 2021-01-01}]}
clauses:
  - id: weeks
    tightens: isle-framework.weeks
    summary: With us it takes 3 to 8 weeks.
    instrument: school-rules
    citation: page 1
    severity: error
    values: [{edition: school-2021, min: 3, max: 8}]
  - id: criteria
    summary: Every outcome has a criterion.
    instrument: school-rules
    citation: page 2
    basis: policy
    governs: content
    covered_by: requirement
    test: count
    at: /outcomes/*/criteria
    values: [{edition: school-2021, min: 1}]
"""

FACULTY = (
    SCHOOL.replace("school-policy", "faculty-policy")
    .replace("school-", "faculty-")
    .replace("a-faculty", "a-school")
    .replace("min: 3, max: 8", "min: 3, max: 6")
    .replace("3 to 8", "3 to 6")
)
FACULTY = FACULTY[: FACULTY.index("  - id: criteria")]


def award(name, developer, weeks, level="Seed"):
    return (
        f"id: {name}\ntitle: Weaving\nframework: isle-framework\nlevel: {level}\ndeveloper: {developer}\n"
        f"duration: [{{amount: {weeks}, unit: weeks}}]\noutcomes: [{{id: weave, text: Weave.}}]\n"
        "decisions: [{id: a, act: content-approved, date: 2022-05-01, by: the-council, version: '1', review_years: 2}]\n"
    )


def organisation(name, kind):
    return f"id: {name}\ntitle: {name}\nfictional: true\ntypes: [{{type: {kind}, from: 2000-01-01}}]\n"


FILES = {
    "policies/isle-framework.yaml": FRAMEWORK,
    "policies/school-policy.yaml": SCHOOL,
    "policies/faculty-policy.yaml": FACULTY,
    "organisations/a-school.yaml": organisation("a-school", "school"),
    "organisations/a-guild.yaml": organisation("a-guild", "guild"),
    "organisations/b-school.yaml": organisation("b-school", "school"),
    "organisations/the-council.yaml": organisation("the-council", "council"),
    "micro-credentials/long.yaml": award("long", "a-school", 20),
    "micro-credentials/longish.yaml": award("longish", "a-school", 7),
    "micro-credentials/of-others.yaml": award("of-others", "b-school", 12),
    "micro-credentials/of-a-guild.yaml": award("of-a-guild", "a-guild", 40),
    "micro-credentials/too-high.yaml": award("too-high", "b-school", 5, "Tree"),
}


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    """Return a catalogue with a framework and two policies of its own, both in force."""
    root = made(tmp_path_factory.mktemp("isle"), FILES)
    with (root / "catalogue.yaml").open("a", encoding="utf-8") as file:
        file.write("policies: [school-policy, faculty-policy]\n")
    return root


def test_one_fault_is_one_finding_that_names_every_layer_and_the_strictest_speaks(register):
    found = mcred("validate", "--format", "json", "--as-of", AS_OF, cwd=register).json
    told = {
        (each["record"], each["rule"]): (each["severity"], each["message"], [one["clause"] for one in each["clauses"]])
        for each in found["findings"]
        if "." in each["rule"]
    }
    layers = ["isle-framework.weeks", "faculty-policy.weeks", "school-policy.weeks"]
    assert told == {
        ("long", "isle-framework.weeks"): ("error", "'amount' is 20; 3 to 6 is asked for", layers),
        ("longish", "isle-framework.weeks"): ("error", "'amount' is 7; 3 to 6 is asked for", layers[1:2]),
        ("long", "school-policy.criteria"): ("error", "'criteria' has 0 items; at least 1 is asked for", ["school-policy.criteria"]),
        ("longish", "school-policy.criteria"): ("error", "'criteria' has 0 items; at least 1 is asked for", ["school-policy.criteria"]),
        ("too-high", "isle-framework.level"): ("error", "'level' is 'Tree'; Seed or Sprout is asked for", ["isle-framework.level"]),
    }  # fmt: skip
    assert found["not_checked"] == []


def test_the_strictest_speaks_also_where_another_layer_is_graver(tmp_path):
    """Who mends what the finding asks for has mended it in all layers."""
    root = made(tmp_path, FILES | {"policies/faculty-policy.yaml": FACULTY.replace("error", "warning")})
    with (root / "catalogue.yaml").open("a", encoding="utf-8") as file:
        file.write("policies: [school-policy, faculty-policy]\n")
    found = mcred("validate", "--select", "isle-framework.weeks", "-f", "json", "--as-of", AS_OF, cwd=root).json
    assert [(each["record"], each["severity"], each["message"]) for each in found["findings"]] == [
        ("long", "error", "'amount' is 20; 3 to 6 is asked for"),
        ("longish", "warning", "'amount' is 7; 3 to 6 is asked for"),
    ]


def test_a_policy_is_shown_by_itself_once_it_is_in_force(register):
    listed = mcred("frameworks", cwd=register).out.splitlines()
    assert listed[-2:] == ["faculty-policy\tPolicy of a School\t1 requirement\t", "school-policy\tPolicy of a School\t2 requirement\t"]  # fmt: skip
    assert mcred("frameworks", "show", "school-policy", cwd=register).out.splitlines() == [
        "school-policy: Policy of a School",
        "",
        "A policy on isle-framework, for records whose 'developer' is a-school",
        "",
        "Instruments and their editions",
        "  -   Rules of the School (policy)",
        "      school-2021       from 1 January 2021; the last known edition; source none",
        "",
        "Clauses",
        "  weeks                   With us it takes 3 to 8 weeks. (requirement; page 1)",
        "  criteria                Every outcome has a criterion. (requirement; page 2)",
    ]
    covered = mcred("frameworks", "coverage", "school-policy", "-f", "json", cwd=register).json
    assert [each["id"] for each in covered["clauses"]] == ["school-policy.weeks", "school-policy.criteria"]
    page = mcred("explain", "school-policy.weeks", cwd=register).out
    assert "  school-2021     3 to 8 (from 1 January 2021)\n" in page


def test_a_framework_is_no_policy(tmp_path):
    root = made(tmp_path, FILES)
    with (root / "catalogue.yaml").open("a", encoding="utf-8") as file:
        file.write("policies: [school-policy, nzqcf, isle-framework]\n")
    found = mcred("validate", "catalogue.yaml", "--format", "json", cwd=root).json["findings"]
    assert [(each["rule"], each["pointer"], each["message"]) for each in found] == [
        ("MC108", "/policies/1", "'nzqcf' is a framework of its own; a policy lies on one"),
        ("MC108", "/policies/2", "'isle-framework' is a framework of its own; a policy lies on one"),
    ]


def test_what_cannot_be_shown_says_why(tmp_path):
    off = made(tmp_path / "off", FILES)
    assert mcred("frameworks", "show", "school-policy", cwd=off).err == (
        "mcred: the policy 'school-policy' is not in force: catalogue.yaml does not name it under 'policies'\n"
    )
    wider = made(tmp_path / "wider", FILES | {"policies/school-policy.yaml": SCHOOL.replace("min: 3", "min: 1")})
    with (wider / "catalogue.yaml").open("a", encoding="utf-8") as file:
        file.write("policies: [school-policy]\n")
    unread = "mcred: not read: catalogue/policies/school-policy.yaml has faults (`mcred validate`)\n"
    assert mcred("frameworks", "show", "isle-framework", cwd=wider).err == unread
    assert mcred("explain", "isle-framework.weeks", cwd=wider).err == unread
    checked = mcred("validate", "long", "--select", "isle-framework.weeks", cwd=wider)
    assert "1 record not checked against the framework: catalogue/policies/school-policy.yaml has faults" in checked.out


CASES = """\
format: 1
kind: clauses
framework: isle-framework
cases:
  - id: a-guild-is-exempt
    as_of: 2026-11-22
    record: {developer: a-guild, duration: [{amount: 40, unit: weeks}], level: Seed}
    expect: {isle-framework.weeks: {verdict: not-applicable, because: guard}, isle-framework.level: {verdict: met}}
  - id: days-are-no-weeks
    as_of: 2026-11-22
    record: {developer: b-school, duration: [{amount: 20, unit: days}, {amount: 3, unit: weeks}]}
    expect: {isle-framework.weeks: {verdict: met, edition: isle-2020}}
  - id: thirteen-weeks
    as_of: 2026-11-22
    record: {developer: b-school, duration: [{amount: 13, unit: weeks}]}
    expect: {isle-framework.weeks: {verdict: not-met, severity: note, at: /duration/0/amount}}
  - id: before-the-rules
    record: {developer: b-school, duration: [{amount: 13, unit: weeks}]}
    decisions: [{act: content-approved, date: 2020-02-29}]
    expect: {isle-framework.weeks: {verdict: not-applicable, because: no-edition}}
"""


def test_its_cases_are_run_and_its_words_are_spoken(register):
    (register / "cases.txt").write_text(CASES, encoding="utf-8")
    assert mcred("conformance", "cases.txt", cwd=register).out == "4 cases: 4 agree, 0 differ\n"
    assert mcred("show", "of-a-guild", cwd=register).out.splitlines()[1].startswith("of-a-guild, short award")
    compared = mcred("compare-levels", "isle-framework", "Sprout", "nzqcf", "-f", "json", cwd=register).json
    assert [each["answer"] for each in compared["comparisons"]] == ["no-table"]
    wrong = mcred("compare-levels", "isle-framework", "Spout", cwd=register)
    assert (wrong.code, wrong.err) == (
        2,
        "mcred: isle-framework has no level 'Spout'; there is 'Seed', 'Sprout' or 'Tree'\n",
    )
    unknown = mcred("frameworks", "coverage", "isle-framework", "-f", "json", cwd=register).json["unknown"]
    assert unknown == [{"at": "/hours_per_credit/value", "about": ""}]


def test_a_record_under_a_framework_without_levels_has_none(tmp_path):
    text = award("an-award", "a-school", 5).replace("isle-framework", "au-nmf")
    files = {"organisations/a-school.yaml": FILES["organisations/a-school.yaml"]}
    root = made(tmp_path, {**files, "micro-credentials/an-award.yaml": text})
    found = mcred("validate", "an-award", "--format", "json", cwd=root).json["findings"]
    told = [(each["rule"], each["message"], each["hint"]) for each in found if "levels" in each["message"]]
    assert told == [("MC108", "au-nmf has no levels; here is 'Seed'", "leave it out")]


def test_one_award_stands_under_several_frameworks_with_an_outcome_of_its_own_in_each(tmp_path):
    elsewhere = "other_frameworks: [{framework: fqf-fj, outcome: not-recognised}, {framework: hkqf, outcome: recognised, level: 3}]\n"
    text = award("an-award", "a-school", 5, "4").replace("isle-framework", "pqf") + elsewhere
    files = {name: text for name, text in FILES.items() if name.startswith("organisations")}
    root = made(tmp_path, {**files, "micro-credentials/an-award.yaml": text})
    assert mcred("validate", "an-award", "--select", "MC108", "--select", "MC205", cwd=root).code == 0
    shown = [
        line.split(None, 2)[2] for line in mcred("show", "an-award", cwd=root).out.split("\n") if "Other fram" in line
    ]
    assert shown == ["- framework fqf-fj, outcome not-recognised"]
    wrong = text.replace("level: 3}", "level: 8}")
    (root / "micro-credentials/an-award.yaml").write_text(wrong, encoding="utf-8")
    found = mcred("validate", "an-award", "--select", "MC108", "--format", "json", cwd=root).json["findings"]
    assert [each["message"] for each in found] == ["hkqf has no level '8'"]


def test_a_policy_that_allows_more_is_a_finding(register, tmp_path):
    wider = FILES | {"policies/school-policy.yaml": SCHOOL.replace("min: 3, max: 8", "min: 1, max: 8")}
    root = made(tmp_path, wider)
    found = mcred("validate", "policies", "--format", "json", cwd=root).json["findings"]
    assert [each["record"] for each in found if each["rule"] == "MC453"] == ["school-policy"]


def test_the_policy_to_be_copied_has_no_faults_and_is_a_layer(tmp_path):
    """As `catalogue/policies/example-provider-policy.yaml` stands, with one record of its provider and one of another."""
    text = (ROOT / "catalogue/policies/example-provider-policy.yaml").read_text(encoding="utf-8")
    record = (ROOT / "tests/frameworks/nzqcf/complete-record.yaml").read_text(encoding="utf-8")
    record = record.replace("credits: 8\n", "credits: 35\n", 1)
    theirs = record.replace("id: complete-record", "id: theirs").replace(
        "developer: example-provider", "developer: b-school"
    )
    root = made(
        tmp_path,
        {
            "policies/example-provider-policy.yaml": text,
            "micro-credentials/complete-record.yaml": record,
            "micro-credentials/theirs.yaml": theirs,
            "organisations/example-provider.yaml": organisation("example-provider", "private-training-establishment"),
            "organisations/b-school.yaml": organisation("b-school", "private-training-establishment"),
        },
    )
    with (root / "catalogue.yaml").open("a", encoding="utf-8") as file:
        file.write("policies: [example-provider-policy]\n")
    found = mcred("validate", "--format", "json", "--as-of", AS_OF, cwd=root).json["findings"]
    credits = [each for each in found if each["rule"] == "nzqcf.credits"]
    assert [(each["record"], each["message"], [one["clause"] for one in each["clauses"]]) for each in credits] == [
        ("complete-record", "'credits' is 35; 5 to 20 is asked for", ["example-provider-policy.credits"])
    ]
    assert [each["message"] for each in found if each["path"].endswith("example-provider-policy.yaml")] == []
