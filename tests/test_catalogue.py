"""The catalogue that comes with the project: it is right, its text is as it should be, and an editor can open it."""

import json
import re
import subprocess
import unicodedata
from functools import cache
from pathlib import Path

import pytest

from mcred.document import read
from mcred.record import folder_kind
from mcred.workspace import editor_schemas
from tests.support import AS_OF, CATALOGUE, ROOT, made, mcred, real_records

WARNINGS = ROOT / "docs" / "catalogue-warnings.md"
WALKTHROUGH = ROOT / "docs" / "from-a-register-page-to-a-record.md"


# --- findings --------------------------------------------------------------------------------------------------------


@cache
def validated(*more):
    return mcred("validate", "--as-of", AS_OF, *more, cwd=ROOT)


def test_there_is_no_error_and_the_report_is_short():
    done = validated()
    assert (done.code, done.err) == (0, "")
    assert len(done.out.splitlines()) < 30, done.out
    assert validated("--format", "json").json["summary"]["error"] == 0


def test_each_warning_that_remains_is_listed_with_its_reason():
    found = [
        (each["record"], each["rule"], each["message"])
        for each in validated("--format", "json").json["findings"]
        if each["severity"] == "warning"
    ]
    listed = re.findall(
        r"^\| \[(.+?)\]\(.+?\) \| `(.+?)` \| (.+?) \| (.+?) \|$", WARNINGS.read_text("utf-8"), re.MULTILINE
    )
    assert [(record, rule, message) for record, rule, message, _ in listed] == found


# --- records ---------------------------------------------------------------------------------------------------------


def records():
    return {path: read(data).data for path, data in real_records().items() if folder_kind(path)}


def test_every_observed_record_has_sources():
    observed = {path: record for path, record in records().items() if record.get("custody") == "observed"}
    assert len(observed) > 50
    without = [path for path, record in observed.items() if not record.get("sources")]
    assert without == []
    nowhere = [
        f"{path}: {source['id']}"
        for path, record in observed.items()
        for source in record["sources"]
        if not source.get("url") and not source.get("title")
    ]
    assert nowhere == []


@pytest.mark.parametrize("path", real_records())
def test_the_first_line_leads_to_the_schema_of_the_kind(path):
    first = (CATALOGUE / path).read_text(encoding="utf-8").partition("\n")[0]
    kind = folder_kind(path) or "catalogue"
    assert (CATALOGUE / path).parent.joinpath(first.partition("$schema=")[2]).resolve() == (
        ROOT / ".mcred" / "schemas" / f"{kind}.schema.json"
    )


# --- editors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "text"), [pytest.param(*each, id=each[0]) for each in editor_schemas()])
def test_the_schemas_for_editors_are_those_of_this_mcred(kind, text):
    path = ROOT / ".mcred" / "schemas" / f"{kind}.schema.json"
    assert path.is_file() and path.read_text(encoding="utf-8") == text, "run: mcred init --editor"  # noqa: PT018


def test_the_settings_for_editors_are_those_that_init_writes(tmp_path):
    made(tmp_path, {})
    assert mcred("init", "--editor", cwd=tmp_path).code == 0
    settings = Path(".vscode", "settings.json")
    assert json.loads((ROOT / settings).read_text("utf-8")) == json.loads((tmp_path / settings).read_text("utf-8"))


# --- text ------------------------------------------------------------------------------------------------------------

# Fixtures that are about other encodings, other characters, and how they are shown.
ABOUT_ENCODINGS = re.compile(
    r"tests/(hostile/|goldens/nasty|rules/MC0(03-not-utf8|15-control-character|16-line-separator|17-not-nfc)/)"
)

# UTF-8 that was read as Windows-1252, and what could not be read at all. Written so that this file is free of it.
MOJIBAKE = re.compile("[\u00c2-\u00c5][\u0080-\u00bf\u0152-\u2122]|\u00e2[\u0080\u20ac]|\ufffd")

