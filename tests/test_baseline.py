"""Known debts: which findings they hold back, and which never; what is told when one is gone; the file and its lines."""

import json
import subprocess
from datetime import date

import pytest
from hypothesis import strategies as st

from mcred.baseline import FILE, MOST_FAULTS, Baseline, Debt, debt, parse, renewed, written
from mcred.diagnostic import Finding, Pointer, Severity
from mcred.validation import Misplaced
from tests.support import AS_OF, DRAFT, checked, holds, made, mcred, small
from tests.support import written as shown

DAY = date.fromisoformat(AS_OF)
PATH = "micro-credentials/a-draft.yaml"
FAULTY = DRAFT + "levle: 3\ncredits: ten\nrequires: [nothing]\n"
STALE = "editor-schema-stale"


def report(files, known=(), **more):
    """What files come to; `known` are debts, or the bytes of a baseline."""
    files = files if isinstance(files, dict) else {PATH: files}
    own = parse(FILE, known if isinstance(known, bytes) else written(known).encode())
    return checked(files, baseline=own, as_of=DAY, **more)


def debts_of(files, **more):
    """All that may be known of files."""
    files = files if isinstance(files, dict) else {PATH: files}
    return [debt(each) for each in checked(files, baseline=Baseline(every=True), as_of=DAY, **more).baseline]


def told(found):
    return [(each.name, str(each.pointer)) for each in found.diagnostics]


# --- what is held back ------------------------------------------------------------------------------------------------


def test_a_known_fault_is_counted_and_fails_nothing():
    found = report(FAULTY, debts_of(FAULTY))

    assert told(found) == []
    assert [each.name for each in found.baseline] == ["unknown-field", "wrong-type", "broken-reference"]
    assert not found.fails(Severity.NOTE)


def test_a_new_fault_is_told_beside_known_ones():
    more = FAULTY + "level: {a: 1}\ncolour: blue\n"
    found = report(more, debts_of(FAULTY))

    assert told(found) == [("wrong-type", "/level"), ("unknown-field", "/colour")]
    assert found.fails(Severity.ERROR)


def test_of_faults_that_are_alike_as_many_are_held_back_as_were_known():
    items = DRAFT + "codes:\n  - {value: x, vale: y}\n  - {value: x, vale: y}\n"
    known = debts_of(items)
    found = report(items + "  - {value: z, vale: y}\n", known)

    assert len(known) == 2
    assert told(found) == [("unknown-field", "/codes/2/vale")]


def test_two_things_that_are_missing_in_one_place_are_two_debts():
    lacking = "id: own\nformat: 1\ntitle: Own\ninstruments: [{id: rules, kind: rules}]\n"
    known = debts_of({"policies/own.yaml": lacking})
    found = report({"policies/own.yaml": lacking.replace("kind: rules", "title: Rules")}, known)

    assert [each.message.partition(":")[0] for each in known if each.pointer == "/instruments/0"] == [
        "missing 'editions'",
        "missing 'title'",
    ]
    assert [each.message.partition(":")[0] for each in found.diagnostics if each.rule == "MC101"] == ["missing 'kind'"]


def test_notes_are_told_and_are_no_debts():
    draft = DRAFT.replace("none", "nzqcf")
    found = checked({PATH: draft}, baseline=Baseline(every=True), as_of=DAY)

    assert found.baseline == ()
    assert {each.severity for each in found.diagnostics} == {Severity.NOTE}


def test_a_debt_of_less_gravity_does_not_hold_back_a_graver_fault_nor_is_it_gone():
    [first, *rest] = debts_of(FAULTY)
    found = report(FAULTY, [first._replace(severity=Severity.WARNING), *rest])

    assert told(found) == [("unknown-field", "/levle")]


