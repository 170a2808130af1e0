"""`render` as people run it: what each document says, in which languages, and that no text of a record acts."""

import json
import os
import re
from html.parser import HTMLParser

import pytest
from jsonschema import Draft202012Validator

from mcred.listing.documents import CHOICES, DOCUMENTS, USUAL
from mcred.listing.formats import FORMATS
from mcred.listing.words import clean
from tests.support import AS_OF, GOLDENS, ROOT, copied, made, mcred

PAGES = [
    ("listing", "worked-example"),
    ("application", "worked-example"),
    ("review-report", "worked-example"),
    ("certificate", "worked-example"),
    ("level-note", "worked-example"),
    ("level-note", "community-catch-records"),
    ("listing", "planting-beside-streams"),
    ("application", "planting-beside-streams"),
    ("listing", "forestry-earthworks-plant-operation"),
    ("listing", "trap-box-basics"),
    ("listing", "weed-walks"),
    ("listing", "small-engine-care"),
    ("listing", "walking-group-lead"),
    ("listing", "wool-harvesting"),
    ("listing", "working-dog-care-course"),
    ("equivalency", "growsafe-basic"),
    ("organisation", "toi-mai"),
]
"""A document of each kind; among the listings a draft, an observed one, one of each status, and one with an open condition."""

ALL = [part for name in DOCUMENTS if name != "change-notice" for part in ("--document", name)]
"""Every document but the one that takes what commits held, of which the project's own tell another thing every day."""


def render(*arguments, cwd=ROOT, code=0, as_of=AS_OF, **env):
    ran = mcred("render", *arguments, *(["--as-of", as_of] if as_of else []), cwd=cwd, **env)
    assert ran.code == code, ran.err
    return ran


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with every document of the project's catalogue, in each language, as page and as Markdown."""
    to = tmp_path_factory.mktemp("documents")
    for language in CHOICES:
        render(*ALL, "--format", "html", "--format", "md", "--format", "json", "--language", language, "--output", to)
    return to


# --- what documents say ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("document", "record"), PAGES)
@pytest.mark.parametrize("ending", ["md", "html"])
def test_a_document_says_what_its_golden_file_says(folder, golden, document, record, ending):
    text = (folder / record / f"{document}.{ending}").read_text(encoding="utf-8")
    golden(GOLDENS / "documents" / f"{record}.{document}.{ending}", text)


@pytest.mark.parametrize("language", ["mi", "both"])
def test_in_other_languages(folder, golden, language):
    for ending in ("md", "html"):
        text = (folder / "backyard-hens" / f"listing.{language}.{ending}").read_text(encoding="utf-8")
        golden(GOLDENS / "documents" / f"backyard-hens.listing.{language}.{ending}", text)


def test_the_index_of_a_catalogue(tmp_path, golden):
    copied(tmp_path)
    render("--format", "html", "--format", "md", "--format", "json", cwd=tmp_path)
    for ending in ("md", "html", "json"):
        golden(GOLDENS / "documents" / f"index.{ending}", (tmp_path / "out" / f"index.{ending}").read_text("utf-8"))


def test_an_index_of_some_records_says_that_others_are_left_out(tmp_path):
    copied(tmp_path)
    says = "> Only a selection: other records of the catalogue are left out.\n"
    for chosen in (["worked-example"], ["level=3"], []):
        render(*chosen, "-d", "index", "-f", "md", cwd=tmp_path)
        assert (says in (tmp_path / "out" / "index.md").read_text("utf-8")) == bool(chosen)


def test_the_view_is_what_its_golden_file_says(folder, golden):
    golden(
        GOLDENS / "documents" / "worked-example.view.json", (folder / "worked-example" / "view.json").read_text("utf-8")
    )


def test_every_view_fits_its_schema(folder):
    validator = Draft202012Validator(json.loads(mcred("schema", "view", cwd=ROOT).out))
    Draft202012Validator.check_schema(validator.schema)
    views = sorted(folder.glob("*/view.json"))
    assert len(views) > 100
    for path in views:
        faults = [
            f"{path.parent.name}{fault.json_path}: {fault.message}"
            for fault in validator.iter_errors(json.loads(path.read_text("utf-8")))
        ]
        assert not faults, faults


