"""The command line as a user meets it: exit codes, streams, paths, terminals, files that are written."""

import fcntl
import io
import json
import os
import pty
import re
import select
import shutil
import signal
import stat
import struct
import subprocess
import sys
import termios
import time
from contextlib import nullcontext
from itertools import count
from pathlib import Path

import pytest

from mcred import __version__
from mcred.cli.app import COMMANDS, load
from mcred.cli.progress import aside, with_progress
from mcred.cli.publishing import outputs
from mcred.errors import UsageError
from mcred.record import KINDS
from tests.support import AS_OF, DRAFT, PROGRAM, ROOT, copied, environment, installed, is_root, made, mcred, small

BAD = DRAFT.replace("title", "titel")
"""A record with one fault, on line 2."""

GOOD_LINE = "no faults in {} (as of 2026-11-22)\n"


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Return a folder with a catalogue that no test changes: the worked example and what it refers to, clean."""
    folder = tmp_path_factory.mktemp("shared")
    copied(folder)
    return folder


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """Return a folder with a catalogue that no test changes: one good record and one with a fault."""
    folder = tmp_path_factory.mktemp("faulty")
    small(folder, a_draft=BAD, b_draft="id: b-draft\ntitle: Another\nframework: none\n")
    return folder


def validate(*arguments, cwd, **more):
    return mcred("validate", "--as-of", AS_OF, *arguments, cwd=cwd, **more)


# --- exit codes and streams ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", [mcred, installed])
def test_0_nothing_is_wrong(run, shared):
    ran = run("validate", "--as-of", AS_OF, cwd=shared)
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"no faults in \d+ files \(as of 2026-11-22\)\n", ran.out)


@pytest.mark.parametrize("run", [mcred, installed])
@pytest.mark.parametrize("format", ["text", "concise", "json"])
def test_1_something_is_wrong_in_every_format(format, run, faulty):
    ran = run("validate", "--format", format, cwd=faulty)
    assert (ran.code, ran.err) == (1, "")
    assert "titel" in ran.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["valdate"], "no command 'valdate'; did you mean 'validate'? (see `mcred --help`)"),
        (["validate", "--frobnicate"], "no option '--frobnicate' (see `mcred validate --help`)"),
        (["validate", "--formt", "json"], "no option '--formt'; did you mean '--format'? (see `mcred validate --help`)"),
        (["validate", "--format", "jsn"], "--format: no format 'jsn'; there is 'text', 'concise', 'json', 'jsonl', 'sarif', 'github', 'gitlab', 'junit', 'csv', 'markdown' or 'html'; did you mean 'json'? (see `mcred validate --help`)"),
        (["validate", "--format"], "option '--format' requires an argument (see `mcred --help`)"),
        (["validate", "--fail-on", "eror"], "--fail-on: no severity 'eror'; there is 'error', 'warning', 'note' or 'never'; did you mean 'error'? (see `mcred validate --help`)"),
        (["validate", "--as-of", "2026-02-30"], "--as-of: 30 February 2026 does not exist (see `mcred validate --help`)"),
        (["validate", "--as-of", "2026-11"], "--as-of: '2026-11' is more than one day; write one such as 2026-11-30 (see `mcred validate --help`)"),
        (["validate", "--as-of", "today"], "--as-of: 'today' is not a day such as 2026-11-22 (see `mcred validate --help`)"),
        (["validate", "--select", "MC999"], "no rule 'MC999' (`mcred rules` lists them)"),
        (["validate", "--select", "unknown-feild"], "no rule 'unknown-feild'; did you mean 'unknown-field'? (`mcred rules` lists them)"),
        (["validate", "--color", "red"], "--color: no 'red'; there is 'auto', 'always' or 'never'"),
        (["validate", "--output", "report.json"], "--output: 'report.json' is not FORMAT=FILE, such as json=report.json"),
        (["validate", "--output", "jsn=x"], "--output: no format 'jsn'; there is 'text', 'concise', 'json', 'jsonl', 'sarif', 'github', 'gitlab', 'junit', 'csv', 'markdown' or 'html'; did you mean 'json'?"),
        (["validate", "-"], "'-' needs --stdin-filename FILE: the folder tells what kind of record it is"),
        (["validate", "--stdin-filename", "x.yaml"], "--stdin-filename goes with '-' for standard input"),
        (["validate", "--alone"], "--alone: name the files to look at"),
        (["new"], "KIND is missing (see `mcred new --help`)"),
        (["new", "organisation"], "ID is missing (see `mcred new --help`)"),
        (["new", "organization", "ab"], "no kind 'organization'; there is 'micro-credential', 'organisation', 'standard', 'qualification', 'training-scheme', 'equivalency', 'group' or 'framework'; did you mean 'organisation'?"),
        (["new", "organisation", "Pāua Trust"], "'Pāua Trust' is no id: it has 2 to 80 lower-case letters a to z, digits and single hyphens; did you mean 'paua-trust'?"),
        (["new", "organisation", "../../etc/x"], "'../../etc/x' is no id: it has 2 to 80 lower-case letters a to z, digits and single hyphens; did you mean 'etc-x'?"),
        (["explain", "MCC102"], "no rule 'MCC102'; did you mean 'MC102'? (`mcred rules` lists them)"),
        (["schema", "organization"], "no schema 'organization'; did you mean 'organisation'? (`mcred schema` lists them)"),
        (["validate", "\x1b[31m"], None),
    ],
)  # fmt: skip
def test_2_wrong_usage_is_one_plain_line(arguments, message, shared):
    ran = mcred(*arguments, cwd=shared)
    assert ran.out == ""
    if message is not None:
        assert (ran.code, ran.err) == (2, f"mcred: {message}\n")
    assert ran.err.count("\n") == 1
    assert "\x1b" not in ran.err


def test_3_what_is_named_is_not_there_and_the_rest_is_reported_first(faulty):
    ran = validate("nowhere.yaml", "a-draft", "catalogue/micro-credentials/c-draft.yaml", cwd=faulty)
    assert ran.code == 3
    assert "error[MC102]: unknown field 'titel'" in ran.out
    assert (
        ran.err.splitlines()
        == [
            "mcred: no file or folder 'nowhere.yaml'",
            "mcred: no file or folder 'catalogue/micro-credentials/c-draft.yaml'; did you mean 'a-draft'?",
        ]
        or ran.err.splitlines()[0] == "mcred: no file or folder 'nowhere.yaml'"
    )
    assert validate("nowhere.yaml", "--format", "json", cwd=faulty).json["findings"] == []


def test_3_there_is_no_catalogue(tmp_path):
    for arguments in (["validate"], ["new", "organisation", "ab"]):
        ran = mcred(*arguments, cwd=tmp_path)
        assert (ran.code, ran.out) == (3, "")
        assert (
            ran.err
            == f"mcred: no catalogue here: neither {tmp_path} nor a folder above it holds catalogue/catalogue.yaml\n"
        )


def test_3_the_catalogue_is_of_a_newer_format(tmp_path):
    made(tmp_path, {"catalogue.yaml": "format: 2\ntitle: T\n", "micro-credentials/a-draft.yaml": BAD})
    for arguments in (["validate"], ["validate", "a-draft"], ["new", "organisation", "ab"]):
        ran = mcred(*arguments, cwd=tmp_path)
        assert (ran.code, ran.out) == (3, "")
        assert (
            ran.err == "mcred: the catalogue has format 2; this mcred knows format 1: install a newer mcred\n"
            or "format 2" in ran.err
        )
    assert not (tmp_path / "catalogue" / "organisations").exists()


@pytest.mark.parametrize("format", ["1", "'1'", "one", "1.0", "true", "", "-1", "[2]"])
def test_a_format_that_is_no_number_is_a_finding_and_no_refusal(format, tmp_path):
    made(tmp_path, {"catalogue.yaml": f"format: {format}\ntitle: T\n", "micro-credentials/a-draft.yaml": DRAFT})
    ran = mcred("validate", cwd=tmp_path)
    assert ran.code in (0, 1)
    assert ran.err == ""


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """Return a folder that holds a copy of the program as it is installed."""
    folder = tmp_path_factory.mktemp("package")
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "mcred", folder / "mcred", ignore=ignore)
    shutil.copytree(ROOT / "schemas", folder / "mcred" / "_shipped" / "schemas")
    return folder


def run_package(package, *arguments, cwd, **env):
    more = {"PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(cwd), **env}
    command = [sys.executable, "-m", "mcred", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment(cwd, **more), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def broken_package(package, tmp_path_factory):
    """Return a copy of the program with a bug in it."""
    folder = tmp_path_factory.mktemp("broken")
    shutil.copytree(package, folder, dirs_exist_ok=True)
    with (folder / "mcred" / "validation.py").open("a") as file:
        file.write("\n\ndef validate(request, context):\n    return 1 / 0\n")
    return folder


def test_a_copy_of_the_program_works(package, tmp_path):
    copied(tmp_path)
    done = run_package(package, "validate", "--as-of", AS_OF, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_4_a_bug_is_one_line_and_a_report_to_send(broken_package, tmp_path):
    small(tmp_path, a_draft=DRAFT)
    done = run_package(broken_package, "validate", "--verbose", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    line = re.fullmatch(
        r"mcred: this is a bug in mcred \(ZeroDivisionError\); please send (\S+mcred-bug-\w+\.txt) to the project, or run again with --debug\n",
        done.stderr,
    )
    assert line, done.stderr
    report = Path(line[1]).read_text()
    assert f"mcred {__version__}, Python {sys.version.split()[0]}" in report
    assert "arguments: ['validate', '--verbose']" in report
    assert "ZeroDivisionError: division by zero" in report
    assert Path(line[1]).stat().st_mode & 0o077 == 0, "what is in it is for its owner to read"


def test_4_with_debug_the_traceback_is_shown(broken_package, tmp_path):
    small(tmp_path, a_draft=DRAFT)
    done = run_package(broken_package, "validate", "--debug", cwd=tmp_path)
    assert done.stdout == ""
    assert done.stderr.startswith("Traceback (most recent call last):")
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")
    assert done.returncode == 4
    assert not list(tmp_path.glob("mcred-bug-*"))


@pytest.mark.parametrize("damaged", ["common.schema.json", "micro-credential.schema.json", "frameworks/nzqcf.yaml"])
def test_a_damaged_installation_is_told_in_one_line(damaged, package, tmp_path):
    folder = tmp_path / "package"
    shutil.copytree(package, folder)
    (folder / "mcred" / "_shipped" / "schemas" / damaged).write_text("{")
    small(tmp_path, a_draft=DRAFT.replace("none", "nzqcf"))
    done = run_package(folder, "validate", cwd=tmp_path)
    assert (done.returncode in (3, 4), done.stdout, done.stderr.count("\n")) == (True, "", 1)
    assert done.stderr.startswith("mcred: ")


def test_130_it_is_stopped(shared):
    process = subprocess.Popen(
        [PROGRAM, "validate", "-", "--stdin-filename", "catalogue/micro-credentials/x.yaml"],
        cwd=shared,
        env=environment(shared),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    # A pipe holds 64 KiB: once more than that is written, the program reads, and waits for the rest.
    process.stdin.write(b"# " + b"x" * 150_000)
    process.stdin.flush()
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130
    out, err = process.stdout.read(), process.stderr.read()
    for stream in (process.stdin, process.stdout, process.stderr):
        try:
            stream.close()
        except BrokenPipeError:
            continue
    assert (out, err) == (b"", b"mcred: stopped\n")


def test_the_highest_exit_code_wins(faulty):
    assert validate("a-draft", "nowhere", cwd=faulty).code == 3
    assert validate("a-draft", "nowhere", "--fail-on", "never", cwd=faulty).code == 3
    assert validate("a-draft", "--format", "jsn", cwd=faulty).code == 2


@pytest.mark.parametrize(("fail_on", "code"), [("error", 1), ("warning", 1), ("note", 1), ("never", 0)])
def test_fail_on(fail_on, code, faulty):
    ran = validate("--fail-on", fail_on, "-q", cwd=faulty)
    assert (ran.code, ran.out, ran.err) == (code, "", "")


# --- paths -----------------------------------------------------------------------------------------------------------

EVERYWHERE = [
    (".", []),
    ("catalogue", []),
    ("catalogue/micro-credentials", []),
    ("other/folder", []),
    (".", ["."]),
    (".", ["catalogue"]),
    (".", ["catalogue/"]),
    (".", ["./catalogue/../catalogue/micro-credentials"]),
    ("catalogue", ["micro-credentials"]),
    ("catalogue/organisations", ["../micro-credentials"]),
    ("catalogue/micro-credentials", ["."]),
    ("other/folder", ["../../catalogue"]),
]


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    folder = tmp_path_factory.mktemp("places")
    small(folder / "work", a_draft=BAD)
    (folder / "work" / "catalogue" / "organisations").mkdir()
    (folder / "work" / "other" / "folder").mkdir(parents=True)
    (folder / "linked").symlink_to(folder / "work")
    (folder / "elsewhere").mkdir()
    return folder


@pytest.mark.parametrize("start", ["work", "linked"])
@pytest.mark.parametrize(("where", "paths"), EVERYWHERE)
def test_a_report_is_the_same_from_everywhere(start, where, paths, places):
    ran = validate("--format", "json", *paths, cwd=places / start / where)
    assert (ran.code, ran.err) == (1, "")
    assert [finding["path"] for finding in ran.json["findings"]] == ["catalogue/micro-credentials/a-draft.yaml"]


@pytest.mark.parametrize(
    ("where", "path"),
    [
        ("work", "catalogue/micro-credentials/a-draft.yaml"),
        ("work", "a-draft"),
        ("work/catalogue/micro-credentials", "a-draft.yaml"),
        ("work/other", "../catalogue/micro-credentials/a-draft.yaml"),
        ("elsewhere", "../work/catalogue/micro-credentials/a-draft.yaml"),
        ("elsewhere", "../linked/catalogue/micro-credentials/a-draft.yaml"),
        ("linked", "../work/catalogue/micro-credentials/a-draft.yaml"),
        ("work", "../linked/catalogue/micro-credentials/a-draft.yaml"),
    ],
)
@pytest.mark.parametrize("absolute", [False, True])
def test_a_file_may_be_named_in_every_way(where, path, absolute, places):
    if absolute:
        path = os.path.abspath(places / where / path) if "/" in path or path.endswith(".yaml") else path
    ran = validate("--format", "json", path, cwd=places / where)
    assert (ran.code, ran.err) == (1, "")
    assert [finding["path"] for finding in ran.json["findings"]] == ["catalogue/micro-credentials/a-draft.yaml"]
    assert ran.json["checked"] == {"files": 1, "records": 1}


def test_a_path_outside_the_catalogue_is_refused(places):
    for path in ("/etc/hostname", "../elsewhere", "../elsewhere/x.yaml"):
        ran = validate(path, cwd=places / "work")
        assert ran.code == 3
        assert ran.out == ""
        assert ran.err.startswith(f"mcred: {path} lies outside the catalogue") or ran.err.startswith(
            f"mcred: no file or folder '{path}'"
        )


def test_what_is_no_record_is_refused(shared):
    for path, words in (
        ("catalogue/documents", "no record lies in catalogue/documents"),
        ("catalogue/documents/worked-example/approval-2024.md", "is no record; records are .yaml files in"),
    ):
        ran = validate(path, cwd=shared)
        assert (ran.code, ran.out) == (3, "")
        assert words in ran.err
        assert ran.err.count("\n") == 1


def test_the_id_of_a_record_names_it_wherever_it_lies(tmp_path):
    made(tmp_path, {"micro-credentials/deep/down/a-draft.yaml": BAD, "organisations/ab.yaml": "id: ab\ntitle: T\n"})
    ran = validate("a-draft", "--format", "concise", cwd=tmp_path)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("catalogue/micro-credentials/deep/down/a-draft.yaml:2:1: error: ")
    assert validate("ab", cwd=tmp_path).out == GOOD_LINE.format("1 file")


def test_a_catalogue_in_a_git_repository_tells_paths_from_its_root(tmp_path):
    small(tmp_path / "registers" / "mine", a_draft=BAD)
    (tmp_path / ".git").mkdir()
    ran = validate("--format", "concise", cwd=tmp_path / "registers" / "mine")
    assert ran.out.startswith("registers/mine/catalogue/micro-credentials/a-draft.yaml:2:1: ")


# --- standard input and files alone ----------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["a-draft", "b-draft", "new-draft"])
def test_standard_input_stands_for_a_file(end, name, faulty):
    text = f"id: {name}\ntitle: Unsaved\nframework: none\nlevle: 3\nrequires: [a-draft, b-draft, new-draft]\n".replace(
        "\n", end
    )
    path = f"catalogue/micro-credentials/{name}.yaml"
    ran = validate("-", "--stdin-filename", path, "--format", "json", cwd=faulty, stdin=text)
    assert (ran.code, ran.err) == (1, "")
    told = [(f["name"], f["path"], f["line"], f["column"], f["end_column"]) for f in ran.json["findings"]]
    assert ("unknown-field", path, 4, 1, 6) in told
    assert {each[0] for each in told} <= {"unknown-field", "reference-cycle", "broken-reference"}
    assert all(each[1] == path for each in told)
    shown = validate("-", "--stdin-filename", path, cwd=faulty, stdin=text).out
    assert " 4 | levle: 3\n   | ^^^^^ not a field of a micro-credential\n" in shown
    assert not (faulty / "catalogue" / "micro-credentials" / "new-draft.yaml").exists()


def test_standard_input_that_stands_for_no_place_of_a_record(faulty):
    for path in ("x.yaml", "/etc/x.yaml", "catalogue/nowhere/x.yaml"):
        ran = validate("-", "--stdin-filename", path, cwd=faulty, stdin=DRAFT)
        assert (ran.code, ran.out) == (2, "")
        assert "is no place for a record; records lie in" in ran.err


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[" * 300_000, b"id: \0", b"\r"])
def test_odd_standard_input_gives_a_report(data, faulty):
    ran = validate(
        "-", "--stdin-filename", "catalogue/micro-credentials/c.yaml", "--format", "json", cwd=faulty, stdin=data
    )
    assert (ran.code, ran.err) == (1, "")
    assert len(ran.json["findings"]) >= 1


def test_files_alone_need_no_catalogue(tmp_path):
    folder = tmp_path / "micro-credentials"
    folder.mkdir()
    (folder / "a-draft.yaml").write_text(DRAFT + "developer: somebody\n")
    ran = validate("--alone", "micro-credentials/a-draft.yaml", cwd=tmp_path)
    assert (ran.code, ran.out, ran.err) == (0, GOOD_LINE.format("1 file"), "")
    (folder / "a-draft.yaml").write_text(BAD)
    ran = validate("--alone", "a-draft.yaml", "--format", "json", cwd=folder)
    assert (ran.code, ran.names) == (1, ["unknown-field"])
    ran = validate(
        "--alone",
        "-",
        "--stdin-filename",
        "micro-credentials/xx.yaml",
        "--format",
        "json",
        cwd=tmp_path,
        stdin=b"id: xx\n",
    )
    assert (ran.code, ran.names) == (1, ["missing-field", "missing-field"])


def test_a_file_alone_is_of_the_kind_that_its_folder_says(tmp_path):
    (tmp_path / "stuff").mkdir()
    (tmp_path / "stuff" / "x.yaml").write_text(DRAFT)
    ran = validate("--alone", "stuff/x.yaml", cwd=tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert "the folder tells what kind of record it is" in ran.err
    ran = validate("--alone", "nowhere.yaml", "stuff", cwd=tmp_path)
    assert ran.code == 3
    assert "cannot read nowhere.yaml: No such file or directory" in ran.err


def test_a_file_alone_is_not_held_against_the_rest(faulty):
    text = "id: c-draft\ntitle: C\nframework: none\naliases: [a-draft]\nrequires: [nowhere]\n"
    path = "catalogue/micro-credentials/c-draft.yaml"
    assert validate("-", "--stdin-filename", path, "--alone", cwd=faulty, stdin=text).code == 0
    ran = validate("-", "--stdin-filename", path, "--format", "json", cwd=faulty, stdin=text)
    assert sorted(ran.names) == ["broken-reference", "duplicate-id"]


# --- selection -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("select", "names"),
    [
        (["MC102"], ["unknown-field"]),
        (["unknown-field"], ["unknown-field"]),
        (["mc102", "BROKEN-REFERENCE"], ["unknown-field", "broken-reference"]),
        (["MC102,MC205"], ["unknown-field", "broken-reference"]),
        (["yaml-syntax"], []),
    ],
)
def test_select_by_id_or_name(select, names, tmp_path):
    small(tmp_path, a_draft=DRAFT + "levle: 3\nrequires: [nowhere]\ncustody: mine\n")
    arguments = [part for each in select for part in ("--select", each)]
    ran = validate(*arguments, "--format", "json", cwd=tmp_path)
    assert (ran.code, ran.names, ran.err) == (bool(names), names, "")
    if not names:
        assert "yaml-syntax" in validate(*arguments, cwd=tmp_path).out


# --- files that are written ------------------------------------------------------------------------------------------


def test_reports_to_several_files_beside_standard_output(faulty, tmp_path):
    outputs = [
        f"json={tmp_path}/deep/r.json",
        f"text={tmp_path}/r.txt",
        f"concise={tmp_path}/r.con",
        f"json={tmp_path}/again.json",
    ]
    ran = validate(*(part for each in outputs for part in ("--output", each)), "--color", "always", cwd=faulty)
    assert (ran.code, ran.err) == (1, "")
    assert "\x1b[" in ran.out
    plain = validate(cwd=faulty)
    assert (tmp_path / "r.txt").read_text() == plain.out
    assert (tmp_path / "r.con").read_text() == validate("--format", "concise", cwd=faulty).out
    assert (tmp_path / "deep" / "r.json").read_bytes() == (tmp_path / "again.json").read_bytes()
    assert json.loads((tmp_path / "again.json").read_text()) == validate("--format", "json", cwd=faulty).json
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.json", "deep", "r.con", "r.txt"]


def test_a_report_replaces_a_file_and_keeps_its_permissions(faulty, tmp_path):
    path = tmp_path / "r.json"
    path.write_text("old")
    path.chmod(0o600)
    assert validate("--output", f"json={path}", "-q", cwd=faulty).code == 1
    assert json.loads(path.read_text())["schema"] == "mcred-report/1"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_report_that_cannot_be_written_leaves_what_was_there(faulty, tmp_path):
    kept = tmp_path / "kept.json"
    kept.write_text("old")
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("a file")
    os.mkfifo(tmp_path / "pipe")
    for target in (tmp_path / "folder", tmp_path / "file" / "r.json", tmp_path / "pipe", "/proc/r.json"):
        ran = validate("--output", f"json={target}", cwd=faulty)
        assert ran.code == 3
        assert ran.err.startswith(f"mcred: cannot write {target}: ")
        assert ran.err.count("\n") == 1
    assert kept.read_text() == "old"
    assert stat.S_ISFIFO((tmp_path / "pipe").lstat().st_mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "kept.json", "pipe"]
    assert list((tmp_path / "folder").iterdir()) == []


def test_a_report_that_cannot_be_written_keeps_no_other_back(faulty, tmp_path):
    (tmp_path / "folder").mkdir()
    ran = validate("--output", f"json={tmp_path}/folder", "--output", f"csv={tmp_path}/r.csv", cwd=faulty)

    assert (ran.code, ran.err) == (3, f"mcred: cannot write {tmp_path}/folder: Is a directory\n")
    assert ran.out == validate(cwd=faulty).out != ""
    assert (tmp_path / "r.csv").read_text() == validate("--format", "csv", cwd=faulty).out


def test_two_reports_in_one_file_or_one_behind_a_link_are_wrong_usage(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to("/dev/stdout")
    for texts, why in [
        (["json=a", "csv=./a"], "./a is named twice, and one report would replace the other"),
        (["json=a", f"json={tmp_path}/a"], f"{tmp_path}/a is named twice, and one report would replace the other"),
        (["json=-"], "'json=-' names no file; for standard output there is `--format json`"),
        (["json=link"], "link is a link: name the file that it leads to"),
    ]:
        with pytest.raises(UsageError) as raised:
            outputs(texts)
        assert str(raised.value) == f"--output: {why}"
    assert outputs(["json=a", "csv=b"]) == [("json", Path("a")), ("csv", Path("b"))]


def test_a_report_takes_the_place_of_nothing_that_the_catalogue_reads(tmp_path):
    root = made(tmp_path, {"micro-credentials/a-draft.yaml": DRAFT})
    (tmp_path / "inside").symlink_to(root / "micro-credentials")
    for place in [
        "catalogue/catalogue.yaml",
        "catalogue/.mcred-baseline.jsonl",
        "catalogue/micro-credentials/a-draft.yaml",
        "catalogue/organisations/not-there-yet.yaml",
        "catalogue/policies/of/ours.YML",
        "inside/a-draft.yaml",
    ]:
        for command in (["validate"], ["due-reviews"]):
            ran = mcred(*command, "--output", f"json={place}", cwd=tmp_path)
            why = f"mcred: --output: {place} is read as a part of the catalogue: name another file\n"
            assert (ran.code, ran.out, ran.err) == (2, "", why)
    assert (root / "micro-credentials" / "a-draft.yaml").read_text() == DRAFT
    for place in ["catalogue/report.json", "report.yaml"]:
        assert mcred("validate", "--output", f"json={place}", cwd=tmp_path).code == 0


def test_markdown_goes_by_either_of_its_names_wherever_it_is_written(faulty):
    understood = {}
    for name in COMMANDS:
        for option in load(name).params:
            if "--format" in option.opts and (known := re.search("'(md|markdown)'", option.help)):
                understood[name] = {option.type.convert(text, option, None) for text in ("md", "markdown")} - {known[1]}

    assert understood.pop("render") == {"markdown"}  # which looks at the whole list later
    assert mcred("render", "--format", "markdown", "--force", cwd=faulty).err == ""
    assert [*(faulty / "out").rglob("*.md")] != []
    assert {"log", "validate", "compare-levels"} <= understood.keys()
    assert {name: left for name, left in understood.items() if left} == {}
    assert outputs(["md=a"]) == outputs(["markdown=a"]) == [("markdown", Path("a"))]
    assert outputs(["md=a"], ("md", "json")) == outputs(["markdown=a"], ("md", "json")) == [("md", Path("a"))]


@pytest.mark.skipif(is_root(), reason="root writes into every folder, whatever its permissions")
def test_a_folder_that_may_not_be_written_to(faulty, tmp_path):
    (tmp_path / "folder").mkdir(mode=0o500)
    (tmp_path / "folder").chmod(0o500)
    ran = validate("--output", f"json={tmp_path}/folder/r.json", cwd=faulty)
    assert (ran.code, ran.err) == (3, f"mcred: cannot write {tmp_path}/folder/r.json: Permission denied\n")


def test_a_full_disk_is_told_and_is_no_bug(faulty):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [PROGRAM, "validate"], cwd=faulty, env=environment(faulty), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 3
    assert done.stderr == b"mcred: cannot write standard output: No space left on device\n"


@pytest.mark.parametrize("asked", ["--version", "--help", "rules"])
@pytest.mark.parametrize(("to", "code"), [(">/dev/full", 3), (">&-", 0), ("| true", 0)])
def test_what_cannot_be_written_is_no_bug(asked, to, code, tmp_path):
    script = f'{{ "$0" {asked}; echo $? >&3; }} {to}'
    done = subprocess.run(
        ["/bin/bash", "-c", f"{{ {script}; }} 3>&1", PROGRAM],
        cwd=tmp_path,
        env=environment(tmp_path, PYTHONUNBUFFERED="1"),
        capture_output=True,
        check=False,
    )
    assert done.stdout == f"{code}\n".encode()
    assert done.stderr.endswith(b"No space left on device\n") == (code == 3)
    assert done.stderr.count(b"\n") == (code == 3)


@pytest.mark.parametrize("closed", ["0", "1", "2"])
def test_a_stream_that_is_closed_is_no_bug(closed, faulty):
    """As a scheduler may start it: without standard input, output or errors."""
    script = f'exec "$0" validate --fail-on error {closed}>&-' if closed != "0" else 'exec "$0" validate <&-'
    done = subprocess.run(
        ["/bin/sh", "-c", script, PROGRAM], cwd=faulty, env=environment(faulty), capture_output=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == b""
    assert (b"MC102" in done.stdout) == (closed != "1")


def test_a_reader_that_goes_away_early_is_no_fault(tmp_path):
    small(tmp_path, a_draft=DRAFT + "".join(f"f{n}: {'x' * 1000}\n" for n in range(100)))
    for command in ("validate", "validate --format json", "rules", "schema micro-credential", "explain MC102"):
        script = f'"$0" {command} | head -n 1; echo "${{PIPESTATUS[0]}}"'
        done = subprocess.run(
            ["/bin/bash", "-c", script, PROGRAM],
            cwd=tmp_path,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
        lines = done.stdout.splitlines()
        assert done.stderr == ""
        assert len(lines) == 2
        assert lines[1] == ("1" if "validate" in command else "0")


# --- new -------------------------------------------------------------------------------------------------------------


def _fill(text):
    """Take the `# ` away from every field of a new record."""
    return re.sub(r"(?m)^# (?=[a-z_]+:|  |- |\})", "", text)


@pytest.mark.parametrize("framework", [None, "nzqcf", "pqf"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_new_record_is_clean_and_stays_of_its_shape_with_all_its_fields(kind, framework, tmp_path):
    root = made(
        tmp_path, {"catalogue.yaml": "format: 1\ntitle: T\n" + (f"framework: {framework}\n" if framework else "")}
    )
    ran = mcred("new", kind, "my-new-record", cwd=tmp_path)
    path = f"catalogue/{KINDS[kind]}/my-new-record.yaml"
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == f"wrote {path}"
    assert ran.out.splitlines()[-1] == f"next: fill it in, then  mcred validate {path}"
    record = tmp_path / path
    first = record.read_text().splitlines()[0]
    schema = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", first)[1]
    assert json.loads((record.parent / schema).read_text())["$id"] == f"{kind}.schema.json"
    ran = validate("--format", "json", "--fail-on", "warning", cwd=tmp_path)
    assert (ran.code, [f for f in ran.json["findings"] if f["severity"] != "note"]) == (0, [])
    text = record.read_text()
    if kind == "framework":
        # Such a file is a framework or, with these two, a policy.
        text = re.sub(r"(?m)^# (extends|applies_to):.*\n", "", text)
    filled = _fill(text)
    assert filled.count("\n# ") < text.count("\n# ")
    record.write_text(filled)
    ran = validate("--format", "json", cwd=tmp_path)
    shape = [(f["name"], f["line"], f["message"]) for f in ran.json["findings"] if f["rule"][:3] in ("MC0", "MC1")]
    # Only what no record can have at once is wrong: a stage beside decisions is a matter of life, not of shape.
    assert shape == []
    assert root.is_dir()


def test_a_new_record_names_every_field_there_is(tmp_path):
    made(tmp_path, {})
    text = mcred("new", "micro-credential", "my-new-record", "--dry-run", cwd=tmp_path).out
    schema = json.loads((ROOT / "schemas" / "micro-credential.schema.json").read_text())
    assert set(re.findall(r"(?m)^(?:# )?([a-z_]+):", text)) == set(schema["properties"])
    assert max(len(line) for line in text.splitlines() if line.startswith("##")) <= 120
    assert not list(tmp_path.rglob("my-new-record.yaml"))


@pytest.mark.parametrize(
    ("id", "why"),
    [
        (
            "a-draft",
            "'a-draft' is taken by catalogue/micro-credentials/a-draft.yaml; an id names one thing for ever: choose another",
        ),
        (
            "old-id",
            "'old-id' is an earlier id in catalogue/micro-credentials/a-draft.yaml; an id names one thing for ever: choose another",
        ),
        (
            "older-id",
            "'older-id' is an earlier id in catalogue/micro-credentials/b-draft.yaml; an id names one thing for ever: choose another",
        ),
        ("nzqcf", "'nzqcf' is a framework that comes with mcred; choose another id"),
    ],
)
def test_a_name_that_is_taken_is_refused(id, why, tmp_path):
    small(tmp_path, a_draft=DRAFT + "aliases: [old-id]\n", b_draft="id: b-draft\naliases:\n  - oldest\n  - older-id\n")
    ran = mcred("new", "organisation", id, cwd=tmp_path)
    assert (ran.code, ran.out, ran.err) == (3, "", f"mcred: {why}\n")
    assert not (tmp_path / "catalogue" / "organisations").exists()


def test_of_two_that_begin_one_record_exactly_one_wins(tmp_path):
    small(tmp_path, a_draft=DRAFT)
    for number in range(4):
        id = f"contested-{number}"
        command = [PROGRAM, "new", "micro-credential", id]
        both = [
            subprocess.Popen(
                command, cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            for _ in range(2)
        ]
        said = [process.communicate(timeout=30) for process in both]
        assert sorted(process.returncode for process in both) == [0, 3], said
        assert (tmp_path / "catalogue" / "micro-credentials" / f"{id}.yaml").read_text().count(f"\nid: {id}\n") == 1
    assert not list(tmp_path.rglob(".mcred-*"))


def test_new_writes_from_a_sub_folder_and_says_where(tmp_path):
    root = small(tmp_path, a_draft=DRAFT)
    ran = mcred("new", "standard", "nz-standard-1", cwd=root / "micro-credentials")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "wrote ../standards/nz-standard-1.yaml"


def test_new_that_may_not_write_says_so(tmp_path):
    root = small(tmp_path, a_draft=DRAFT)
    (root / "standards").write_text("a file where the folder should be")
    ran = mcred("new", "standard", "nz-standard-1", cwd=tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("mcred: cannot write ")
    assert ran.err.count("\n") == 1


def test_new_does_not_follow_a_link_out_of_the_catalogue(tmp_path):
    root = small(tmp_path, a_draft=DRAFT)
    (tmp_path / "outside").mkdir()
    (root / "standards").symlink_to(tmp_path / "outside")
    ran = mcred("new", "standard", "nz-standard-1", cwd=tmp_path)
    assert ran.code == 3
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.parametrize("arguments", ["validate circle", "validate circle/a-draft", "init ../circle/a --ci github"])
def test_links_that_lead_in_a_circle_are_no_bug(tmp_path, arguments):
    small(tmp_path / "here", a_draft=DRAFT)
    for folder in (tmp_path, tmp_path / "here"):
        (folder / "circle").symlink_to("circle")
    ran = mcred(*arguments.split(), cwd=tmp_path / "here")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.count("\n") == 1


def test_ctrl_c_before_there_is_a_command_ends_without_a_traceback():
    script = """
