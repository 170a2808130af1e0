"""`init` begins a catalogue and takes nothing away; shells complete what is typed; equal titles are seen."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import strategies as st

from mcred.cli.app import COMMANDS
from mcred.document import read
from mcred.record import KINDS
from mcred.record.facts import folded_title
from tests.support import AS_OF, CATALOGUE, PROGRAM, checked, environment, holds, installed, is_root, made, mcred

WRITTEN = (
    "catalogue/catalogue.yaml",
    *(f".mcred/schemas/{kind}.schema.json" for kind in ("catalogue", *KINDS)),
    ".vscode/settings.json",
    ".pre-commit-config.yaml",
)


def files(folder):
    """Every file below a folder, by path, with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def begun(folder, *arguments):
    ran = mcred("init", *arguments, cwd=folder)
    assert (ran.code, ran.err) == (0, ""), ran
    return ran.out


def settings(folder):
    """What `catalogue.yaml` says."""
    return read((folder / "catalogue/catalogue.yaml").read_bytes()).data


def faults(folder):
    ran = mcred("validate", "--format", "json", "--as-of", AS_OF, cwd=folder)
    return ran.json["findings"]


# --- init ------------------------------------------------------------------------------------------------------------


def test_an_empty_folder_becomes_a_catalogue_that_validates(tmp_path):
    out = begun(tmp_path)

    assert set(files(tmp_path)) == set(WRITTEN)
    assert re.findall("^wrote (.*)$", out, re.MULTILINE) == list(WRITTEN)
    assert out.endswith("next: mcred new micro-credential NAME, then  mcred validate\n")
    assert faults(tmp_path) == []
    assert mcred("validate", "--as-of", AS_OF, cwd=tmp_path).code == 0


def test_what_init_says_comes_next_works(tmp_path):
    begun(tmp_path)
    made_one = mcred("new", "micro-credential", "farm-water", cwd=tmp_path)

    assert made_one.code == 0, made_one.err
    assert [finding for finding in faults(tmp_path) if finding["severity"] == "error"] == []
    assert mcred("list", "--columns", "id,stage", cwd=tmp_path).out == "id\tstage\nfarm-water\tdraft\n"
    first = (tmp_path / "catalogue/micro-credentials/farm-water.yaml").read_text().splitlines()[0]
    schema = first.removeprefix("# yaml-language-server: $schema=")
    assert (tmp_path / "catalogue/micro-credentials" / schema).is_file()


def test_what_was_asked_for_is_written(tmp_path):
    title = 'Te Rārangi: "ours", # and = yours'
    begun(tmp_path, "--title", title, "--framework", "pqf", "--timezone", "Pacific/Fiji")

    assert settings(tmp_path) == {
        "format": 1,
        "title": title,
        "timezone": "Pacific/Fiji",
        "languages": ["en"],
        "framework": "pqf",
    }
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    "title",
    ["true", "12", "- x", "{a: b}", "null", "2026-11-22", "C#", "🥝", "x" * 500, "é", "%", "@", "`", "'", '"', "\\"],
)
def test_whatever_the_title_the_catalogue_validates_and_has_it(tmp_path, title):
    begun(tmp_path, "--title", title)

    assert faults(tmp_path) == []
    assert settings(tmp_path)["title"] == title


@pytest.mark.parametrize("title", ["", "   ", "e\u0301", "a\u202eb", "a\x1bb", "two\nlines", "a\u2028b"])
def test_a_title_that_could_not_stand_is_put_right_or_refused(tmp_path, title):
    ran = mcred("init", "--title", title, cwd=tmp_path)

    assert ran.code in (0, 2)
    assert faults(tmp_path) == [] if ran.code == 0 else files(tmp_path) == {}
    if ran.code == 2:
        assert ran.err.startswith("mcred: --title: ")