def test_the_schema_of_a_view_refuses_what_is_no_view(folder):
    validator = Draft202012Validator(json.loads(mcred("schema", "view", cwd=ROOT).out))
    view = json.loads((folder / "worked-example" / "view.json").read_text("utf-8"))
    del view["record"]["credits"]
    view["derived"]["stage"]["uncertain"] = "no"
    assert len([*validator.iter_errors(view)]) == 2


class Page(HTMLParser):
    """The text of a page, the language of each piece, and whatever leads or loads."""

    VOID = ("meta", "br")

    def __init__(self, text):
        super().__init__()
        self.languages, self.pieces, self.addresses, self.tags = [], [], [], []
        self.feed(text)
        self.close()
        assert not self.languages

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("href", "src", "srcset", "action", "data")]
        assert not [name for name in found if name.startswith("on") or name == "style"]
        if tag not in self.VOID:
            self.languages.append((tag, found.get("lang") or (self.languages[-1][1] if self.languages else None)))

    def handle_endtag(self, tag):
        assert self.languages.pop()[0] == tag

    def handle_data(self, data):
        if self.languages and self.languages[-1][0] not in ("style", "title") and data.strip():
            self.pieces.append((self.languages[-1][1], " ".join(data.split())))

    @property
    def text(self):
        return " ".join(piece for _, piece in self.pieces)


def page(path):
    return Page(path.read_text(encoding="utf-8"))


def test_the_whole_catalogue_renders(folder):
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) == len([*folder.rglob("*.md")]) > 700
    for path in pages:
        found = page(path)
        assert not {"script", "link", "img", "iframe", "object", "form", "base"} & {*found.tags}, path
        assert all(re.match("https?://|#text$", address) for address in found.addresses), path
        assert "None" not in re.sub(r"None( is recorded|:| |$)", "", found.text), path
        assert not re.search(r"\{\{|\{%|<U\+|Markup|Undefined", found.text), path


def test_nothing_is_mistaken_for_a_register_page(folder):
    told = {"observed": 0, "fictional": 0}
    for path in folder.glob("*/view.json"):
        view = json.loads(path.read_text("utf-8"))
        for each in path.parent.glob("*.html"):
            text = page(each).text
            if view["custody"] == "observed":
                told["observed"] += 1
                assert "A summary of public information, not the register and no statement of any authority." in text
                assert re.search("Summary of public information ?: ", text), each
            if view["fictional"]:
                told["fictional"] += 1
                assert "Fictional example data: neither this nor the organisations in it exist." in text
                assert re.search("Fictional example ?: ", text), each
    assert min(told.values()) > 100


def test_the_first_line_and_the_index_say_the_same_and_what_is_not_certain(folder):
    for id, says in {
        "basic-construction-skills": "current (not certain)",  # one source says so, years ago
        "chainsaw-use": "not known",  # approved once
        "calf-rearing": "current",
    }.items():
        listing = (folder / id / "listing.md").read_text("utf-8")
        assert f" Status: **{says}**. " in listing
        line = next(line for line in (folder / "index.md").read_text("utf-8").splitlines() if f"`{id}`" in line)
        assert line.split(" | ")[3] == says
    assert "Next review: **March 2027 (not certain)**." in (folder / "backyard-hens" / "listing.md").read_text("utf-8")


def test_a_size_that_is_not_in_credits_does_not_stand_among_them(folder):
    listing = (folder / "digital-fluency" / "listing.md").read_text("utf-8")
    assert "**Level not known**. Status: **not known**. " in listing
    assert "- **Credits:** None: It is not for credit.\n" in listing


def test_what_is_maori_is_marked_so(folder):
    words = re.compile(r"\b(whānau|hapū|Kaupae|Hakihea|ākonga|Te Tiaki Heihei|Ka whāngai te ākonga)\b")
    for name, first in (("listing.html", "en"), ("listing.mi.html", "mi"), ("listing.both.html", "en")):
        found = page(folder / "backyard-hens" / name)
        assert found.languages == []
        assert [language for language, piece in found.pieces if words.match(piece)], name
        assert {language for language, piece in found.pieces if words.match(piece)} == {"mi"}
        assert f'<html lang="{first}">' in (folder / "backyard-hens" / name).read_text("utf-8")


