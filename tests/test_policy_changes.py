"""Each way in which a change alters by what it is judged is listed, with what it silences; and nothing else is."""

import json
from datetime import date

import pytest

from mcred.diagnostic import Diagnostic, Ignored, Severity, Source, Span
from mcred.policy_changes import KINDS, Judging, Rules, policy_changes
from mcred.settings import settings
from mcred.validation import Altered, Entry, check_record
from mcred.workspace import context
from tests.support import AS_OF, kind_of

FRAMEWORK = """\
format: 1
id: farm-framework
title: Farm Framework
levels: {type: integer, values: [1, 2, 3]}
statuses: [current]
first_status: current
regimes: [{id: first, from: 2018}]
sources: [{id: RULES, title: Rules}]
instruments: [{id: rules, kind: rules, title: Rules, editions: [{id: r-2018, from: 2018}]}]
clauses:
  - {id: credits, summary: Credits., instrument: rules, citation: rule 1, basis: rule, governs: content,
     covered_by: requirement, test: range, at: /credits, values: [{edition: r-2018, min: 1, max: 40}]}
  - {id: need, summary: The need., instrument: rules, citation: rule 2, basis: rule, governs: content,
     covered_by: requirement, test: present, at: /evidence_of_need}
"""
POLICY = """\
format: 1
id: farm-policy
title: Farm Policy
extends: farm-framework
instruments: [{id: own, kind: policy, title: Own, editions: [{id: o-2018, from: 2018}]}]
clauses:
  - {id: credits, tightens: farm-framework.credits, summary: Small ones., instrument: own, citation: section 1,
     severity: error, values: [{edition: o-2018, min: 1, max: 30}]}
"""
SETTINGS = "format: 1\ntitle: Farms\npolicies: [farm-policy]\n"
RECORD = """\
id: farm-water
title: Farm Water
framework: farm-framework
level: 2
credits: 35
decisions:
  - {id: one, act: submitted, date: 2026-02-01, by: a-provider, to: an-authority}
"""
WATER = "micro-credentials/farm-water.yaml"
DAY = date.fromisoformat(AS_OF)

BEFORE = {
    "catalogue.yaml": SETTINGS,
    "policies/farm-framework.yaml": FRAMEWORK,
    "policies/farm-policy.yaml": POLICY,
    WATER: RECORD,
}
CREDITS, NEED = "farm-framework.credits", "farm-framework.need"


def entry(files, path):
    return Entry(Source(path, files[path].encode()), kind_of(path)) if path in files else None


def rules(files, baseline):
    own = {name: Source(name, files[name].encode()) for name in files if name.startswith("policies/")}
    by_id = {name.split("/")[1].removesuffix(".yaml"): source for name, source in own.items()}
    return Rules(
        Source("catalogue.yaml", files["catalogue.yaml"].encode()), by_id, Source(".mcred-baseline.jsonl", baseline)
    )


def known(held, own):
    return context(own.values(), held.policies, (), "catalogue.yaml", held.language)


def listed(after, before=BEFORE, debts=(b"", b""), ignored=()):
    """The changes of policy between two sets of files, as the change is judged on a day."""
    was, now = rules(before, debts[0]), rules(after, debts[1])
    import yaml

    judged_by = known(settings(yaml.safe_load(before["catalogue.yaml"])), {**now.own, **was.own})
    results = {path: check_record(entry(after, path), judged_by, DAY) for path in after}
    told = [each for result in results.values() for each in result.diagnostics]
    judging = Judging(judged_by, known, results, lambda path: entry(after, path), DAY)
    differ = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    altered = [Altered(entry(before, path), entry(after, path)) for path in differ]
    return policy_changes(was, now, altered, ignored, told, judging)


def edited(*changes, path=WATER, before=BEFORE):
    """The files with some texts replaced in one."""
    text = before[path]
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return {**before, path: text}


def brief(found):
    """Kind, message, place, and the rules of what is silenced."""
    return [(c.kind, c.message, f"{c.path}:{c.span.line}", [d.rule for d in c.silenced]) for c in found]


# --- settings, policies, known debts ---------------------------------------------------------------------------------


def test_setting_that_takes_a_policy_out_of_force():
    after = edited(("policies: [farm-policy]\n", ""), path="catalogue.yaml")

    assert brief(listed(after)) == [
        ("setting", "'policies' is absent; it was [\"farm-policy\"]", "catalogue.yaml:1", [CREDITS])
    ]


