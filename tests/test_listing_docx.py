"""Documents for a word processor: styles, languages and tables as its readers find them, and the same bytes each time."""

import subprocess
from datetime import date
from html import escape
from io import BytesIO
from zipfile import ZipFile

import pytest

from mcred.listing.docx import write
from mcred.listing.tree import parse, plain
from tests.listing import HOSTILE, MACRONS, page
from tests.office import W, outline, part, text
from tests.support import GOLDENS, environment, need
from tools.programs import WRITER

BARE = {"notices": (), "footer": ""}


def test_a_document_has_styles_languages_and_tables(golden):
    golden(GOLDENS / "listing-sample.docx.out", outline(write(page(marked="Has errors."))))


def test_a_document_in_maori_says_so():
    made = outline(write(page('<p>Kia ora</p><p lang="en">Hello</p>', language="mi")))
    assert made.splitlines()[0] == "language mi-NZ"
    assert "Normal: Kia ora" in made
    assert "Normal: <en-NZ>Hello</>" in made
    assert "Notice: <en-NZ>It is not the register.</>" in made


def test_a_file_says_what_it_is_and_not_when_it_was_packed():
    made = write(page(day=date(2024, 2, 29)))
    assert {info.date_time for info in ZipFile(BytesIO(made)).infolist()} == {(2024, 2, 29, 0, 0, 0)}
    said = {each.tag.partition("}")[2]: each.text for each in part(made, "docProps/core.xml")}
    assert {name: value for name, value in said.items() if value} == {
        "title": "Forestry environment",
        "creator": "Toi Mai",
        "lastModifiedBy": "mcred",
        "language": "en-NZ",
        "revision": "1",
        "created": "2024-02-29T00:00:00Z",
        "modified": "2024-02-29T00:00:00Z",
    }


def test_the_same_document_has_the_same_bytes():
    assert write(page()) == write(page())
    assert write(page()) != write(page(day=date(2026, 11, 23)))


def test_the_footer_has_the_number_of_the_page_and_how_many_there_are():
    made = write(page(footer="Reference 1 & 2"))
    footers = [name for name in ZipFile(BytesIO(made)).namelist() if name.startswith("word/footer")]
    footer = part(made, footers[0])
    assert "".join(each.text for each in footer.iter(f"{W}t")) == "Reference 1 & 2 / "
    assert [each.text for each in footer.iter(f"{W}instrText")] == ["PAGE", "NUMPAGES"]


def test_each_numbered_list_begins_at_one():
    made = write(page("<ol><li>a</li><li>b</li></ol><ol><li>c</li></ol>", **BARE))
    numbers = [each.get(f"{W}val") for each in part(made, "word/document.xml").iter(f"{W}numId")]
    assert len(numbers) == 3
    assert numbers[0] == numbers[1] != numbers[2]
    starts = {
        each.get(f"{W}numId"): [start.get(f"{W}val") for start in each.iter(f"{W}startOverride")]
        for each in part(made, "word/numbering.xml").iter(f"{W}num")
    }
    assert starts[numbers[0]] == starts[numbers[2]] == ["1"]


def test_links_lead_where_they_say_and_nothing_else_is_linked():
    made = ZipFile(BytesIO(write(page())))
    related = part(write(page()), "word/_rels/document.xml.rels")
    assert [each.get("Target") for each in related if each.get("TargetMode") == "External"] == [
        "https://www.example.org/a?b=1&c=2",
        "mailto:kia.ora@example.org",
    ]
    assert not [name for name in made.namelist() if "thumbnail" in name or "customXml" in name]


@pytest.mark.parametrize("told", HOSTILE)
def test_text_of_a_record_is_text_and_nothing_else(told):
    fragment = f"<h2>{escape(told)}</h2><table><tbody><tr><td>{escape(told)}</td></tr></tbody></table>"
    made = write(page(fragment, title=told, footer=told, author=told, notices=(told,), marked=told))
    seen = parse(f"<p>{escape(told)}</p>").text.strip()
    around = [plain(told).strip()] * 2
    assert [line.strip() for line in text(made) if line.strip()] == [*around, seen, seen]


@pytest.mark.office
def test_an_office_program_reads_the_same_text(tmp_path):
    need(WRITER)
    (tmp_path / "a.docx").write_bytes(write(page()))
    for kind in ("txt:Text (encoded):UTF8", "pdf"):
        command = ["soffice", "--headless", "--convert-to", kind, "--outdir", tmp_path, tmp_path / "a.docx"]
        done = subprocess.run(
            command, env=environment(tmp_path), capture_output=True, text=True, check=False, timeout=180
        )
        assert done.returncode == 0, done.stderr
    read = (tmp_path / "a.txt").read_text("utf-8-sig")
    at = [
        read.index(each)
        for each in (
            "Forestry environment",
            MACRONS,
            "It is not the register",
            "What it is",
            "by leaf",
            "Whakatāne",
            "Every two years",
            "Made from the record",
        )
    ]
    assert at == sorted(at)

    from pypdf import PdfReader

    pages = PdfReader(tmp_path / "a.pdf").pages
    assert len(pages) == 1
    assert MACRONS in pages[0].extract_text()
    assert "Reference 4975, version 2" in pages[0].extract_text()