def test_a_label_without_a_form_stands_in_english_in_italics(folder):
    text = (folder / "backyard-hens" / "listing.mi.html").read_text("utf-8")
    assert '<dt><em lang="en">Register number</em></dt>' in text
    assert "<dt>Kaupae</dt>\n<dd>Kaupae 2</dd>" in text
    assert "Labels in italics have no form in te reo Māori with a known source, and stand in English." in text
    both = (folder / "backyard-hens" / "listing.both.html").read_text("utf-8")
    assert "<em" not in both
    assert "Labels that have no form in te reo Māori with a known source stand in English alone." in both


def test_words_of_the_format_have_their_macrons(folder):
    assert "| **Te Pūkenga** | 1 April 2020 |" in (folder / "te-pukenga" / "organisation.md").read_text("utf-8")
    assert "| **wānanga** |" in (folder / "example-wananga" / "organisation.md").read_text("utf-8")


def test_every_word_in_te_reo_maori_has_a_source():
    from mcred.document import read

    table = read((ROOT / "templates" / "labels.yaml").read_bytes()).data
    sources = {each["id"]: each for each in table["sources"]}
    forms = {**table["labels"], **table["months"]}
    named = {name: each["source"] for name, each in forms.items() if "mi" in each}
    assert len(named) > 15
    assert {*named.values()} == {*sources}
    assert all(each["url"].startswith("https://") and each["seen"] for each in sources.values())


def test_every_document_and_format_is_on_the_page_about_them():
    told = (ROOT / "docs" / "documents.md").read_text("utf-8")
    tables, view = told.split("## The view")
    assert re.findall(r"^\| `([a-z-]+)` \|", tables, re.MULTILINE) == [*DOCUMENTS, *FORMATS]
    keys = re.findall(r"^\| (`[a-z_`, ]+) \|", view.partition("## ")[0], re.MULTILINE)
    known = json.loads(mcred("schema", "view", cwd=ROOT).out)["required"]
    assert sorted(name for row in keys for name in re.findall("[a-z_]+", row)) == sorted(known)
    templates = {path.name.removesuffix(".html.j2") for path in (ROOT / "templates").glob("*.html.j2")}
    assert templates == {*DOCUMENTS, "macros"}


def test_no_label_is_there_for_nothing():
    from mcred.document import read

    table = read((ROOT / "templates" / "labels.yaml").read_bytes()).data["labels"]
    templates = "".join(path.read_text("utf-8") for path in (ROOT / "templates").glob("*.html.j2"))
    code = (ROOT / "src/mcred/listing/words.py").read_text("utf-8")
    schemas = "".join(path.read_text("utf-8") for path in (ROOT / "schemas").glob("*.json"))
    catalogue = "".join(path.read_text("utf-8") for path in (ROOT / "catalogue").rglob("*.yaml"))
    made = (
        "document-",
        "kinds-",
        "stage-",
        "hours-",
        "verdict-",
        "tax-",
        "per-",
        "language-",
        "title-",
        "entry-",
        "index-",
    )
    words = f"{templates} {code} {schemas} {catalogue}"
    unused = [
        name
        for name in table
        if not name.startswith(made)
        and not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", words)
        and f"{name}s" not in table
        and name.removesuffix("-pathway") == name
    ]
    assert unused == []


# --- a small catalogue -----------------------------------------------------------------------------------------------

BODIES = {
    "organisations/school.yaml": "{id: school, title: A School, types: [{type: institute}]}\n",
    "organisations/authority.yaml": "{id: authority, title: The Authority, types: [{type: qualifications-authority}]}\n",
}
SMALL = """\
id: compost
title: Making Compost
framework: none
developer: school
"""


def small(to, text=SMALL, **more):
    made(to, {**BODIES, "micro-credentials/compost.yaml": text, **more})
    return to