# Words of te reo Māori, and names, as they are written without their macrons.
WITHOUT_MACRONS = """
    maori whanau hapu pakeha korero matauranga pukenga toitu nga ngati ngai wananga tuawha kawanatanga powhiri
    whakatauki totara manuka kanuka paua kaumatua runanga purakau akonga ropu hikoi panui kohanga mohio tuhoe
    whakatohea otautahi otepoti taupo wanaka whangarei manawatu rangitikei opotiki kaikoura hawera tamaki pamu kowhiri
    tetahi ngatahi whaiti whangai arahi ona marie
""".split()
UNMARKED = re.compile(rf"\b(?:{'|'.join(WITHOUT_MACRONS)})\b", re.IGNORECASE)

# Where letters have to be plain: addresses, ids and file names, values of YAML that are one word, ids in capitals.
PLAIN = re.compile(
    r"https?://\S+"
    r"|[\w./-]*[a-z0-9]+(?:[-_][a-z0-9]+)+[\w./-]*"
    r"|[\w-]+\.(?:yaml|md|json|txt|pdf)\b"
    r"|(?<=: )[a-z]+(?=[,}\n])|\[[a-z0-9-]+(?:,\s+[a-z0-9-]+)*\]"
    r"|\b[A-Z][A-Z0-9-]{3,}\b"
)

IN_WORDS = tuple(
    "catalogue/ schemas/ docs/ src/ tools/ .mcred/ .github/ README.md CHANGELOG.md CONTRIBUTING.md".split()
)


@cache
def tree():
    """The text of every file that is committed or about to be, but fixtures about encodings."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout, so what is committed is not known")
    names = sorted(name for name in listed.stdout.decode().split("\0") if name)
    files = {name: ROOT / name for name in names if not ABOUT_ENCODINGS.match(name)}
    return {name: path.read_bytes() for name, path in files.items() if path.is_file()}


@cache
def texts():
    binary = (".docx", ".pdf", ".png", ".xlsx", ".bytes")
    return {name: data.decode("utf-8") for name, data in tree().items() if not name.endswith(binary)}


def places(pattern, text):
    return [f"{text.count(chr(10), 0, each.start()) + 1}: {each.group()!a}" for each in pattern.finditer(text)]


def test_every_text_is_utf8_and_composed():
    assert len(texts()) > 300
    assert [name for name, text in texts().items() if not unicodedata.is_normalized("NFC", text)] == []


def test_no_text_was_read_in_the_wrong_encoding():
    found = {name: places(MOJIBAKE, text) for name, text in texts().items()}
    assert {name: each for name, each in found.items() if each} == {}


def test_te_reo_maori_has_its_macrons():
    found = {
        name: places(UNMARKED, PLAIN.sub(lambda plain: " " * len(plain[0]), text))
        for name, text in texts().items()
        if name.startswith(IN_WORDS)
    }
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MOJIBAKE, "Māori".encode().decode("latin-1")),
        (MOJIBAKE, "rōpū".encode().decode("latin-1")),
        (MOJIBAKE, "Tuawhē".encode().decode("cp1252")),
        (MOJIBAKE, "3–7".encode().decode("cp1252")),
        (MOJIBAKE, "Wh\udce2nau".encode("utf-8", "surrogateescape").decode("utf-8", "replace")),
        (UNMARKED, "Maori growers"),
        (UNMARKED, "the Nga Puhi"),
    ],
)
def test_what_is_looked_for_would_be_found(pattern, text):
    assert pattern.search(PLAIN.sub("", text))


def test_ids_and_addresses_need_no_macrons():
    plain = "id: te-pukenga, see https://example.org/maori and catalogue/organisations/te-pukenga.yaml"
    assert not UNMARKED.search(PLAIN.sub("", plain))


# --- the record that is made step by step ----------------------------------------------------------------------------


def test_what_the_walkthrough_quotes_stands_in_the_record():
    page = WALKTHROUGH.read_text(encoding="utf-8")
    (path,) = set(re.findall(r"^\$ cat (catalogue/\S+)$", page, re.MULTILINE))
    record = (ROOT / path).read_text(encoding="utf-8")
    quoted = re.findall(r"^```yaml\n(.+?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(quoted) > 4
    assert [each for each in quoted if each not in record] == []