def test_a_debt_of_more_gravity_holds_back_a_lesser_fault_and_is_entered_as_that():
    files = {PATH: DRAFT, "micro-credentials/b-draft.yaml": DRAFT.replace("a-draft", "b-draft")}
    [warning] = debts_of(files)
    graver = warning._replace(severity=Severity.ERROR)
    found = report(files, [graver])

    assert (warning.rule, warning.severity, told(found)) == ("MC213", Severity.WARNING, [])
    assert renewed(Baseline(debts=(graver,)), (), found.baseline) == [warning]


def test_what_makes_a_file_unreadable_is_never_known():
    files = {PATH: "id: a-draft\n  title: [\n"}
    [fault] = report(files).diagnostics

    assert debts_of(files) == []
    assert told(report(files, [debt(fault)])) == [("yaml-syntax", "")]


@pytest.mark.parametrize("rule", ["not-a-regular-file", STALE])
def test_what_lies_in_the_place_of_a_record_and_what_is_about_the_run_is_never_known(rule):
    stray = Misplaced("micro-credentials/x", Finding(Pointer(), "it is there", rule=rule), is_record=rule != STALE)
    assert debts_of({PATH: DRAFT}, misplaced=[stray]) == []


def test_in_a_file_of_which_not_every_finding_is_known_there_is_no_debt():
    text = DRAFT + "".join(f"k{number}: 1\n" for number in range(1_100))
    known = debts_of(text)
    found = report(text, known)

    assert known == []
    assert found.diagnostics[-1].message == "1,000 more findings in this file are not shown"


def test_one_debt_answers_for_one_record():
    old = {PATH: DRAFT + "levle: 3\n"}
    both = {
        **old,
        "micro-credentials/b-draft.yaml": "id: b-draft\ntitle: B\nframework: none\nlevle: 3\naliases: [a-draft]\n",
    }
    found = report(both, debts_of(old))

    assert ("unknown-field", "/levle") in told(found)
    assert [each.record for each in found.baseline] == ["a-draft"]


def test_what_a_renamed_record_owes_under_both_ids_is_gone_under_the_old_one():
    renamed = {"micro-credentials/b-draft.yaml": FAULTY.replace("id: a-draft", "id: b-draft\naliases: [a-draft]")}
    old, new = debts_of(FAULTY), debts_of(renamed)
    found = report(renamed, [*old, *new])

    assert [each.arguments["about"] for each in found.diagnostics] == ["a-draft"] * 3
    assert len(found.baseline) == 3


def test_a_fingerprint_does_not_depend_on_what_is_asked_for():
    twins = {f"micro-credentials/{folder}/a-draft.yaml": FAULTY for folder in ("one", "two")}
    known = debts_of(twins)
    of_two = report(twins, known, reported=lambda path: "/two/" in path)

    assert of_two.diagnostics == ()
    assert {each.path for each in of_two.baseline} == {"micro-credentials/two/a-draft.yaml"}
    assert {debt(each).fingerprint for each in of_two.baseline} < {each.fingerprint for each in known}


# --- what is gone -----------------------------------------------------------------------------------------------------

REPAIRED = FAULTY.replace("levle: 3\n", "")


def test_a_debt_that_is_gone_is_told_at_its_line():
    found = report(REPAIRED, debts_of(FAULTY))
    [gone] = found.diagnostics

    assert (gone.rule, gone.severity, gone.where) == ("MC811", Severity.WARNING, f"{FILE}:1:1")
    assert gone.message == "the known fault 'MC102' of 'a-draft' is no longer found"
    assert found.line(FILE, 1) == debts_of(FAULTY)[0].text
    assert len(found.baseline) == 2


@pytest.mark.parametrize(
    "more",
    [
        {"alone": True},
        {"rules_of": DAY},
        {"unreadable": [("micro-credentials", "permission denied")]},
        {"select": frozenset({"unknown-field"})},
        {"reported": lambda path: path == PATH},
    ],
    ids=lambda more: next(iter(more)),
)
def test_what_was_not_looked_at_is_not_called_gone(more):
    assert told(report({PATH: REPAIRED}, debts_of(FAULTY), **more)) == []


def test_nothing_is_gone_from_a_file_that_cannot_be_read():
    broken = {PATH: FAULTY + "]\n"}
    assert told(report(broken, debts_of(FAULTY))) == [("yaml-syntax", "")]