@pytest.mark.parametrize(
    ("written", "english", "maori"),
    [
        ("2026-02", "February 2026", "Hui-tanguru 2026"),
        ("2025-12-31", "31 December 2025", "31 Hakihea 2025"),
        ("2026-07", "July 2026", "July 2026"),
        ("2026", "2026", "2026"),
    ],
)
def test_dates_are_in_the_language(tmp_path, written, english, maori):
    small(tmp_path, SMALL + f"evidence_of_need: [{{from: iwi, date: {written}}}]\n")
    for language, expected in (("en", english), ("mi", maori)):
        render("compost", "-d", "application", "--language", language, cwd=tmp_path)
        name = "application.html" if language == "en" else "application.mi.html"
        assert f"<td>{expected}</td>" in re.sub(
            "</?em[^>]*>", "", (tmp_path / "out" / "compost" / name).read_text("utf-8")
        )
    if english == maori and "July" in english:
        assert '<em lang="en">July 2026</em>' in (tmp_path / "out" / "compost" / "application.mi.html").read_text(
            "utf-8"
        )


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7*7 }} {% raw %} {# x #}",
    "</style></title></head><img src=x onerror=alert(1)>",
    "[x](javascript:alert(2)) ![x](https://example.org/x.png) <https://example.org>",
    "| a | `b` | ``` | ~~~ | \\| $x$ <!-- -->",
    "=HYPERLINK(1) &lt;b&gt; &#60; %3Cscript%3E",
    "A" * 5000,
    "word " * 1000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_of_a_record_is_text(tmp_path, text):
    small(
        tmp_path,
        f"id: compost\ntitle: {json.dumps(text)}\nframework: none\ndeveloper: school\n"
        f"purpose: {{statement: {json.dumps(text)}, relevance: [{{for: iwi, why: {json.dumps(text)}}}]}}\n"
        f"subjects: [{{scheme: nzsced, code: {json.dumps(text)}, path: [{json.dumps(text)}]}}]\n"
        f"outcomes: [{{id: one, text: {json.dumps(text)}}}]\n",
    )
    render("compost", "-d", "listing", "-d", "application", "--force", cwd=tmp_path)
    for path in (tmp_path / "out" / "compost").glob("*.html"):
        found = page(path)
        assert found.text.count(" ".join(text.split())) >= 4
        assert {*found.tags} <= {
            *(
                "html head meta title style body a main aside header p h1 h2 h3 section dl dt dd ul ol li footer".split()
            ),
            *("table thead tbody tr th td strong span em code br".split()),
        }
        assert found.addresses == ["#text"]


def test_characters_that_act_are_made_visible(tmp_path):
    assert clean("a\u202eb\x1b[31mc\u2066d\n\te\u2028f") == "a<U+202E>b<U+001B>[31mc<U+2066>d e f"
    small(tmp_path, 'id: compost\ntitle: "a\\u202Eb\\u001B[31mc"\nframework: none\nremarks: "x\\u2067y"\n')
    render("compost", "--force", cwd=tmp_path)
    text = (tmp_path / "out" / "compost" / "listing.html").read_text("utf-8")
    assert "Has 2 errors: not to be relied on." in text
    assert not re.search("[\x00-\x08\x1b\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize(
    "url", ['https://example.org/"onclick=alert(1)', "https://example.org/<b>", "javascript:alert(1)"]
)
def test_an_address_that_no_browser_should_follow_is_no_link(tmp_path, url):
    small(tmp_path, SMALL + f"sources: [{{id: page, url: {json.dumps(url)}, seen: 2026-11}}]\n")
    render("compost", "--force", "-f", "html", "-f", "md", cwd=tmp_path)
    assert page(tmp_path / "out" / "compost" / "listing.html").addresses == ["#text"]


# --- writing ---------------------------------------------------------------------------------------------------------


def test_only_what_changed_is_written(tmp_path):
    small(
        tmp_path,
        **{"micro-credentials/hens.yaml": "{id: hens, title: Keeping Hens, framework: none, developer: school}\n"},
    )
    ran = render("-d", "listing", "-f", "html", "-f", "md", cwd=tmp_path)
    assert ran.out == (
        "wrote out/compost/listing.html\nwrote out/compost/listing.md\nwrote out/hens/listing.html\n"
        "wrote out/hens/listing.md\nwrote 4, unchanged 0\n"
    )
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("out/*/*")}
    assert render("-d", "listing", "-f", "html", "-f", "md", cwd=tmp_path).out == "wrote 0, unchanged 4\n"
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("out/*/*")} == before
    record = tmp_path / "catalogue" / "micro-credentials" / "hens.yaml"
    record.write_text(record.read_text("utf-8").replace("Keeping", "Minding"), "utf-8")
    ran = render("-d", "listing", "-f", "html", "-f", "md", cwd=tmp_path)
    assert ran.out == "wrote out/hens/listing.html\nwrote out/hens/listing.md\nwrote 2, unchanged 2\n"
    assert not [*tmp_path.glob("out/**/.mcred-*")]


