"""Documents as PDF, read back: text in order, outline, languages and tags, fonts, and the same bytes each time."""

import os
import subprocess
import sys
from datetime import date
from html import escape
from textwrap import wrap

import pytest

from mcred.listing.fault import TemplateFault
from mcred.listing.formats import writer
from mcred.listing.tree import plain
from tests.listing import HOSTILE, MACRONS, page
from tests.paper import Paper
from tests.support import GOLDENS, ROOT, copied, mcred, need
from tools.environment import PRINTING as INSTALLED
from tools.programs import PRINTING


@pytest.fixture(scope="module")
def write():
    """Return the function that writes PDF."""
    need(PRINTING)
    return writer("pdf")


def test_a_document_is_read_in_order_with_its_page_numbers(write, golden):
    golden(
        GOLDENS / "listing-sample.pdf.out",
        "\n".join(wrap(Paper(write(page(marked="Has errors."))).text, 100, break_on_hyphens=False)) + "\n",
    )


def test_a_reader_finds_title_outline_language_and_tags(write):
    paper = Paper(write(page()))
    assert paper.about == {
        "Title": "Forestry environment",
        "Author": "Toi Mai",
        "Creator": "mcred",
        "Producer": "WeasyPrint 70.0",
        "CreationDate": "D:20261122000000Z",
        "ModDate": "D:20261122000000Z",
    }
    assert paper.outline == ["Forestry environment", "  What it is", "    Outcomes", "  Size"]
    assert (paper.root["/Lang"], paper.root["/MarkInfo"]["/Marked"]) == ("en", True)
    assert paper.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert paper.tags[:9] == ["Document", "Part en", "P", "P", "H1", "P mi", "P", "Sect", "H2"]
    assert paper.tags.count("Table") == 2
    assert paper.tags.count("TH") == 7
    assert paper.links == [
        "https://www.example.org/a?b=1&c=2",
        "mailto:kia.ora@example.org",
        "mailto:kia.ora@example.org",
    ]


def test_every_macron_is_there_and_in_a_font_of_the_file(write):
    body = f"<h1>{MACRONS}</h1><p><strong>{MACRONS}</strong> <em>{MACRONS}</em> <code>{MACRONS}</code></p>"
    paper = Paper(write(page(body, language="mi")))
    assert paper.root["/Lang"] == "mi"
    assert paper.pages[0].count(MACRONS) == 4
    assert len(paper.fonts) >= 3


def test_the_same_document_has_the_same_bytes(write):
    assert write(page()) == write(page())
    assert Paper(write(page(day=date(1980, 1, 1)))).about["CreationDate"] == "D:19800101000000Z"


def test_terms_and_what_they_come_to_stay_on_one_page(write):
    fillers = "<p>x</p>" * 28
    terms = (
        "<dl>" + "".join(f"<dt>term{at}</dt><dd><p>a{at}</p><p>b{at}</p><p>c{at}</p></dd>" for at in range(9)) + "</dl>"
    )
    pages = Paper(write(page(fillers + terms))).pages
    assert len(pages) > 1
    for at in range(9):
        assert [number for number, text in enumerate(pages) if f"term{at}" in text] == [
            number for number, text in enumerate(pages) if f"c{at}\n" in text
        ]


def test_no_heading_is_last_on_a_page(write):
    for fillers in range(20, 40):
        pages = Paper(write(page("<p>x</p>" * fillers + "<h2>Heading</h2><p>its text</p>"))).pages
        with_heading = next(text for text in pages if "Heading" in text)
        assert "its text" in with_heading


def test_neither_the_first_row_of_a_table_nor_the_last_stands_alone_on_a_page(write):
    rows = "".join(f"<tr><td>row{at}</td></tr>" for at in range(9))
    split = set()
    for fillers in range(17, 27):
        pages = Paper(write(page("<p>x</p>" * fillers + f"<table><tbody>{rows}</tbody></table>"))).pages
        split.add(tuple(text.count("row") for text in pages))
    assert {(9,), (7, 2), (6, 3)} < split
    assert not {(8, 1), (1, 8)} & split


def test_an_id_beside_a_title_breaks_at_its_hyphens(write):
    about = '<span class="about">Summary of public information, <code>air-conditioning-principles</code></span>'
    row = f"<tr><th>{about}</th>{'<td>not known, and not certain</td>' * 8}</tr>"
    [text] = Paper(write(page(f"<table><tbody>{row}</tbody></table>"))).pages
    assert "air-\nconditioning-\nprinciples\n" in text


@pytest.mark.parametrize("told", HOSTILE)
def test_text_of_a_record_is_text_and_nothing_else(write, told):
    paper = Paper(write(page(f"<h2>{escape(told)}</h2><p>{escape(told)}</p>", title=told, footer=told)))
    assert paper.attached == []
    assert paper.links == []
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(paper.root)
    seen = "".join(plain(told).split())
    if not set("ع\u2066🌲") & set(told):  # what runs from right to left, and what no font has
        # A reader finds a long text line by line, and the foot of a page between two of them.
        assert seen[:60] in "".join("".join(paper.pages).split()).replace("\u200b", "")