def test_nothing_is_gone_from_what_may_have_been_renamed_into_a_file_that_cannot_be_read():
    renamed = {
        "micro-credentials/b-draft.yaml": FAULTY.replace("id: a-draft", "id: b-draft\naliases: [a-draft]") + "]\n"
    }
    assert told(report(renamed, debts_of(FAULTY))) == [("yaml-syntax", "")]


def test_a_reference_into_a_file_that_cannot_be_read_is_not_called_repaired():
    both = {PATH: FAULTY, "micro-credentials/nothing.yaml": "]\n"}
    assert told(report(both, debts_of(FAULTY))) == [("yaml-syntax", "")]


def test_a_new_fault_of_shape_hides_what_rules_would_find_and_not_other_faults_of_shape():
    decided = DRAFT + "levle: 3\ndecisions: [{act: submitted, to: nobody, by: nobody}]\n"
    known = debts_of(decided)
    touched = DRAFT + "decisions: soon\n"

    assert "MC302" in {each.rule for each in known}
    assert told(report(touched, known))[:2] == [("baseline-entry-gone", ""), ("wrong-type", "/decisions")]
    assert [each.arguments["fault"] for each in report(touched, known).diagnostics[:1]] == ["MC102"]


def test_of_a_framework_with_faults_nothing_is_known_and_nothing_of_its_records_gone(tmp_path):
    record = "id: a-draft\ntitle: A Draft\nframework: own\nlevel: 9\n"
    own = "id: own\nformat: 1\ntitle: Own\nlevels: {type: integer, values: [1, 2]}\n"
    root = made(tmp_path, {PATH: record, "policies/own.yaml": own})
    assert mcred("baseline", "create", cwd=root).code == 0
    (root / "policies/own.yaml").write_text(own + "titel: x\n")
    (root / PATH).write_text(record.replace("level: 9\n", ""))
    ran = mcred("validate", "--format", "json", cwd=root)

    assert "unknown-field" in ran.names
    assert "baseline-entry-gone" not in ran.names
    assert mcred("baseline", "update", "--add", cwd=root).code == 0
    assert "unknown-field" in mcred("validate", "--format", "json", cwd=root).names


# --- the file ---------------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DEBTS = st.builds(
    Debt,
    fingerprint=st.from_regex(r"1:[0-9a-f]{24}(-[1-9]{1,2})?", fullmatch=True),
    rule=st.sampled_from(["MC102", "nzqcf.credits"]),
    severity=st.sampled_from([Severity.ERROR, Severity.WARNING]),
    message=TEXTS,
    record=TEXTS.filter(bool),
    path=st.just(""),
    pointer=TEXTS,
    line=st.just(0),
)


@holds(st.lists(DEBTS, unique_by=lambda each: each.fingerprint, max_size=5), quick=50, thorough=1000)
def test_what_is_written_is_read_again(debts):
    text = written(debts)
    found = parse("b", text.encode())

    assert found.faults == ()
    assert [each._replace(line=0) for each in found.debts] == sorted(debts, key=lambda each: each.order)
    assert found.data == text.encode()
    assert len(text.splitlines()) == len(debts)


@holds(
    st.binary(max_size=60) | TEXTS.map(str.encode) | st.sampled_from([b"[" * 50_000, b"1" * 9_000]),
    quick=60,
    thorough=2000,
)
def test_any_bytes_are_a_baseline_with_faults(data):
    known = parse(FILE, data)
    found = report({PATH: DRAFT}, data)

    assert known.data == data
    assert known.debts == ()
    filled = [line for line in data.split(b"\n") if line.removeprefix(b"\xef\xbb\xbf").strip()]
    assert len(found.diagnostics) == len(known.faults) == len(filled)
    for format in ("text", "json", "sarif", "junit", "html", "csv"):
        assert shown(found, format).encode()