def changed_output(folder):
    path = folder / "out" / "compost" / "listing.html"
    path.write_bytes(path.read_bytes().replace(b"Compost", b"Composs"))


def changed_label(folder):
    (folder / "templates").mkdir()
    table = (ROOT / "templates" / "labels.yaml").read_text("utf-8").replace("{en: Details}", "{en: In detail}")
    (folder / "templates" / "labels.yaml").write_text(table, "utf-8")


def changed_organisation(folder):
    path = folder / "catalogue" / "organisations" / "school.yaml"
    path.write_text(path.read_text("utf-8").replace("A School", "B School"), "utf-8")


def spoilt_stamp(folder):
    (stamp,) = folder.glob("mine/mcred/render/*.json")
    stamp.write_text('{"inputs": 1, "files": {"..": 2', "utf-8")


@pytest.mark.parametrize(
    ("change", "wrote"), [(changed_output, 1), (changed_label, 1), (changed_organisation, 1), (spoilt_stamp, 0)]
)
def test_what_was_noted_of_the_last_run_hides_no_change(tmp_path, change, wrote):
    small(tmp_path)
    mine = {"XDG_CACHE_HOME": str(tmp_path / "mine")}
    render("compost", cwd=tmp_path, **mine)
    assert render("compost", cwd=tmp_path, **mine).out == "wrote 0, unchanged 1\n"
    before = (tmp_path / "out" / "compost" / "listing.html").read_bytes()
    change(tmp_path)
    stale = render("compost", "--check", cwd=tmp_path, code=wrote, **mine)
    assert ("would change" in stale.out) == bool(wrote)
    assert render("compost", cwd=tmp_path, **mine).out.endswith(f"wrote {wrote}, unchanged {1 - wrote}\n")
    after = (tmp_path / "out" / "compost" / "listing.html").read_bytes()
    assert (after == before) == (change in (changed_output, spoilt_stamp))


def test_a_file_of_the_last_run_that_is_gone_comes_back(tmp_path):
    small(tmp_path)
    render("compost", cwd=tmp_path)
    (tmp_path / "out" / "compost" / "listing.html").unlink()
    assert render("compost", cwd=tmp_path).out.endswith("wrote 1, unchanged 0\n")


def test_nothing_is_noted_of_what_was_refused(tmp_path):
    small(tmp_path, SMALL + "levle: 2\n")
    for _ in range(2):
        assert "it has 1 error" in render("compost", cwd=tmp_path, code=1).err


def test_check_names_what_would_change_and_writes_nothing(tmp_path):
    small(tmp_path)
    ran = render("compost", "--check", cwd=tmp_path, code=1)
    assert ran.out == "out/compost/listing.html is missing\n1 document to write, unchanged 0\n"
    assert not (tmp_path / "out").exists()
    render("compost", cwd=tmp_path)
    assert render("compost", "--check", cwd=tmp_path).out == "0 documents to write, unchanged 1\n"
    path = tmp_path / "out" / "compost" / "listing.html"
    path.write_bytes(path.read_bytes() + b" ")
    ran = render("compost", "--check", cwd=tmp_path, code=1)
    assert ran.out == "out/compost/listing.html would change\n1 document to write, unchanged 0\n"
    assert path.read_bytes().endswith(b" ")


def test_without_a_day_a_document_is_the_same_tomorrow(tmp_path):
    small(tmp_path)
    render("compost", "-f", "html", "-f", "json", cwd=tmp_path, as_of=None)
    assert "As of" not in (tmp_path / "out" / "compost" / "listing.html").read_text("utf-8")
    assert json.loads((tmp_path / "out" / "compost" / "view.json").read_text("utf-8"))["as_of"] is None


def test_as_of_leaves_out_what_was_decided_later(folder, tmp_path):
    render("worked-example", "-f", "md", "--output", tmp_path, as_of="2025-01-31")
    text = (tmp_path / "worked-example" / "listing.md").read_text("utf-8")
    assert "As of 31 January 2025: what was decided later is left out." in text
    assert "- **Version:** 1\n" in text
    assert "2026" not in text.partition("## What was decided")[2]