def test_a_foot_that_looks_like_a_style_is_text(write):
    paper = Paper(write(page(footer='"; } body { display: none } \\')))
    assert '"; } body { display: none } \\ 1 / ' in paper.pages[0]
    assert "Forestry environment" in paper.pages[0]


def test_nothing_is_attached_and_nothing_is_fetched(write):
    with pytest.raises(TemplateFault, match="cannot have the attribute 'rel'"):
        write(page('<p><a rel="attachment" href="file:///etc/passwd">x</a></p>'))

    from weasyprint import HTML

    from mcred.listing.pdf import Nothing

    with pytest.raises(ValueError, match="a document fetches nothing: file:///etc/passwd"):
        Nothing().fetch("file:///etc/passwd")
    hostile = HTML(
        string='<a rel=attachment href="file:///etc/passwd">x</a><img src="http://127.0.0.1/">', url_fetcher=Nothing()
    )
    assert Paper(hostile.write_pdf()).attached == []


def run(code, **environment):
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("format", ["pdf", "docx", "md", "html"])
def test_another_process_writes_the_same_bytes(write, format):
    code = (
        "import hashlib\n"
        "from mcred.listing.formats import writer\n"
        "from tests.listing import page\n"
        f"print(hashlib.sha256(writer({format!r})(page())).hexdigest())"
    )
    first, second = (
        run(code, PYTHONHASHSEED=seed, TZ=zone) for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland"))
    )
    assert (first.stdout, first.stderr) == (second.stdout, second.stderr)
    assert len(first.stdout) == 65


def test_a_machine_without_the_libraries_is_told_what_to_install(write, tmp_path):
    (tmp_path / "libpango-1.0.so.0").touch()
    done = run(
        "from mcred.errors import McredError\n"
        "from mcred.listing.formats import writer\n"
        "try:\n    writer('pdf')\n"
        "except McredError as error:\n    print(error)",
        LD_LIBRARY_PATH=str(tmp_path),
    )
    told = "the format pdf needs libraries that are no Python; on Debian: apt-get install"
    assert (done.stdout, done.stderr) == (f"{told} {' '.join(INSTALLED)}\n", "")


def test_a_machine_whose_fonts_lack_a_letter_is_told_so(write, tmp_path):
    from fontTools.subset import main as subset

    font = next(
        line.partition(":")[0]
        for line in subprocess.run(["fc-list"], capture_output=True, text=True, check=True).stdout.splitlines()
        if "DejaVuSans.ttf" in line
    )
    subset([font, "--unicodes=20-7e,a0", f"--output-file={tmp_path / 'plain.ttf'}"])
    (tmp_path / "fonts.conf").write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{tmp_path}</dir>'
        f"<cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    done = run(
        "from mcred.errors import McredError\n"
        "from mcred.listing.formats import writer\n"
        "from tests.listing import page\n"
        "print(len(writer('pdf')(page('<p>plain</p>'))) > 1000)\n"
        "try:\n    writer('pdf')(page('<p>Māori, Pākehā, ē</p>'))\n"
        "except McredError as error:\n    print(error)",
        FONTCONFIG_FILE=str(tmp_path / "fonts.conf"),
    )
    assert not done.stderr
    assert done.stdout == (
        "True\nno font on this machine has the letters ā ē: install one that has them, such as Debian's "
        "fonts-dejavu-core for macrons\n"
    )


def test_a_letter_without_a_font_costs_one_document_and_no_other(write, tmp_path):
    record = "{id: hens, title: Hens 𘬀, framework: none, developer: example-provider}\n"  # Khitan small script
    copied(tmp_path).joinpath("micro-credentials", "hens.yaml").write_text(record, "utf-8")
    names = ("hens", "worked-example", "-f", "pdf", "-f", "md", "--output", "out")
    ran = mcred("render", *names, cwd=tmp_path)
    assert ran.code == 1
    assert ran.out == (
        "wrote out/hens/listing.md\n"
        "wrote out/worked-example/listing.md\n"
        "wrote out/worked-example/listing.pdf\n"
        "wrote 3, unchanged 0\n"
    )
    assert ran.err == (
        "mcred: catalogue/micro-credentials/hens.yaml: no pdf of it, since no font on this machine has the letters 𘬀: "
        "install one that has them, such as Debian's fonts-dejavu-core for macrons\n"
    )


def test_what_pdf_needs_is_named_in_one_way():
    assert f'"{" ".join(INSTALLED)}"' in (ROOT / "src/mcred/listing/pdf.py").read_text("utf-8")