def test_a_line_that_is_not_utf8_is_a_fault_and_the_others_count():
    known = written(debts_of(FAULTY)).encode()
    found = report(FAULTY, known + b'{"record": "\xff"}\n' + known)

    assert [each.arguments.get("why", each.name) for each in found.diagnostics] == [
        "it is not UTF-8 text",
        *["duplicate-baseline-entry"] * 3,
    ]
    assert len(found.baseline) == 3


def test_what_editors_put_around_a_line_is_no_part_of_it():
    known = written(debts_of(FAULTY)).encode().replace(b"\n", b"\r\n\r\n")
    found = report(FAULTY, b"\xef\xbb\xbf" + known)

    assert found.diagnostics == ()
    assert len(found.baseline) == 3


def test_thousands_of_lines_at_fault_are_counted():
    found = report(DRAFT, b"x\n" * (MOST_FAULTS + 500))

    assert len(parse(FILE, b"x\n" * (MOST_FAULTS + 500)).faults) == MOST_FAULTS
    assert found.diagnostics[-1].message == "1,400 more findings in this file are not shown"


def test_a_baseline_that_is_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr("mcred.baseline.LARGEST", 100)
    found = report(FAULTY, debts_of(FAULTY))

    assert [each.name for each in found.diagnostics if each.path == FILE] == ["file-too-large"]
    assert found.baseline == ()