def test_a_record_with_errors_is_refused_and_the_others_are_not(tmp_path):
    broken = "{id: hens, titel: Keeping Hens, framework: none, developer: nobody}\n"
    small(tmp_path, **{"micro-credentials/hens.yaml": broken, "micro-credentials/mess.yaml": "id: [\n"})
    ran = render("-d", "listing", cwd=tmp_path, code=1)
    assert ran.out == "wrote out/compost/listing.html\nwrote 1, unchanged 0\n"
    assert ran.err == (
        "mcred: catalogue/micro-credentials/hens.yaml: it has 2 errors: `mcred validate hens` shows them; "
        "--force renders it, marked\n"
        "mcred: catalogue/micro-credentials/mess.yaml: it cannot be read: `mcred validate mess` says why\n"
    )
    render("hens", "-f", "html", "-f", "md", "--force", cwd=tmp_path)
    for ending in ("html", "md"):
        assert "Has 2 errors: not to be relied on" in (tmp_path / "out" / "hens" / f"listing.{ending}").read_text(
            "utf-8"
        )


@pytest.mark.parametrize("broken", ["folder", "file"])
def test_nothing_is_written_outside_the_folder(tmp_path, broken):
    small(tmp_path)
    away = tmp_path / "away"
    away.mkdir()
    (away / "listing.html").write_text("mine", "utf-8")
    out = tmp_path / "out"
    out.mkdir()
    if broken == "folder":
        (out / "compost").symlink_to(away, target_is_directory=True)
        ran = render("compost", cwd=tmp_path, code=3)
        assert ran.err == (
            "mcred: out/compost is a link, so nothing is written there: take it away or name another --output\n"
        )
    else:
        (out / "compost").mkdir()
        (out / "compost" / "listing.html").symlink_to(away / "listing.html")
        render("compost", cwd=tmp_path)
        assert not (out / "compost" / "listing.html").is_symlink()
    assert [path.read_text("utf-8") for path in away.iterdir()] == ["mine"]


@pytest.mark.parametrize("output", ["mine", "mine/deeper"])
@pytest.mark.parametrize("check", [[], ["--check"]])
def test_a_file_is_no_folder_to_write_into(tmp_path, output, check):
    small(tmp_path)
    (tmp_path / "mine").write_text("mine", "utf-8")
    ran = render("compost", *check, "--output", output, cwd=tmp_path, code=3)
    assert (ran.out, ran.err) == ("", "mcred: mine is no folder, so nothing is written there: name another --output\n")
    assert (tmp_path / "mine").read_text("utf-8") == "mine"


def test_the_output_folder_itself_may_be_a_link(tmp_path):
    small(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    render("compost", cwd=tmp_path)
    assert (tmp_path / "elsewhere" / "compost" / "listing.html").is_file()


# --- choosing --------------------------------------------------------------------------------------------------------


def test_filters_choose_records(tmp_path):
    ran = render("level=3", "custody=own", "--output", tmp_path)
    listed = mcred(
        "list", "level=3", "custody=own", "--kind", "all", "--columns", "id,kind", "--as-of", AS_OF, cwd=ROOT
    )
    rows = [line.split("\t") for line in listed.out.splitlines()[1:]]
    chosen = [row[0] for row in rows if row[1] in USUAL]
    assert sorted(os.listdir(tmp_path)) == chosen
    assert 10 < len(chosen) < len(rows)
    assert ran.out.endswith(f"wrote {len(chosen)}, unchanged 0\n")


def test_an_earlier_id_names_a_record(tmp_path):
    render("farm-water-sampling", "--output", tmp_path)
    assert os.listdir(tmp_path) == ["worked-example"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["worked-exmple"], 3, "no record 'worked-exmple'; did you mean 'worked-example'?"),
        (["levl=3"], 2, "no field 'levl'; did you mean 'level'?"),
        (
            ["--format", "htm"],
            2,
            "--format: no format 'htm'; there is 'html', 'md', 'pdf', 'docx' or 'json'; did you mean 'html'?",
        ),
        (["--document", "lising"], 2, "did you mean 'listing'?"),
        (["--language", "fr"], 2, "--language: no language 'fr'; there is 'en', 'mi' or 'both'"),
        (["nz-standard-29338"], 1, "a standard has no document; there is one of"),
        (["toi-mai", "-d", "listing"], 1, "an organisation has no listing"),
        (
            ["forestry-environment", "-d", "application"],
            1,
            "it is a summary of what others publish, so it has no application",
        ),
    ],
)
def test_what_there_is_not(tmp_path, arguments, code, says):
    ran = render(*arguments, "--output", tmp_path, code=code)
    assert says in ran.err
    assert not [*tmp_path.iterdir()]