def test_setting_of_another_sort():
    after = edited(
        ("title: Farms\n", "title: F\ntimezone: Pacific/Apia\nsettings: {x-a: 1}\nx-b: 2\n"), path="catalogue.yaml"
    )

    assert brief(listed(after)) == [
        ("setting", "'timezone' is 'Pacific/Apia'; it was absent", "catalogue.yaml:3", []),
        ("setting", "'settings' is {\"x-a\": 1}; it was absent", "catalogue.yaml:4", []),
    ]


def test_policy_that_allows_more():
    after = edited(("max: 30", "max: 39"), path="policies/farm-policy.yaml")

    assert brief(listed(after)) == [
        ("policy", "the policy 'farm-policy' is changed", "policies/farm-policy.yaml:1", [CREDITS])
    ]


def test_a_policy_that_is_deleted_is_told_at_line_1_of_it():
    after = {path: text for path, text in BEFORE.items() if "policy" not in path}

    assert brief(listed(after)) == [
        ("policy", "the policy 'farm-policy' is deleted", "policies/farm-policy.yaml:1", [CREDITS, NEED])
    ]


def test_a_policy_broken_on_purpose_silences_all_that_it_is_a_layer_on():
    after = edited(("tightens: farm-framework.credits", "tightens: farm-framework.x"), path="policies/farm-policy.yaml")

    assert [(c.kind, [d.rule for d in c.silenced]) for c in listed(after)] == [("policy", [CREDITS, NEED])]


def test_a_new_policy_silences_nothing():
    after = {**BEFORE, "policies/more.yaml": POLICY.replace("farm-policy", "more")}

    assert brief(listed(after)) == [("policy", "the policy 'more' is new", "policies/more.yaml:1", [])]


def test_baseline():
    need = next(each for each in results_of(BEFORE) if each.rule == NEED)
    line = json.dumps({"fingerprint": need.fingerprint}).encode() + b"\n"

    assert brief(listed(BEFORE, debts=(b"", line))) == [
        ("baseline", "the baseline gains 1 entry", ".mcred-baseline.jsonl:1", [NEED])
    ]
    assert brief(listed(BEFORE, debts=(line + b"no json\r\n", b"no json\n"))) == [
        ("baseline", "the baseline loses 1 entry", ".mcred-baseline.jsonl:1", [])
    ]


@pytest.mark.parametrize("line", [b"[" * 100_000, b'{"fingerprint": [1]}', b"\xff", b"1", b"{"])
def test_a_line_of_the_baseline_that_is_no_entry_silences_nothing(line):
    assert brief(listed(BEFORE, debts=(b"", line))) == [
        ("baseline", "the baseline gains 1 entry", ".mcred-baseline.jsonl:1", [])
    ]


def results_of(files):
    judged_by = known(settings({"policies": ["farm-policy"]}), rules(files, b"").own)
    return check_record(entry(files, WATER), judged_by, DAY).diagnostics


# --- comments --------------------------------------------------------------------------------------------------------

COMMENT = "# mcred: ignore[MC213] until=2027-03-01 -- for now"
OTHER = "# mcred: ignore[MC309] -- so it was"


def test_suppression_by_a_new_comment():
    after = edited(("title: Farm Water\n", f"title: Farm Water  {COMMENT}\n"))
    held = Diagnostic(
        "MC213", "near-duplicate-title", Severity.WARNING, "m", {}, WATER, Span(2, 8, 2, 18), (), "farm-water"
    )
    ignored = [Ignored(held, "for now", "2027-03-01", Span(2, 20, 2, 20 + len(COMMENT)))]
    two = edited(("title: Farm Water\n", f"title: Farm Water  {COMMENT} {OTHER}\n"))

    assert brief(listed(after, ignored=ignored)) == [
        ("suppression", f"a comment holds findings back: {COMMENT}", f"{WATER}:2", ["MC213"])
    ]
    assert brief(listed(two, ignored=ignored)) == [
        ("suppression", f"a comment holds findings back: {COMMENT}", f"{WATER}:2", ["MC213"]),
        ("suppression", f"a comment holds findings back: {OTHER}", f"{WATER}:2", []),
    ]