@pytest.mark.parametrize("name", ["our register", "Ngā Pūkenga", "a'b", "-x", "$HOME", "deep/er/still"])
def test_a_folder_of_any_name(tmp_path, name):
    out = begun(tmp_path, "--", name)
    folder = tmp_path / name

    assert set(files(folder)) == set(WRITTEN)
    assert faults(folder) == []
    assert set(json.loads((folder / ".vscode/settings.json").read_text())) >= {"yaml.schemas", "files.encoding"}
    # What it says to type can be typed.
    step = re.search("next: (.*), then  mcred new", out)
    assert step
    done = subprocess.run(
        ["bash", "-c", f"{step[1]} && pwd -P"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.rstrip("\n") == str(folder.resolve()), done.stderr


@pytest.mark.parametrize("path", WRITTEN)
def test_no_file_that_is_there_is_written_over(tmp_path, path):
    place = tmp_path / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("mine\n")
    before = files(tmp_path)
    ran = mcred("init", cwd=tmp_path)

    assert place.read_text() == "mine\n"
    if ran.code:
        assert ran.code == 3
        assert re.match(r"mcred: .* is there already.*; nothing was written\n", ran.err)
        assert files(tmp_path) == before


def test_a_catalogue_is_not_begun_twice_nor_inside_another(tmp_path):
    begun(tmp_path)
    before = files(tmp_path)

    for arguments in ((), ("inner",), ("catalogue",), ("catalogue/micro-credentials",)):
        ran = mcred("init", *arguments, cwd=tmp_path)
        assert (ran.code, ran.out) == (3, "")
        assert ran.err == f"mcred: a catalogue is there already: {tmp_path}/catalogue; nothing was written\n"
    assert files(tmp_path) == before


def test_a_folder_catalogue_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue" / "notes.txt").write_text("mine\n")
    ran = mcred("init", cwd=tmp_path)

    assert ran.code == 3
    assert files(tmp_path) == {"catalogue/notes.txt": b"mine\n"}


def test_other_files_of_the_folder_do_not_matter(tmp_path):
    (tmp_path / "README.md").write_text("mine\n")
    begun(tmp_path)

    assert set(files(tmp_path)) == {*WRITTEN, "README.md"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--framework", "nzcqf"],
            (
                "--framework: no framework 'nzcqf'; there is 'au-nmf', 'ee-2025', 'eu-2022', 'fqf-fj', 'hkqf', 'nfq-ie', "
                "'nqf-ki', 'nqf-pg', 'nqf-sb', 'nzqcf', 'pqf', 'sqf-ws', 'tqf-to', 'vqf-vu' or 'none'; did you mean 'nzqcf'?"
            ),
        ),
        (["--framework", ""], "--framework: no framework ''"),
        (["--timezone", "Pacific/Aukland"], "--timezone: no time zone 'Pacific/Aukland'"),
        (["--timezone", "../../etc/passwd"], "--timezone: no time zone"),
        (["--timezone", ""], "--timezone: no time zone ''"),
    ],
)
def test_what_there_is_not_is_refused_and_nothing_written(tmp_path, arguments, message):
    ran = mcred("init", *arguments, cwd=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"mcred: {message}")
    assert files(tmp_path) == {}


def test_a_misspelt_time_zone_is_guessed(tmp_path):
    ran = mcred("init", "--timezone", "Pacific/Aukland", cwd=tmp_path)

    assert "did you mean 'Pacific/Auckland'?" in ran.err


def test_a_place_where_nothing_can_be_written(tmp_path):
    (tmp_path / "a-file").write_text("mine\n")
    ran = mcred("init", "a-file", cwd=tmp_path)

    assert ran.code == 3
    assert ran.err.startswith("mcred: cannot write ")
    assert files(tmp_path) == {"a-file": b"mine\n"}


@pytest.mark.skipif(is_root(), reason="file permissions do not bind root")
def test_a_folder_that_may_not_be_written_to(tmp_path):
    tmp_path.chmod(0o500)
    try:
        ran = mcred("init", "inner", cwd=tmp_path)
    finally:
        tmp_path.chmod(0o700)
    assert ran.code == 3


def test_the_editor_s_settings_name_each_folder_and_its_schema(tmp_path):
    begun(tmp_path)
    schemas = json.loads((tmp_path / ".vscode/settings.json").read_text())["yaml.schemas"]

    for schema in schemas:
        assert (tmp_path / schema).is_file()
    assert schemas[".mcred/schemas/organisation.schema.json"] == "catalogue/organisations/**/*.yaml"


