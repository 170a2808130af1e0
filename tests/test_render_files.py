"""Documents of the project's catalogue as files of other programs: what they say is what the page says."""

import re
import subprocess
from collections import Counter
from html.parser import HTMLParser
from textwrap import wrap

import pytest

from tests.office import outline, text
from tests.paper import Paper
from tests.support import AS_OF, CATALOGUE, GOLDENS, PROGRAM, ROOT, environment, mcred, need
from tools.programs import PRINTING

KINDS = [
    ("listing", "worked-example"),
    ("application", "worked-example"),
    ("review-report", "worked-example"),
    ("certificate", "worked-example"),
    ("level-note", "worked-example"),
    ("equivalency", "growsafe-basic"),
    ("organisation", "toi-mai"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a document of each kind, as text to edit and as pages to print."""
    need(PRINTING)
    to = tmp_path_factory.mktemp("documents")
    for document, record in KINDS:
        arguments = ("--document", document, "--format", "pdf", "--format", "docx", "--output", to, "--as-of", AS_OF)
        ran = mcred("render", record, *arguments, cwd=ROOT)
        assert (ran.code, ran.err) == (0, "")
    return to


@pytest.mark.parametrize(("document", "record"), KINDS)
def test_pages_to_print_say_what_their_golden_file_says(folder, golden, document, record):
    paper = Paper((folder / record / f"{document}.pdf").read_bytes())
    said = [*paper.outline, "", *wrap(paper.text, 100, break_on_hyphens=False)]
    golden(GOLDENS / "documents" / f"{record}.{document}.pdf.out", "\n".join(said) + "\n")


@pytest.mark.parametrize(("document", "record"), KINDS)
def test_a_text_to_edit_says_what_its_golden_file_says(folder, golden, document, record):
    file = (folder / record / f"{document}.docx").read_bytes()
    golden(GOLDENS / "documents" / f"{record}.{document}.docx.out", outline(file))


class Seen(HTMLParser):
    """What a reader sees of a page, and its first heading."""

    def __init__(self, page):
        super().__init__()
        self.open, self.text, self.title = [], "", ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.open.append("skip" if ("class", "skip") in attributes else tag)
        if tag in ("meta", "br"):
            self.open.pop()

    def handle_endtag(self, tag):
        self.open.pop()

    def handle_data(self, data):
        if not {"style", "title", "skip"} & set(self.open):
            self.text += data
        if self.open[-1:] == ["h1"]:
            self.title += data


def letters(text):
    """Return how often each letter that is not of English stands in a text."""
    return Counter(re.sub("[\x00-\x7f\u00a0\u2010-\u2026\u200b•◦▪·]", "", text))


@pytest.mark.slow
def test_the_whole_catalogue_renders_in_every_format(tmp_path):
    need(PRINTING)
    formats = [part for name in ("html", "md", "pdf", "docx", "json") for part in ("--format", name)]
    command = [PROGRAM, "render", *formats, "--output", tmp_path / "out", "--as-of", AS_OF]
    ran = subprocess.run(
        command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False, timeout=600
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    pages = sorted((tmp_path / "out").glob("*/*.html"))
    assert len(pages) > len(list((CATALOGUE / "micro-credentials").rglob("*.yaml")))
    for page in pages:
        seen = Seen(page.read_text("utf-8"))
        paper = Paper(page.with_suffix(".pdf").read_bytes())
        assert paper.outline[0] == " ".join(seen.title.split()), page
        assert letters("".join(paper.pages)) >= letters(seen.text), page
        assert letters("".join(text(page.with_suffix(".docx").read_bytes()))) >= letters(seen.text), page