@pytest.mark.parametrize(
    ("old", "new", "number"),
    [
        (f"title: Farm Water {COMMENT}\n", f"x-a: 1\ntitle: Farm Water   {COMMENT}\n", 0),
        (f"title: Farm Water {COMMENT}\n", f"{COMMENT}\ntitle: Farm Water\n", 0),
        (f"title: Farm Water {COMMENT}\n", f"title: Farm Water\nlevel: 2 {COMMENT}\n", 1),
        (f"title: Farm Water {COMMENT}\n", f"title: Farm Water {COMMENT.replace('MC213', 'MC213, MC315')}\n", 1),
        (f"title: Farm Water {COMMENT}\n", f"title: Farm Water {COMMENT} {OTHER}\n", 1),
        (f"title: Farm Water {COMMENT}\n", "title: Farm Water\n", 0),
    ],
    ids=["same", "above its line", "elsewhere", "more rules", "beside it", "gone"],
)
def test_a_comment_is_known_by_its_words_and_by_what_it_is_about(old, new, number):
    plain = edited(("title: Farm Water\n", ""), ("level: 2\n", "" if "level" in new else "level: 2\n"))
    before, after = (edited(("framework:", f"{text}framework:"), before=plain) for text in (old, new))

    assert [c.kind for c in listed(after, before)] == ["suppression"] * number


# --- what a record says of itself ------------------------------------------------------------------------------------


def test_custody():
    after = edited(("level: 2\n", "level: 2\ncustody: observed\n"))

    assert brief(listed(after)) == [("custody", "'custody' is 'observed'; it was 'own'", f"{WATER}:5", [CREDITS, NEED])]


def test_custody_that_was_observed_and_no_longer_is():
    before = edited(("level: 2\n", "level: 2\ncustody: observed\n"))

    assert brief(listed(BEFORE, before)) == [("custody", "'custody' is 'own'; it was 'observed'", f"{WATER}:1", [])]


def test_framework():
    after = edited(("framework: farm-framework\n", "framework: none\n"))

    assert brief(listed(after)) == [
        ("framework", "'framework' is 'none'; it was 'farm-framework'", f"{WATER}:3", [CREDITS, NEED])
    ]


def test_stage():
    before = edited((RECORD[RECORD.index("decisions") :], "stage: proposed\n"))
    after = edited(("proposed", "draft"), before=before)

    assert brief(listed(after, before)) == [("stage", "'stage' is 'draft'; it was 'proposed'", f"{WATER}:6", [])]
    assert brief(listed(BEFORE, before)) == [("stage", "'stage' is absent; it was 'proposed'", f"{WATER}:1", [])]


def test_stage_that_is_taken_back_together_with_what_was_decided_shows_as_a_stage():
    after = edited((RECORD[RECORD.index("decisions") :], "stage: draft\n"))

    assert brief(listed(after)) == [("stage", "'stage' is 'draft'; it was absent", f"{WATER}:6", [])]


def test_fictional():
    after = edited(("level: 2\n", "level: 2\nfictional: true\n"))

    assert [(c.kind, c.message) for c in listed(after)] == [("fictional", "'fictional' is true; it was false")]


def test_unknown():
    before = edited(("credits: 35\n", ""), ("level: 2\n", "level: 2\nunknown: [/hours]\n"))
    after = edited(("unknown: [/hours]\n", "unknown:\n  - /evidence_of_need\n  - /hours\n"), before=before)

    assert brief(listed(after, before)) == [("unknown", "'/evidence_of_need' is said to be unknown", f"{WATER}:6", [])]


def test_all_that_is_not_there_said_to_be_unknown_on_a_copy():
    observed = edited(("level: 2\n", "level: 2\ncustody: observed\n"))
    after = edited(("custody: observed\n", "custody: observed\nunknown: rest\n"), before=observed)

    assert [(c.kind, c.message) for c in listed(after, observed)] == [
        ("unknown", "all that is not there is said to be unknown")
    ]


def test_a_value_that_becomes_unknown():
    before = edited(("level: 2\n", "level: 2\noutcomes: [{id: o1, text: One}]\n"))
    after = edited(("{id: o1, text: One}", "{id: o2, text: Two}, {id: o1, text: unknown}"), before=before)

    assert [(c.kind, c.message, str(c.pointer)) for c in listed(after, before)] == [
        ("unknown", "'/outcomes/o1/text' is said to be unknown", "/outcomes/1/text")
    ]