# --- what the editor knows -------------------------------------------------------------------------------------------


def stale(folder):
    return [(each["path"], each["severity"]) for each in faults(folder) if each["name"] == "editor-schema-stale"]


def test_editor_writes_what_is_stale_or_missing_and_nothing_else(tmp_path):
    begun(tmp_path)
    schemas = tmp_path / ".mcred/schemas"
    fresh = files(tmp_path)
    (schemas / "group.schema.json").write_text('{"title": "Group"}\n')
    (schemas / "standard.schema.json").unlink()
    (tmp_path / ".vscode/settings.json").write_text("{}\n")
    untouched = schemas / "organisation.schema.json"
    os.utime(untouched, (1, 1))

    assert sorted(begun(tmp_path, "--editor").splitlines()) == [
        "wrote .mcred/schemas/group.schema.json",
        "wrote .mcred/schemas/standard.schema.json",
    ]
    assert files(tmp_path) == fresh | {".vscode/settings.json": b"{}\n"}
    assert untouched.stat().st_mtime == 1
    assert begun(tmp_path, "--editor") == "nothing to write: the editor's schemas are those of this mcred\n"


def test_a_stale_schema_is_told_until_it_is_written_anew(tmp_path):
    begun(tmp_path)
    assert stale(tmp_path) == []

    schema = tmp_path / ".mcred/schemas/micro-credential.schema.json"
    text = schema.read_text("utf-8")
    schema.write_text(re.sub("edition [0-9a-f]+", "edition 000000000000", text, count=1), "utf-8")
    assert stale(tmp_path) == [(".mcred/schemas/micro-credential.schema.json", "warning")]
    assert mcred("validate", cwd=tmp_path).code == 0

    begun(tmp_path, "--editor")
    assert stale(tmp_path) == []
    assert schema.read_text("utf-8") == text


def test_a_catalogue_without_schemas_for_an_editor_is_no_fault(tmp_path):
    begun(tmp_path)
    shutil.rmtree(tmp_path / ".mcred")

    assert faults(tmp_path) == []


def test_editor_outside_a_catalogue(tmp_path):
    ran = mcred("init", "--editor", cwd=tmp_path)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == "mcred: no catalogue here: `mcred init` begins one\n"


def test_editor_from_a_folder_inside_a_catalogue(tmp_path):
    root = made(tmp_path, {"organisations/real.yaml": "{id: real, title: Real}\n"})
    begun(root / "organisations", "--editor")

    assert (tmp_path / ".mcred/schemas/organisation.schema.json").is_file()


# --- completion ------------------------------------------------------------------------------------------------------

ASK = """
eval "$(mcred completion bash)"
function=$(complete -p mcred | sed 's/.* -F \\([^ ]*\\) .*/\\1/')
while IFS= read -r line; do
  read -r -a COMP_WORDS <<<"$line"
  [[ $line == *' ' ]] && COMP_WORDS+=("")
  COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )) COMP_LINE=$line COMP_POINT=${#line} COMPREPLY=()
  "$function" mcred "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
  printf '%s\\n' "${COMPREPLY[@]}" ---
done
"""