# --- templates of the catalogue's own --------------------------------------------------------------------------------


def test_a_template_of_the_catalogue_takes_the_place_of_the_shipped_one(tmp_path):
    own = tmp_path / "templates"
    own.mkdir()
    (own / "listing.html.j2").write_text(
        "<h1>{{ text(title) }}</h1>\n<p>{{ label('level') }}: {{ record.level }}</p>\n", "utf-8"
    )
    small(tmp_path, SMALL + "level: 2\n")
    render("compost", "-f", "html", "-f", "md", cwd=tmp_path)
    text = (tmp_path / "out" / "compost" / "listing.html").read_text("utf-8")
    assert "<h1>Making Compost</h1>\n<p>Level: 2</p>" in text
    assert "It is no form and no statement of an authority." in text
    assert "\nLevel: 2\n" in (tmp_path / "out" / "compost" / "listing.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("template", "says"),
    [
        (
            "<p>\n{{ record.levle }}</p>",
            "templates/listing.html.j2, line 2: there is no 'levle' here; did you mean 'level'?",
        ),
        ("<p>\n{{ titel }}</p>", "templates/listing.html.j2, line 2: 'titel' is undefined"),
        ("<p>{{ title }}</p>", "templates/listing.html.j2, line 1: a map cannot be printed as it is"),
        ("\n{{ label('lebel') }}", "templates/listing.html.j2, line 2: no label 'lebel'; did you mean 'level'?"),
        ("\n\n<p>{% if %}</p>", "templates/listing.html.j2, line 3: Expected an expression"),
        ("\n{% include '../x' %}", "templates/listing.html.j2, line 2: there is no template '../x'"),
        ("{{ ''.__class__ }}", "templates/listing.html.j2, line 1: access to attribute '__class__'"),
        (
            '<p>x</p>\n<p onclick="x">y</p>',
            "templates/listing.html.j2, line 2: <p> cannot have the attribute 'onclick'",
        ),
        ("<script>x</script>", "templates/listing.html.j2, line 1: <script> is not an element that documents have"),
        ("{{ 'x' * 300000000 }}", "templates/listing.html.j2, line 1: it needs more than 128 MiB of memory"),
    ],
)
def test_a_template_that_asks_for_what_there_is_not(tmp_path, template, says):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "listing.html.j2").write_text(template, "utf-8")
    small(tmp_path)
    ran = render("compost", cwd=tmp_path, code=3)
    assert ran.err.startswith(f"mcred: {says}")
    assert ran.err.endswith("(the record is catalogue/micro-credentials/compost.yaml)\n")
    assert not (tmp_path / "out").exists()


def test_a_folder_of_templates_that_is_a_link_is_not_read(tmp_path):
    small(tmp_path)
    (tmp_path / "away").mkdir()
    (tmp_path / "templates").symlink_to(tmp_path / "away", target_is_directory=True)
    ran = render("compost", cwd=tmp_path, code=3)
    assert ran.err == "mcred: templates is a link, so no template is read from it\n"


@pytest.mark.parametrize("what", ["a link", "no file"])
def test_a_template_that_is_no_file_of_its_own_is_not_passed_over(tmp_path, what):
    small(tmp_path)
    template = tmp_path / "templates" / "listing.html.j2"
    template.parent.mkdir()
    if what == "a link":
        template.symlink_to(tmp_path / "away")
    else:
        template.mkdir()
    ran = render("compost", cwd=tmp_path, code=3)
    assert ran.err == f"mcred: templates/listing.html.j2 is {what}, so no template is read from it\n"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("labels: [", "templates/labels.yaml cannot be read: "),
        (
            "labels: {level: {en: Level, mi: Kaupae}}\nmonths: {}\n",
            "the label 'level' names no source for its other forms",
        ),
        ("labels: {level: {mi: Kaupae}}\nmonths: {}\n", "the label 'level' has no form in English"),
        ("labels: {level: Level}\nmonths: {}\n", "'labels' is a map of labels, each with its forms"),
    ],
)
def test_a_table_of_labels_that_is_none(tmp_path, table, says):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "labels.yaml").write_text(table, "utf-8")
    small(tmp_path)
    assert says in render("compost", cwd=tmp_path, code=3).err