import sys
class Stop:
    def find_spec(name, path=None, target=None):
        if name == "mcred.cli.running":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stop)
from mcred.cli import program
program()
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "mcred: stopped\n")


# --- terminals -------------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """What stands on a terminal, as it was written."""

    def isatty(self):
        return True


@pytest.mark.parametrize("ended", [None, KeyboardInterrupt])
def test_how_far_something_has_come_gives_way_to_what_ends_it(monkeypatch, ended):
    def items():
        yield "a"
        aside("something happened")
        yield "b"
        if ended:
            raise ended

    monkeypatch.setattr(sys, "stderr", said := Terminal())
    monkeypatch.setattr(time, "monotonic", count(step=2).__next__)
    with pytest.raises(ended) if ended else nullcontext():
        list(with_progress(items(), "checking", "file"))
    first, second = "\rchecking … 1 file", "\rchecking … 2 files"
    assert said.getvalue() == f"{first}\r\x1b[Ksomething happened\n{second}\r\x1b[K"


def on_terminal(*arguments, cwd, columns=80, **env):
    """Run the program on a terminal; return its exit code and what the terminal got, with the line ends it made undone."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [PROGRAM, *arguments],
        cwd=cwd,
        env=environment(cwd, **{"TERM": "xterm-256color", **env}),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    try:
        while select.select([ours], [], [], 30)[0]:
            said += os.read(ours, 65536)
    except OSError:
        pass  # the other end is closed: the program has ended
    os.close(ours)
    return process.wait(10), said.decode().replace("\r\n", "\n")


def bare(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    """Return a folder with a catalogue whose faults have long lines and long hints."""
    folder = tmp_path_factory.mktemp("wide")
    small(
        folder,
        a_draft=DRAFT
        + "custody: mine\nremarks: "
        + "ngā wai o te whenua " * 20
        + "\nother_titles: [{en: "
        + "x" * 150
        + ", ENGLISH: y}]\n"
        "evidence_of_need: [{from: nobody, summary: " + "a b " * 40 + "}]\n",
    )
    return folder


def test_on_a_terminal_there_is_colour_and_frames_fit(wide):
    code, said = on_terminal("validate", "--as-of", AS_OF, cwd=wide)
    assert code == 1
    assert "\x1b[1;31merror[MC108]\x1b[0m" in said
    lines = bare(said).splitlines()
    framed = [line for line in lines if re.match(r" *\d* \|", line) or line.lstrip().startswith(("= ", "-->"))]
    assert len(framed) > 15
    assert not [line for line in framed if len(line) > 80 and "^" not in line]
    assert max(line.rfind("^") for line in lines) < 80
    piped = validate(cwd=wide)
    assert "\x1b" not in piped.out
    assert max(map(len, piped.out.splitlines())) > 120, "piped, nothing is wrapped or cut to 80"


@pytest.mark.parametrize(
    ("arguments", "env", "coloured"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"NO_COLOR": ""}, True),
        ([], {"TERM": "dumb"}, False),
        ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ([], {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1", "TERM": "dumb"}, True),
        (["--format", "json"], {"FORCE_COLOR": "1"}, False),
        (["--format", "json", "--color", "always"], {}, False),
        (["--format", "concise"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_on_a_terminal(arguments, env, coloured, faulty):
    code, said = on_terminal("validate", *arguments, cwd=faulty, **env)
    assert code == 1
    assert ("\x1b[" in said) == coloured
    if "json" in arguments:
        assert json.loads(said)["findings"]


@pytest.mark.parametrize(
    ("arguments", "env", "coloured"),
    [
        ([], {}, False),
        ([], {"TERM": "xterm-256color", "COLORTERM": "truecolor"}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"CLICOLOR_FORCE": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {}, True),
        (["--format", "json"], {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
    ],
)
def test_colour_in_a_pipe(arguments, env, coloured, faulty):
    ran = validate(*arguments, cwd=faulty, **env)
    assert ("\x1b[" in ran.out) == coloured
    assert bare(ran.out) == validate(*arguments, "--color", "never", cwd=faulty).out


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_a_terminal_of_any_width(columns, faulty):
    code, said = on_terminal("validate", cwd=faulty, columns=columns)
    assert code == 1
    assert " 2 | titel: A Draft\n   | ^^^^^ not a field of a micro-credential\n" in bare(said)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_a_terminal_of_any_encoding(encoding, tmp_path):
    small(tmp_path, a_draft=DRAFT + "remarks: whānau é\nnga_wāhi: {a: 水}\n")
    ran = installed("validate", cwd=tmp_path, PYTHONIOENCODING=encoding)
    assert (ran.code, ran.err) == (1, "")
    shown = {"utf-8": "nga_wāhi: {a: 水}"}.get(encoding, "nga_w\\u0101hi: {a: \\u6c34}")
    assert f" 5 | {shown}\n   | {'^' * len(shown.partition(':')[0])} not a field" in ran.out
    ran = installed("validate", "--format", "json", cwd=tmp_path, PYTHONIOENCODING=encoding)
    assert ran.json["findings"][0]["pointer"] == "/nga_wāhi"


def test_without_a_locale_files_are_read_and_written_as_utf_8(tmp_path):
    small(tmp_path, a_draft=DRAFT + "nga_wāhi: 1\n")
    for locale in (
        {"LANG": "C"},
        {"LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LANG": "POSIX", "LC_ALL": "C"},
    ):
        ran = installed("validate", "--output", "json=r.json", cwd=tmp_path, **locale)
        assert (ran.code, ran.err) == (1, "")
        assert json.loads((tmp_path / "r.json").read_bytes())["findings"][0]["pointer"] == "/nga_wāhi"


def test_tables_are_aligned_on_a_terminal_and_tab_separated_in_a_pipe(shared):
    piped = mcred("rules", cwd=shared)
    rows = [line.split("\t") for line in piped.out.splitlines()]
    assert rows[0] == ["id", "name", "severity", "what it finds"]
    assert {len(row) for row in rows} == {4}
    assert next(row[:3] for row in rows if row[0] == "MC102") == ["MC102", "unknown-field", "error"]
    code, said = on_terminal("rules", cwd=shared)
    assert code == 0
    assert "\t" not in said
    assert max(map(len, bare(said).splitlines())) <= 80
    told = json.loads(mcred("rules", "--format", "json", cwd=shared).out)
    assert [[each[key] for key in ("id", "name", "severity", "summary")] for each in told] == rows[1:]


# --- help, version, imports ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--version"], ["-V"]])
def test_version(arguments, tmp_path):
    ran = installed(*arguments, cwd=tmp_path)
    assert (ran.code, ran.out, ran.err) == (0, f"mcred {__version__}\n", "")


@pytest.mark.parametrize("command", [[], ["validate"], ["new"], ["explain"], ["rules"], ["schema"]])
def test_help_leads_with_examples_and_is_no_box(command, tmp_path):
    ran = mcred(*command, "--help", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith("Usage: mcred")
    example = next(n for n, line in enumerate(lines) if line.startswith("  mcred "))
    assert example < lines.index("Options:")
    assert not set(ran.out) & set("╭│╰\x1b")


def test_without_a_command_there_is_help(tmp_path):
    assert mcred(cwd=tmp_path).out == mcred("--help", cwd=tmp_path).out


def test_explain_by_id_and_by_name(tmp_path):
    pages = {mcred("explain", name, cwd=tmp_path).out for name in ("MC102", "mc102", "unknown-field", "Unknown-Field")}
    assert len(pages) == 1
    assert "MC102" in pages.pop()


_IMPORTS = """
import os, sys
sys.argv[0] = "mcred"
from mcred.cli import main
try:
    main()