LINES = {
    "a command": ("mcred ", {name for name in COMMANDS if " " not in name}),
    "a command that begins so": ("mcred sh", {"show"}),
    "options": ("mcred list --", {"--kind", "--columns", "--unknown", "--sort", "--as-of", "--format"}),
    "an option that begins so": ("mcred list --co", {"--columns"}),
    "an id to show": ("mcred show far", {"farm-water", "farm-soil"}),
    "an id of any kind": ("mcred show re", {"real"}),
    "an id to explain": ("mcred why farm-w", {"farm-water"}),
    "an id to look over": ("mcred ready farm-w", {"farm-water"}),
    "an id to decide on": ("mcred decide farm-w", {"farm-water"}),
    "a command of a group": ("mcred review ", {"start", "record", "list", "report"}),
    "an id to review": ("mcred review record farm-w", {"farm-water"}),
    "a kind": ("mcred new micro", {"micro-credential"}),
    "a kind to list": ("mcred list --kind gr", {"group"}),
    "every kind to list": ("mcred list --kind a", {"all"}),
    "a format": ("mcred list --format ", {"table", "tsv", "csv", "json"}),
    "a format of a report": ("mcred validate --format j", {"json", "jsonl", "junit"}),
    "a format of counts": ("mcred stats -f c", {"csv"}),
    "a shell": ("mcred completion z", {"zsh"}),
    "a schema": ("mcred schema de", {"derived"}),
    "a rule by its id": ("mcred explain MC90", {"MC901", "MC902"}),
    "a rule by its name": ("mcred explain editor", {"editor-schema-stale"}),
    "no id": ("mcred show zzz", set()),
}


