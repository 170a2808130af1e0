"""A page in Chromium, narrow and wide, in light and dark: what axe-core finds, and what the page asks for and says."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from mcred.reporters.due import writer
from tests.due import hostile, nothing, sheet
from tests.support import need
from tools.programs import BROWSER, PAGE_CHECKER

pytestmark = pytest.mark.browser

LOOK = Path(__file__).with_name("look.mjs")
WIDTHS = ("360", "1280")


@pytest.fixture(scope="module")
def look(tmp_path_factory):
    """Return a function that says what Chromium makes of a page, once for each width and colour scheme."""
    need(PAGE_CHECKER, BROWSER)
    folder = tmp_path_factory.mktemp("pages")
    environment = {**os.environ, "HOME": str(folder), "PACKAGES": str(PAGE_CHECKER.folder)}

    def looked(page):
        file = folder / "page.html"
        file.write_bytes(page)
        command = ["node", LOOK, shutil.which(BROWSER.command), file, *WIDTHS]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return looked


@pytest.mark.parametrize("made", [sheet, hostile, nothing])
def test_the_page_of_what_is_due_works_on_every_screen_and_asks_for_nothing(look, made):
    found = look(writer("html")(made()))
    assert [(each.pop("width"), each.pop("colorScheme")) for each in found] == [
        (360, "light"),
        (360, "dark"),
        (1280, "light"),
        (1280, "dark"),
    ]
    for each in found:
        assert each == {"violations": [], "scrolls": False, "requests": [], "messages": [], "active": 0}


def test_what_is_wrong_with_a_page_is_seen(look):
    page = b"<title>x</title><img src=http://127.0.0.1:9/i.png><div style='width:2000px'>x</div><script>console.log(1)</script>"
    narrow, *_ = look(page)
    assert "html-has-lang: html" in narrow["violations"]
    assert narrow["scrolls"]
    assert narrow["requests"] == ["http://127.0.0.1:9/i.png"]
    assert "1" in narrow["messages"]
    assert narrow["active"] == 2