except SystemExit:
    pass
found = {name.partition(".")[0] for name, module in sys.modules.items() if "site-packages" in (getattr(module, "__file__", "") or "")}
own = {name for name in sys.modules if name.startswith("mcred.") or name == "_hashlib"}
os.write(3, " ".join(sorted({name for name in found if not name.startswith("_")} | own)).encode())
"""

COMMAND_LINE = {"typer", "annotated_doc", "shellingham"}
READING = {*COMMAND_LINE, "yaml"}
JUDGING = {*READING, "jsonschema_rs"}  # the shape of the policies that a catalogue has
CHECKING = {*JUDGING, "tzdata"}
EXPLAINING = {
    *CHECKING,
    "jsonschema",
    "attr",
    "attrs",
    "idna",  # only beside what tests run: jsonschema takes it up where it is
    "jsonschema_specifications",
    "referencing",
    "rpds",
    "typing_extensions",
}

IMPORTS = {
    "--version": set(),
    "--help": COMMAND_LINE,
    "valdate": COMMAND_LINE,
    "validate --help": COMMAND_LINE,
    "validate": CHECKING,
    "validate --format json": CHECKING,
    "validate worked-example": CHECKING,
    "validate --alone catalogue/micro-credentials/worked-example.yaml": CHECKING,
    "validate - --stdin-filename catalogue/micro-credentials/x.yaml": EXPLAINING,
    "validate - --stdin-filename catalogue/micro-credentials/x.yaml --color always": {*EXPLAINING, "rich"},
    "new organisation my-organisation --dry-run": READING,
    "rules": COMMAND_LINE,
    "explain MC102": COMMAND_LINE,
    "schema": COMMAND_LINE,
    "schema micro-credential": COMMAND_LINE,
    "list level=3": CHECKING,
    "show worked-example": CHECKING,
    "diff --help": COMMAND_LINE,
    "log --help": COMMAND_LINE,
    "decide --help": READING,
    "review list worked-example": CHECKING,
    "history record --help": COMMAND_LINE,
    "history check --help": COMMAND_LINE,
    "reconcile --help": READING,
    "fix --dry-run": CHECKING,
    "ready worked-example": CHECKING,
    "why worked-example nzqcf.credits": CHECKING,
    "frameworks": JUDGING,
    "conformance --help": COMMAND_LINE,
    "due-reviews": CHECKING,
    "render worked-example --check": {*CHECKING, "jinja2", "markupsafe"},
    "stats": CHECKING,
    "init --help": READING,
    "config": CHECKING,
    "cache info": COMMAND_LINE,
    "completion bash": COMMAND_LINE,
    "baseline show --help": COMMAND_LINE,
    "ignores": {*READING, "tzdata"},
    "compare-levels --help": COMMAND_LINE,
    "transition --as-of 2025-06-01": JUDGING,
}
"""What each command imports besides Python's own library: more would make every run slower."""