@pytest.fixture(scope="module")
def offered(tmp_path_factory):
    """What bash offers for each of `LINES`, in a catalogue."""
    award = "id: farm-{0}\ntitle: Farm {0}\nframework: nzqcf\nstage: draft\n"
    root = made(
        tmp_path_factory.mktemp("shell"),
        {f"micro-credentials/farm-{name}.yaml": award.format(name) for name in ("water", "soil")}
        | {"organisations/real.yaml": "{id: real, title: Real}\n"},
    )
    done = subprocess.run(
        ["bash", "--norc", "--noprofile", "-c", ASK],
        cwd=root,
        env=environment(root) | {"PATH": f"{PROGRAM.parent}:/usr/bin:/bin"},
        input="".join(f"{line}\n" for line, _ in LINES.values()),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = [set(block.split()) for block in done.stdout.split("---\n")]
    return dict(zip(LINES, answers, strict=False)), done.stderr


@pytest.mark.parametrize("name", LINES)
def test_bash_offers(offered, name):
    answers, errors = offered
    line, wanted = LINES[name]

    assert wanted <= answers[name], errors
    if not line.endswith((" ", "--")):
        assert answers[name] == wanted


def test_bash_says_nothing_besides(offered):
    assert offered[1] == ""


def test_outside_a_catalogue_no_id_is_offered_and_nothing_fails(tmp_path):
    env = {"_MCRED_COMPLETE": "complete_bash", "COMP_WORDS": "mcred\nshow\n", "COMP_CWORD": "2"}
    ran = installed(cwd=tmp_path, **env)

    assert (ran.code, ran.out.strip(), ran.err) == (0, "", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_parses(tmp_path, shell):
    ran = mcred("completion", shell, cwd=tmp_path)
    program = shutil.which(shell)

    assert ran.code == 0
    assert "mcred" in ran.out
    assert "_MCRED_COMPLETE" in ran.out
    if program is None:
        pytest.skip(f"{shell} is not installed here")
    script = tmp_path / "script"
    script.write_text(ran.out)
    done = subprocess.run([program, "-n", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_shell_that_there_is_not(tmp_path):
    ran = mcred("completion", "bsh", cwd=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "mcred: no shell 'bsh'; there is 'bash', 'zsh' or 'fish'; did you mean 'bash'?\n"


# --- titles that are the same but for how they are written -----------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Farm Water Sampling", "FARM WATER SAMPLING"),
        ("Farm Water Sampling", "Sampling Farm Water"),
        ("Farm Water Sampling", "Farm water: sampling!"),
        ("Farm Water Sampling", "Farm Water Sampling (Micro-credential)"),
        ("Farm Water Sampling", "Farm Water Sampling Microcredential"),
        ("Farm Water Sampling", "Micro-Credential in Farm Water Sampling".replace(" in", ":")),
        ("Farm Water Sampling", "Farm Water Sampling (Micro credential)"),
        ("Farm Water Sampling", "Farm Water Sampling Micro\u2011credential"),
        ("Farm Water Sampling", "Farm Water Sampling (Micro\u2013Credential)"),
        ("Farm Water Sampling", "Farm_Water_Sampling"),
        ("Farm-water sampling", "Farm water sampling"),
        ("Te Pūkenga Māori", "Te Pukenga Maori"),
        ("Whānau Ora", "WHĀNAU ORA"),
        ("Whānau Ora", "Wha\u0304nau Ora"),
        ("Straße", "STRASSE"),
        ("Caf\u00e9 work", "Cafe work"),
        ("Farm  Water\tSampling", "Farm Water Sampling"),
        ({"en": "Farm Water", "mi": "Te Wai"}, "farm water"),
    ],
)
def test_titles_that_are_the_same(one, other):
    assert folded_title(one) == folded_title(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Chainsaw use", "Chainsaw maintenance"),
        ("Level 3 forestry", "Level 4 forestry"),
        ("Water Water", "Water"),
        ("Keke", "Kēkē o te moana"),
        ("Micro-credential A", "Micro-credential B"),
        ("水質", "水産"),
    ],
)
def test_titles_that_are_not(one, other):
    assert folded_title(one) != folded_title(other)


@pytest.mark.parametrize("title", ["", "Micro-credential", "(micro-credential)", "!!!", None, 7, {}, []])
def test_a_title_without_a_word_is_like_no_other(title):
    assert folded_title(title) == ""


@holds(words=st.lists(st.text(min_size=1, max_size=8), max_size=6), random=st.randoms(), quick=100, thorough=2000)
def test_neither_order_nor_case_changes_a_title(words, random):
    shuffled = random.sample(words, len(words))

    assert folded_title(" ".join(words)) == folded_title(" ".join(shuffled))


def award(id, title, **more):
    data = {"id": id, "title": title, "framework": "none", "stage": "draft", **more}
    return {f"micro-credentials/{id}.yaml": yaml.safe_dump(data, allow_unicode=True, sort_keys=False)}


def same(*records):
    files = {path: text for record in records for path, text in record.items()}
    diagnostics = checked(files).diagnostics
    found = [each for each in diagnostics if each.name == "near-duplicate-title"]
    assert not [each for each in diagnostics if each.rule.startswith("MC1")]
    return [(Path(each.path).stem, each.message, each.severity.value) for each in found]


def test_the_second_of_two_is_told_and_the_first_named():
    assert same(award("b-one", "Farm Water"), award("a-one", "Water (Farm)")) == [
        ("b-one", "'a-one' has the same words in its title", "warning")
    ]


def test_three_of_one_title_are_two_findings():
    found = same(award("one", "Farm Water"), award("two", "farm water"), award("three", "Water, Farm"))

    assert [id for id, _, _ in found] == ["three", "two"]


DIFFERS = [{"target": "one", "why": "It is for supervisors."}]


@pytest.mark.parametrize("says", ["one", "two"])
def test_of_two_it_is_enough_that_one_says_how_it_differs(says):
    other = "two" if says == "one" else "one"
    differs = {"distinct_from": [{"target": other, "why": "It is for supervisors."}]}

    assert same(award(says, "Farm Water", **differs), award(other, "Farm Water")) == []


def test_two_that_differ_from_a_third_are_still_the_same_as_each_other():
    found = same(
        award("one", "Farm Water"),
        award("three", "Farm Water", distinct_from=DIFFERS),
        award("two", "Farm Water", distinct_from=DIFFERS),
    )

    assert [id for id, _, _ in found] == ["two"]


def test_records_of_different_kinds_may_share_a_title():
    organisation = {"organisations/other.yaml": "{id: other, title: Farm Water}\n"}

    assert same(award("one", "Farm Water"), organisation) == []


def test_the_two_chainsaw_awards_of_the_catalogue_are_not_taken_for_one():
    files = {}
    for path in sorted((CATALOGUE / "micro-credentials").glob("*.yaml")):
        text = path.read_text("utf-8")
        if "hainsaw" in text.split("\nframework:", maxsplit=1)[0]:
            files[f"micro-credentials/{path.name}"] = text

    assert len(files) >= 2
    assert same(files) == []
    assert [
        each for each in mcred("validate", "-f", "json", cwd=CATALOGUE).names if each == "near-duplicate-title"
    ] == []
