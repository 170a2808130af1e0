"""A page in Chromium, narrow and wide, in light and dark: what axe-core finds, and what the page asks for and says."""

import pytest

from mcred.reporters import Look
from mcred.reporters.diff import writer as diff_writer
from mcred.reporters.due import writer
from tests import test_diff
from tests.due import hostile, nothing, sheet
from tests.support import DRAFT, checked, written
from tests.test_reporters import FILES

pytestmark = pytest.mark.browser

WIDTHS = ("360", "1280")


@pytest.fixture
def look(look_at, tmp_path):
    """Return a function that says what Chromium makes of a page, once for each width and colour scheme."""

    def looked(page):
        file = tmp_path / "page.html"
        file.write_bytes(page)
        return look_at(file, *WIDTHS)

    return looked


@pytest.mark.parametrize("files", [FILES, {"micro-credentials/a-draft.yaml": DRAFT}])
def test_the_page_of_findings_works_on_every_screen_and_asks_for_nothing(look, files):
    found = look(written(checked(files), "html").encode())
    assert len(found) == 2 * len(WIDTHS)
    for each in found:
        del each["width"], each["colorScheme"]
        assert each == {"violations": [], "scrolls": False, "requests": [], "messages": [], "active": 0, "torn": []}


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
        assert each == {"violations": [], "scrolls": False, "requests": [], "messages": [], "active": 0, "torn": []}


@pytest.mark.parametrize("summary", [False, True])
def test_the_page_of_what_changed_works_on_every_screen_and_asks_for_nothing(look, summary):
    found = look(diff_writer("html")(test_diff.hostile()._replace(summary=summary), Look()).encode())
    assert len(found) == 2 * len(WIDTHS)
    for each in found:
        del each["width"], each["colorScheme"]
        assert each == {"violations": [], "scrolls": False, "requests": [], "messages": [], "active": 0, "torn": []}


def test_what_is_wrong_with_a_page_is_seen(look):
    page = (
        b"<title>x</title><img src=http://127.0.0.1:9/i.png><div style='width:2000px'>x</div><script>console.log(1)</script>"
        b"<table><tr><td style='width:1px;overflow-wrap:anywhere'>error<td>two words</table>"
    )
    narrow, *_ = look(page)
    assert "html-has-lang: html" in narrow["violations"]
    assert narrow["scrolls"]
    assert narrow["requests"] == ["http://127.0.0.1:9/i.png"]
    assert "1" in narrow["messages"]
    assert narrow["active"] == 2
    assert narrow["torn"] == ["error"]