NOT_FOR_CHECKING = {
    "_hashlib",  # OpenSSL
    "mcred.levels",
    "mcred.record.change",
    "mcred.reporters.concise",
    "mcred.reporters.json",
    "mcred.reporters.tabular",
    "mcred.review",
    "mcred.rules.changes",
    "mcred.rules.policies",
    "mcred.scaffold",
    "mcred.shape.explainer",
    "mcred.shape.faults",
    "mcred.workspace.output",
    "mcred.workspace.stamps",
}
"""What a check needs only where something is wrong, or for another command, of mcred itself and of Python."""


def test_each_command_has_its_imports():
    assert {command.partition(" ")[0] for command in IMPORTS} >= {name.partition(" ")[0] for name in COMMANDS}


def imported(command, cwd, **env):
    ours, theirs = os.pipe()
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import os; os.dup2({theirs}, 3); {_IMPORTS.strip()}".replace("; import os, sys", "\nimport os, sys"),
            *command.split(),
        ],
        cwd=cwd,
        env=environment(cwd, **env),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[theirs],
    )
    os.close(theirs)
    process.communicate(b"id: x\nlevle: 3\n")
    with os.fdopen(ours) as pipe:
        return set(pipe.read().split())


@pytest.mark.parametrize("command", IMPORTS)
def test_a_command_imports_what_it_needs(command, shared):
    found = imported(command, shared, XDG_CACHE_HOME="")
    assert {name for name in found if not name.startswith(("mcred.", "_"))} == IMPORTS[command]
    own = {name for name in found if name.startswith(("mcred.", "_"))}
    if command == "--version":
        assert own == {"mcred.cli"}
    if command.startswith("validate") and IMPORTS[command] == CHECKING and "json" not in command:
        assert own & NOT_FOR_CHECKING == set()
    if command in ("rules", "completion bash"):
        assert own & {"mcred.document", "mcred.record", "mcred.workspace"} == set()


def test_a_run_in_which_nothing_changed_reads_no_yaml_and_no_schema(tmp_path):
    copied(tmp_path)
    cache = str(tmp_path.parent / "unchanged")
    imported("validate", tmp_path, XDG_CACHE_HOME=cache)
    found = imported("validate", tmp_path, XDG_CACHE_HOME=cache)
    assert {name for name in found if not name.startswith("mcred.")} == {*COMMAND_LINE, "tzdata"}
    assert "mcred.document.reading" not in found


def test_the_list_of_imports_can_fail(shared):
    assert {"yaml", "typer", "jsonschema_rs", "jsonschema"} <= imported(
        "validate - --stdin-filename catalogue/micro-credentials/x.yaml", shared
    )
