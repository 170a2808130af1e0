"""Documents as pages in Chromium: on a telephone, a tablet and a desk, enlarged, and as the HTML standard has them."""

import json
import shutil
import subprocess
from html import escape

import pytest

from mcred.listing.documents import CHOICES
from mcred.listing.html import write
from tests.listing import HOSTILE, page
from tests.support import CATALOGUE, mcred, need
from tests.test_render import ALL, PAGES, ROOT, render
from tools.programs import PAGE_CHECKER

pytestmark = pytest.mark.browser

WIDTHS = ("360", "768", "1280", "1280@2", "1280@4")
"""Windows of a telephone, a tablet and a desk, and that of a desk at 200 % and 400 %."""

TRANSLATED = [("listing", "backyard-hens"), ("listing", "worked-example")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with every document of the project's catalogue, in each language."""
    to = tmp_path_factory.mktemp("documents")
    for language in CHOICES:
        render(*ALL, "--format", "html", "--language", language, "--output", to)
    return to


def well(found):
    """Nothing is wrong with a page at any of these widths, in light and in dark."""
    seen = [(each.pop("width"), each.pop("colorScheme")) for each in found]
    for each in found:  # on a narrow window a long word of a table may be wider than its column
        del each["torn"]
    assert seen == [
        (int(width) if width.isdigit() else width, scheme) for width in WIDTHS for scheme in ("light", "dark")
    ]
    for at, each in zip(seen, found, strict=True):
        assert (at, each) == (at, {"violations": [], "scrolls": False, "requests": [], "messages": [], "active": 0})


@pytest.mark.parametrize(
    "name",
    [
        *(f"{record}/{document}" for document, record in PAGES),
        *(f"{record}/{document}.{language}" for document, record in TRANSLATED for language in ("mi", "both")),
    ],
)
def test_a_document_works_on_every_screen_and_asks_for_nothing(look_at, folder, name):
    well(look_at(folder / f"{name}.html", *WIDTHS))


def test_the_index_works_on_every_screen(look_at, tmp_path):
    mcred("render", "--format", "html", "--output", tmp_path / "out", cwd=ROOT)
    well(look_at(tmp_path / "out" / "index.html", *WIDTHS))


def test_text_of_a_record_runs_nothing_and_breaks_no_page(look_at, tmp_path):
    texts = "".join(f"<h2>{escape(text)}</h2><p>{escape(text)}</p>" for text in HOSTILE if "\x1b" not in text)
    file = tmp_path / "hostile.html"
    file.write_bytes(
        write(page(f"<h1>{'x' * 5000}</h1>{texts}", title=HOSTILE[0], footer=HOSTILE[0], author=HOSTILE[3]))
    )
    well(look_at(file, *WIDTHS))


@pytest.fixture(scope="module")
def standard():
    """Return a function that gives what the Nu Html Checker has to say of files: in which, and what."""
    need(PAGE_CHECKER)
    if shutil.which("java") is None:
        pytest.skip("java is not on the path, so the Nu Html Checker cannot be run")
    checker = PAGE_CHECKER.folder / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

    def told(*files):
        command = ["java", "-jar", checker, "--format", "json", "--stdout", "--exit-zero-always", *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr
        return [(each["url"].rpartition("/")[2], each["message"]) for each in json.loads(done.stdout)["messages"]]

    return told


def test_the_standard_has_nothing_to_say_of_any_document(standard, folder):
    files = sorted(folder.rglob("*.html"))
    assert len(files) > len(list((CATALOGUE / "micro-credentials").rglob("*.yaml")))
    assert standard(*files) == []


def test_what_the_standard_does_not_know_is_told(standard, tmp_path):
    file = tmp_path / "wrong.html"
    file.write_text('<!doctype html><html lang="en"><title>x</title><p colour="red">x</p></html>')
    assert standard(file) == [("wrong.html", "Attribute “colour” not allowed on element “p” at this point.")]