def test_two_branches_that_put_different_records_right_merge(tmp_path):
    names = ["aa", "bb", "cc", "dd", "ee"]
    files = {
        f"micro-credentials/{name}.yaml": f"id: {name}\ntitle: {name}\nframework: none\nf: 1\ng: 2\n" for name in names
    }
    debts = debts_of(files)
    versions = {
        "base": debts,
        "ours": [each for each in debts if each.record != "aa"],
        "theirs": [each for each in debts if each.record != "dd"],
    }
    for name, each in versions.items():
        (tmp_path / name).write_text(written(each))
    merge = ["git", "merge-file", "-p", "ours", "base", "theirs"]
    done = subprocess.run(merge, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout == written([each for each in debts if each.record not in ("aa", "dd")])


# --- the program ------------------------------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path):
    """A catalogue with a known fault of each kind, and its baseline."""
    root = small(tmp_path, a_draft=FAULTY)
    assert mcred("baseline", "create", cwd=root).out == (
        "wrote catalogue/.mcred-baseline.jsonl: 3 known faults (3 errors) in 1 record\n"
    )
    return root


def edit(root, old, new):
    path = root / PATH
    path.write_text(path.read_text().replace(old, new))


def test_from_the_first_day_to_a_baseline_that_is_empty(root):
    ran = mcred("validate", "--as-of", AS_OF, cwd=root)
    assert ran.code == 0
    assert ran.out == (
        "no new faults in 2 files (as of 2026-11-22)\n3 known faults in the baseline (--no-baseline tells them)\n"
    )
    assert mcred("validate", "--no-baseline", cwd=root).code == 1
    edit(root, "levle", "level")
    ran = mcred("validate", "--format", "json", cwd=root)
    assert (ran.code, ran.names) == (0, ["baseline-entry-gone"])
    assert ran.json["summary"] == {
        "error": 0,
        "warning": 1,
        "note": 0,
        "unknown": 0,
        "ignored": 0,
        "baseline": 2,
    }
    assert mcred("validate", "--select", "MC811", "--fail-on", "warning", cwd=root).code == 1
    assert mcred("baseline", "prune", "--dry-run", cwd=root).out == (
        "- a-draft: error[MC102] at /levle: unknown field 'levle'; did you mean 'level'?\n"
        "1 would be taken out and 0 entered; nothing was written (--dry-run)\n"
    )
    assert mcred("baseline", "prune", cwd=root).out == (
        "wrote catalogue/.mcred-baseline.jsonl: 2 known faults (2 errors) in 1 record, 3 before\n"
    )
    assert mcred("validate", "--fail-on", "note", cwd=root).code == 0
    (root / PATH).write_text(DRAFT)
    assert mcred("baseline", "update", cwd=root).out == (
        "wrote catalogue/.mcred-baseline.jsonl: no known fault, 2 before\n"
    )
    assert (root / FILE).read_bytes() == b""
    assert mcred("validate", "--as-of", AS_OF, cwd=root).out == "no faults in 2 files (as of 2026-11-22)\n"


def test_create_replaces_nothing_and_makes_nothing_of_nothing(root, tmp_path):
    before = (root / FILE).read_bytes()
    ran = mcred("baseline", "create", cwd=root)
    assert (ran.code, ran.err) == (
        3,
        "mcred: catalogue/.mcred-baseline.jsonl is there already: `mcred baseline update` takes out what is gone\n",
    )
    assert (root / FILE).read_bytes() == before
    (tmp_path / "b").mkdir()
    clean = small(tmp_path / "b", a_draft=DRAFT)
    assert (
        mcred("baseline", "create", cwd=clean).out
        == "there is no fault that could be entered, so that no baseline is needed\n"
    )
    assert not (clean / FILE).exists()


def test_create_says_what_cannot_be_known(tmp_path):
    root = small(tmp_path, a_draft=FAULTY, b_draft="]\n")
    dry = mcred("baseline", "create", "--dry-run", cwd=root)
    assert dry.out.endswith(
        "+ a-draft: error[MC205] at /requires/0: no record 'nothing'\n"
        "0 would be taken out and 3 entered; nothing was written (--dry-run)\n"
        "1 fault is not in it: `mcred validate` tells them\n"
    )
    assert not (root / FILE).exists()
    assert mcred("baseline", "create", cwd=root).code == 0
    assert mcred("validate", "--format", "json", cwd=root).names == ["yaml-syntax"]


def test_update_only_shrinks_unless_it_is_told(root):
    before = (root / FILE).read_bytes()
    edit(root, "levle: 3", "level: 3\ncolour: blue")
    shrunk = mcred("baseline", "update", cwd=root)
    assert shrunk.out == (
        "wrote catalogue/.mcred-baseline.jsonl: 2 known faults (2 errors) in 1 record, 3 before\n"
        "1 fault is not in it: `mcred validate` tells them\n"
    )
    assert set((root / FILE).read_bytes().splitlines()) < set(before.splitlines())
    assert "+ a-draft: error[MC102] at /colour" in mcred("baseline", "update", "--add", "--dry-run", cwd=root).out
    assert mcred("baseline", "update", "--add", cwd=root).code == 0
    assert mcred("validate", "--fail-on", "note", cwd=root).code == 0
    assert len((root / FILE).read_bytes().splitlines()) == 3
    assert mcred("baseline", "update", "--add", cwd=root).out == (
        "catalogue/.mcred-baseline.jsonl is up to date: 3 known faults (3 errors) in 1 record\n"
    )


def test_update_follows_a_record_to_its_new_id(root):
    text = (root / PATH).read_text()
    (root / PATH).unlink()
    (root / "micro-credentials/new-name.yaml").write_text(text.replace("a-draft", "new-name") + "aliases: [a-draft]\n")
    assert mcred("validate", "--fail-on", "note", cwd=root).code == 0
    assert mcred("baseline", "update", cwd=root).code == 0
    assert {json.loads(line)["record"] for line in (root / FILE).read_text().splitlines()} == {"new-name"}
    (root / "micro-credentials/new-name.yaml").write_text(text.replace("a-draft", "new-name"))
    assert mcred("validate", "--fail-on", "note", cwd=root).code == 0


def test_update_ends_a_merge_conflict_and_prune_leaves_other_lines_alone(root):
    lines = (root / FILE).read_text().splitlines(keepends=True)
    (root / FILE).write_text("".join(["<<<<<<< ours\n", lines[1], "=======\n", *lines, ">>>>>>> theirs\n", "oh\n"]))
    edit(root, "levle", "level")
    kept = (root / FILE).read_text().replace(lines[0], "")
    assert mcred("validate", "--format", "json", cwd=root).names == [
        "conflict-marker",
        "conflict-marker",
        "baseline-entry-gone",
        "duplicate-baseline-entry",
        "conflict-marker",
        "malformed-baseline-entry",
    ]
    assert mcred("baseline", "prune", cwd=root).code == 0
    assert (root / FILE).read_text() == kept
    assert mcred("baseline", "update", cwd=root).out == (
        "wrote catalogue/.mcred-baseline.jsonl: 2 known faults (2 errors) in 1 record, 2 before\n"
        "5 lines that held no entry of its own are left out\n"
    )
    assert (root / FILE).read_text() == "".join(lines[1:])


def test_update_keeps_what_it_does_not_understand(root):
    text = (root / FILE).read_text().replace('"1:', '"2:', 1)
    (root / FILE).write_text(text)
    ran = mcred("baseline", "update", cwd=root)
    assert ran.code == 3
    assert ran.err == (
        "mcred: catalogue/.mcred-baseline.jsonl: a fingerprint of version 2 stands here; this mcred makes and knows 1;"
        " nothing was written\n"
    )
    assert (root / FILE).read_text() == text


def test_a_link_in_its_place_is_told_and_not_followed(root):
    there = root.parent / "elsewhere.jsonl"
    (root / FILE).rename(there)
    (root / FILE).symlink_to(there)
    ran = mcred("validate", "--format", "json", cwd=root)
    assert ran.names[0] == "not-a-regular-file"
    assert ran.json["summary"]["baseline"] == 0
    for command in ("create", "update", "prune", "show"):
        assert mcred("baseline", command, cwd=root).code == 3
    assert there.stat().st_size > 0


def test_files_alone_have_their_known_faults_and_nothing_is_gone(root):
    edit(root, "levle", "level")
    ran = mcred("validate", "--alone", PATH, "--fail-on", "note", cwd=root)
    assert (ran.code, "2 known faults" in ran.out) == (0, False)
    assert "1 known fault in the baseline" in ran.out


def test_show_lists_what_is_known(root):
    assert mcred("baseline", "show", "mc205", cwd=root).out == (
        "record\tseverity\trule\tpointer\tmessage\tline\na-draft\terror\tMC205\t/requires/0\tno record 'nothing'\t3\n"
    )
    ran = mcred("baseline", "show", "a-draft", "--format", "json", cwd=root)
    found = ran.json
    assert ran.out.endswith("}\n")
    assert found["schema"] == "mcred-baseline/1"
    assert [each["line"] for each in found["known"]] == [1, 2, 3]
    ran = mcred("baseline", "show", "a-drft", cwd=root)
    assert (ran.code, ran.err) == (3, "mcred: no fault of 'a-drft' is known; did you mean 'a-draft'?\n")
    (root / FILE).write_bytes(b"oh\n")
    assert mcred("baseline", "show", cwd=root).err == (
        "mcred: 1 line of it could not be taken: `mcred validate` says why\n"
    )
    (root / FILE).unlink()
    assert mcred("baseline", "show", cwd=root).code == mcred("baseline", "prune", cwd=root).code == 3


# --- in each format ---------------------------------------------------------------------------------------------------


def test_what_each_format_says_of_known_faults():
    found = report(FAULTY + "colour: blue\n", debts_of(FAULTY))
    known = "3 known faults in the baseline"

    for format in ("text", "github", "markdown", "html"):
        assert known in shown(found, format)
    for format in ("concise", "jsonl", "csv", "gitlab", "junit", "json"):
        assert "levle" not in shown(found, format)
        assert "colour" in shown(found, format)
    run = json.loads(shown(found, "sarif"))["runs"][0]
    held = [each for each in run["results"] if "suppressions" in each]
    assert [each["ruleId"] for each in run["results"] if "suppressions" not in each] == ["MC102"]
    assert [each["ruleId"] for each in held] == ["MC102", "MC103", "MC205"]
    assert {each["suppressions"][0]["kind"] for each in held} == {"external"}
    assert all(run["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"] for each in held)