def test_excepted():
    act = "  - {id: two, act: excepted, date: 2026-03-01, by: an-authority, clause: farm-framework.need, why: x}\n"

    assert brief(listed({**BEFORE, WATER: RECORD + act})) == [
        ("excepted", "a decision makes an exception from 'farm-framework.need'", f"{WATER}:8", [NEED])
    ]


def test_corrected():
    act = "  - {id: two, act: corrected, date: 2026-03-01, by: a-provider, decision: one, void: true, why: x}\n"
    found = listed({**BEFORE, WATER: RECORD + act})

    assert [(c.kind, c.message, c.span.line) for c in found] == [("corrected", "a decision corrects 'one'", 8)]


def test_removed():
    act = "  - {id: two, act: removed, date: 2026-03-01, by: an-authority, because: listed-by-mistake}\n"

    assert brief(listed({**BEFORE, WATER: RECORD + act})) == [
        ("removed", "a decision takes the record out of the register", f"{WATER}:8", [CREDITS, NEED])
    ]


def test_an_exception_that_is_altered_is_a_new_one_and_one_that_gets_an_id_is_not():
    act = "  - {act: excepted, date: 2026-03-01, by: an-authority, clause: farm-framework.need, why: x}\n"
    before = {**BEFORE, WATER: RECORD + act}

    assert listed({**BEFORE, WATER: RECORD + act.replace("{act", "{id: two, act")}, before) == ()
    assert [c.kind for c in listed({**BEFORE, WATER: RECORD + act.replace("need", "credits")}, before)] == ["excepted"]


# --- whose change it is ----------------------------------------------------------------------------------------------

OBSERVED = ("level: 2\n", "level: 2\ncustody: observed\n")


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("micro-credentials/sub/farm-water.yaml", []),
        ("micro-credentials/wet-farm.yaml", [("id: farm-water\n", "id: wet-farm\naliases: [farm-water]\n")]),
        ("micro-credentials/wet-farm.yaml", [("id: farm-water\n", "id: wet-farm\n")]),
        (WATER, [("id: farm-water\n", "id: wet-farm\n"), ("title: Farm Water", "title: Wet Farm")]),
    ],
    ids=["moved", "renamed", "renamed without an alias", "another id in its place"],
)
def test_a_record_is_known_again(path, changes):
    renamed = edited(*changes, ("level: 2\n", "level: 2\nstage: draft\n"))
    after = {key: text for key, text in BEFORE.items() if key != WATER} | {path: renamed[WATER]}

    assert [(c.kind, c.message, c.path) for c in listed(after)] == [
        ("stage", "'stage' is 'draft'; it was absent", path)
    ]


def test_records_of_one_title_are_each_known_again():
    def named(*ids, text=RECORD):
        rest = {path: each for path, each in BEFORE.items() if path != WATER}
        return rest | {f"micro-credentials/{id}.yaml": text.replace("farm-water", id) for id in ids}

    drafts = named("three", "four", text=RECORD.replace("level: 2\n", "level: 2\nstage: draft\n"))
    found = [(each.kind, each.record) for each in listed(drafts, before=named("one", "two"))]

    assert found == [("stage", "four"), ("stage", "three")]


def test_of_a_new_record_only_what_makes_less_of_it_is_listed():
    new = {"micro-credentials/new.yaml": "id: new\ntitle: New\nframework: none\nstage: draft\nunknown: [/credits]\n"}

    assert brief(listed({**BEFORE, **new})) == [
        ("unknown", "'/credits' is said to be unknown", "micro-credentials/new.yaml:5", [])
    ]
    observed = {path: text.replace("stage: draft", "custody: observed\nfictional: true") for path, text in new.items()}
    assert [(c.kind, c.message) for c in listed({**BEFORE, **observed})] == [
        ("custody", "'custody' is 'observed' in a new record"),
        ("fictional", "'fictional' is true in a new record"),
        ("unknown", "'/credits' is said to be unknown"),
    ]


def test_what_is_written_anew_is_no_change():
    after = edited(("level: 2\ncredits: 35\n", "credits:   35\r\n# a comment\nlevel: 2\n"))

    assert listed(after) == ()


def test_a_file_that_cannot_be_read_is_a_finding_and_no_change_of_policy():
    assert listed({**BEFORE, WATER: "id: [\n"}) == ()
    assert listed(BEFORE, {**BEFORE, WATER: "id: [\n"}) == ()


def test_every_kind_has_a_test():
    assert [kind for kind in KINDS if not any(name.startswith(f"test_{kind}") for name in globals())] == []
