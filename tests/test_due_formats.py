"""What is due, read back from each format by a reader that mcred does not use to write it."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO
from zipfile import ZipFile

import pytest
from icalendar import Calendar
from markdown_it import MarkdownIt
from openpyxl import load_workbook

from mcred.document import read
from mcred.errors import McredError
from mcred.record import Record
from mcred.record.view import View
from mcred.reporters.due import FORMATS, writer
from mcred.reporters.due.html import Bar, bars
from mcred.reporters.due.rows import BUCKETS, COLUMNS, text_of
from mcred.review import items as items_of
from mcred.text import inert
from tests.due import AS_OF, EXAMPLES, HOSTILE, hostile, item, nothing, sheet

WRITTEN = [name for name in FORMATS if name != "table"]
"""The formats for files."""


# --- every format ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITTEN)
def test_the_same_report_is_the_same_bytes_in_another_process(name):
    code = f"import sys; from tests.due import *; from mcred.reporters.due import writer\nfor s in (sheet(), hostile(), nothing()): sys.stdout.buffer.write(writer('{name}')(s))"
    elsewhere = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "PATH": ""},
    )
    assert elsewhere.stdout == b"".join(writer(name)(each) for each in (sheet(), hostile(), nothing()))


@pytest.mark.parametrize("name", [name for name, about in FORMATS.items() if about.extra])
def test_a_format_without_its_library_says_what_to_install(name, monkeypatch):
    for module in [
        f"mcred.reporters.due.{name}",
        *(each for each in sys.modules if each.startswith(("xlsxwriter", "icalendar"))),
    ]:
        monkeypatch.delitem(sys.modules, module, raising=False)
    for library in ("xlsxwriter", "icalendar"):
        monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(McredError) as told:
        writer(name)
    assert str(told.value) == f"the format {name} needs more: pip install 'mcred-register[{name}]'"


@pytest.mark.parametrize("name", ["json", "md", "html", "csv", "tsv"])
def test_no_format_loads_the_library_of_another(name):
    code = f"import sys; from mcred.reporters.due import writer; writer('{name}'); print(sorted({{'xlsxwriter', 'icalendar'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "[]\n"


# --- the workbook ----------------------------------------------------------------------------------------------------


def workbook(sheet):
    return load_workbook(BytesIO(writer("xlsx")(sheet)))


def rows(page):
    return [dict(zip(COLUMNS, row, strict=True)) for row in page.iter_rows(min_row=2)]


def test_a_workbook_has_a_sheet_for_each_bucket_after_one_that_says_how_many():
    book = workbook(sheet())
    assert book.sheetnames == ["Summary", "Overdue", "Today", "7 days", "30 days", "90 days", "Later", "No date"]
    summary = [[cell.value for cell in row if cell.value is not None] for row in book["Summary"].iter_rows()]
    assert summary == [
        ["Register: reviews due as of 2026-11-22 (Pacific/Auckland)"],
        ["all that is due, and what has no date"],
        [],
        ["When", "All", "Listed"],
        *([words, 1, 1] for words in BUCKETS.values()),
    ]
    assert [[row["id"].value for row in rows(page)] for page in book.worksheets[1:]] == [
        [each.record] for each in EXAMPLES
    ]


def test_a_workbook_has_dates_and_numbers_not_text_that_looks_like_them():
    book = workbook(sheet())
    (overdue,), (today,), (week,), (undated,) = (rows(book[name]) for name in ("Overdue", "Today", "7 days", "No date"))
    assert (overdue["due"].value.date(), overdue["due"].number_format) == (date(2026, 6, 30), "yyyy-mm-dd")
    assert (overdue["due"].is_date, overdue["days"].value, overdue["days"].data_type) == (True, -145, "n")
    assert overdue["last_review"].value.date() == date(2024, 6, 30)
    assert week["last_review"].value == "2024-11"
    assert today["start_by"].value.date() == date(2026, 8, 24)
    assert overdue["code"].data_type == "s"
    assert [undated[name].value for name in ("due", "days", "because")] == [
        None,
        None,
        "the day on which the period starts is not known",
    ]


def test_a_workbook_was_made_on_the_day_of_the_report():
    written = writer("xlsx")(sheet())
    made = load_workbook(BytesIO(written)).properties
    assert (made.created.date(), made.modified.date()) == (AS_OF, AS_OF)
    assert {entry.date_time for entry in ZipFile(BytesIO(written)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_date_that_no_workbook_has_is_text():
    (old,) = rows(workbook(sheet(item(day=date(1899, 12, 31))))["Overdue"])
    assert (old["due"].data_type, old["due"].value) == ("s", "1899-12-31")


def test_the_head_of_each_sheet_stays_filters_and_is_printed_on_every_page():
    for page in workbook(sheet()).worksheets[1:]:
        assert [cell.value for cell in page[1]] == [column.heading for column in COLUMNS.values()]
        assert (page.freeze_panes, page.auto_filter.ref, page.print_title_rows) == ("C2", "A1:O2", "$1:$1")
        assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
        assert page.sheet_properties.pageSetUpPr.fitToPage


def test_what_presses_is_coloured_and_told_in_words_too():
    page = workbook(sheet())["Overdue"]
    assert [rule.formula for each in page.conditional_formatting for rule in each.rules] == [
        ["AND(ISNUMBER($J2),$J2<=-1)"],
        ["AND(ISNUMBER($J2),$J2<=30)"],
    ]
    assert page["J1"].value == "Days"
    assert rows(page)[0]["bucket"].value == BUCKETS["overdue"]


def test_text_in_a_workbook_is_text_whatever_it_looks_like():
    found = {row["id"].value.removeprefix("r-"): row for row in rows(workbook(hostile())["30 days"])}
    assert found.keys() == HOSTILE.keys()
    for name, row in found.items():
        assert {
            cell.data_type for key, cell in row.items() if key not in ("due", "days", "start_by", "last_review")
        } == {"s"}
        assert all(cell.hyperlink is None for cell in row.values())
        if name not in ("long", "wide"):
            assert row["title"].value == inert(text_of(item(title=HOSTILE[name]), sheet(), "title"))
    assert (len(found["long"]["title"].value), found["long"]["title"].value[-2:]) == (32_767, "x…")
    assert (len(found["wide"]["title"].value), found["wide"]["title"].value[-2:]) == (16_384, "😀…")


def test_a_workbook_on_which_nothing_is_due_says_so():
    book = workbook(nothing())
    assert book["Summary"]["A4"].value == "nothing is due by 2027-02-20 (1 record checked)"
    assert (book["Overdue"]["A2"].value, book["Later"]["A2"].value) == ("none", "1 item, not listed")


# --- the calendar ----------------------------------------------------------------------------------------------------


def calendar(sheet):
    return Calendar.from_ical(writer("ics")(sheet))


def test_a_calendar_has_an_event_of_a_whole_day_for_each_item_that_has_one():
    read = calendar(sheet())
    assert (read["PRODID"], read["VERSION"], read["METHOD"]) == ("-//mcred//Reviews due//EN", "2.0", "PUBLISH")
    assert (read["NAME"], read["X-WR-CALNAME"]) == ("Register: reviews due", "Register: reviews due")
    assert read["X-WR-CALDESC"] == (
        "Register: reviews due as of 2026-11-22 (Pacific/Auckland); all that is due, and what has no date; 1 item without a date, which a calendar cannot show"
    )
    assert (read["REFRESH-INTERVAL"].to_ical(), read["REFRESH-INTERVAL"].params["VALUE"]) == (b"P1D", "DURATION")
    events = read.events
    assert [each.start for each in events] == [each.due.day for each in EXAMPLES[:-1]]
    for each in events:
        assert (type(each.start), each.end - each.start, each["DTSTART"].params["VALUE"]) == (
            date,
            timedelta(days=1),
            "DATE",
        )
        assert (each["TRANSP"], each.stamp, each.alarms.times) == (
            "TRANSPARENT",
            datetime(2026, 11, 22, tzinfo=UTC),
            [],
        )
    assert len({each["UID"] for each in events}) == len(events)


def test_an_event_says_what_is_due_and_how_its_date_came_about():
    overdue, today, *_ = calendar(sheet(base_url="https://register.example/list")).events
    assert overdue["SUMMARY"] == "Review: Chainsaw Use"
    assert today["SUMMARY"] == "Review: Worked Example (fictional)"
    assert overdue.categories == ["review", "overdue"]
    assert overdue["URL"] == "https://register.example/list"
    assert overdue["UID"] == "chainsaw-use.developer@register.example"
    assert overdue["DESCRIPTION"] == (
        "145 days overdue, as of 2026-11-22\nRecord: chainsaw-use\nReporting code: 9001\nState: not started\nLead: a.smith\n"
        "Due: 2026-06-30\nLast review: 2024-06-30\n"
        "How the date came about: approved on 2024-12-01; listed with a period of 2 years"
        " (assumed: the period starts with the approval of the first version)\n"
        "Place: catalogue/micro-credentials/chainsaw-use.yaml:12"
    )


LEDGER = """\
id: one
title: One
framework: nzqcf
decisions:
- {id: a, act: content-approved, date: 2024-02-12, review_years: 2}
"""
MOVED = LEDGER + "- {id: b, act: review-date-assigned, date: 2025-03-01, next_review: 2027-05-31}\n"


def test_an_event_whose_date_moves_keeps_its_id_and_grows_in_sequence():
    before, after = (event_of(text) for text in (LEDGER, MOVED))
    assert (before.start, after.start) == (date(2026, 2, 12), date(2027, 5, 31))
    assert before["UID"] == after["UID"] == "one.developer@mcred"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (1, 2)


def event_of(text):
    record = Record("micro-credential", "one.yaml", read(text.encode()).data)
    head = {"review": {"starts_from": {"act": "content-approved"}}}
    (event,) = calendar(sheet(*items_of(View(record, AS_OF, head)))).events
    return event


def test_a_calendar_has_the_line_ends_and_lengths_that_calendars_have():
    for written in (writer("ics")(each) for each in (sheet(), hostile(), nothing())):
        assert re.search(rb"(?<!\r)\n|\r(?!\n)", written) is None
        assert max(map(len, written.split(b"\r\n"))) <= 75


def test_text_in_a_calendar_is_text_whatever_it_looks_like():
    read = calendar(hostile())
    assert [component.name for component in read.walk()] == ["VCALENDAR", *["VEVENT"] * len(HOSTILE)]
    allowed = {"SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "CATEGORIES", "DESCRIPTION", "TRANSP"}
    found = {}
    for event in read.events:
        assert set(event) == allowed
        found[re.match(r"r-([a-z]+(-up)?)\.", event["UID"])[1]] = event["SUMMARY"]
    assert found["calendar"] == "Review: comma, semicolon; backslash\\ colon:\\nATTENDEE"
    assert found["control"] == "Review: x<U+001B>[31m<U+0000><U+202E>end<U+FEFF>"
    assert found["lines"] == "Review: one END:VEVENT BEGIN:VALARM # two | three |"


def test_the_last_day_of_all_has_an_event_too():
    (event,) = calendar(sheet(item(day=date.max))).events
    assert event.start == date.max


# --- the page in Markdown --------------------------------------------------------------------------------------------


def test_a_page_in_markdown(golden):
    from tests.support import GOLDENS

    golden(GOLDENS / "due.md", writer("md")(sheet()).decode())


def test_a_page_in_markdown_on_which_nothing_is_due_says_so():
    text = writer("md")(nothing()).decode()
    assert text.endswith(
        "\n\nNothing is due by 2027-02-20 (1 record checked).\n\n- 1 due later, not listed (--within 1y)\n"
    )


def test_text_in_markdown_is_text_whatever_it_looks_like():
    text = writer("md")(hostile()).decode()
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text)
    tags = {tag for tag, _, _ in Elements.of(html)}
    assert tags == {"h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "strong"}
    assert html.count("<tr>") == 1 + len(BUCKETS) + 1 + len(HOSTILE)
    shown = Elements.text(html).replace("\u200b", "")
    for name in ("mark-up", "calling", "address", "template", "script"):
        assert HOSTILE[name] in shown
    # What platforms look for in the finished page.
    finished = Elements.text(html)
    assert not re.search(r"@\w|#\d|GH-\d|!\d|~\w|%\w|://|www\.\w", finished)


# --- the page for a browser ------------------------------------------------------------------------------------------


class Elements(HTMLParser):
    """The elements of a page with their attributes and the text directly in them, and all text."""

    def __init__(self):
        super().__init__()
        self.found, self.said, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs), []))
        self.open.append(self.found[-1])

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self.said.append(data)
        if self.open:
            self.open[-1][2].append(data)

    @classmethod
    def of(cls, text):
        parser = cls()
        parser.feed(text)
        parser.close()
        return [(tag, attributes, "".join(said)) for tag, attributes, said in parser.found]

    @classmethod
    def text(cls, text):
        parser = cls()
        parser.feed(text)
        parser.close()
        return "".join(parser.said)


def elements(sheet):
    return Elements.of(writer("html")(sheet).decode())


def test_a_page_has_a_table_for_each_group_with_heads_and_a_caption():
    page = elements(sheet(unread=2))
    assert page[0][:2] == ("html", {"lang": "en"})
    assert [text for tag, _, text in page if tag == "h1"] == [
        "Register: reviews due as of 2026-11-22 (Pacific/Auckland)"
    ]
    groups = [f"{words}: 1" for words in BUCKETS.values()]
    assert [text for tag, _, text in page if tag == "h2"] == ["How many", "By month", *groups]
    assert [text for tag, _, text in page if tag == "caption"][2:] == list(BUCKETS.values())
    assert {attributes["scope"] for tag, attributes, _ in page if tag == "th"} == {"col", "row"}
    assert all(attributes.get("scope") for tag, attributes, _ in page if tag == "th")
    assert [text for _, attributes, text in page if attributes.get("class") == "off"] == [
        "145 days overdue",
        "today",
        "in 3 days",
        "in 28 days",
        "in 90 days",
        "in 1,748 days",
        "no date",
    ]
    told = "All that is due, and what has no date; 2 records have faults and are left out: `mcred validate`."
    assert told in [text for _, _, text in page]


def test_a_page_holds_every_column():
    text = Elements.text(writer("html")(sheet()).decode())
    for each in EXAMPLES:
        for name in COLUMNS:
            if name not in ("bucket", "days"):
                assert text_of(each, sheet(), name) in text, name


def test_a_page_asks_for_nothing_and_runs_nothing():
    for each in (sheet(base_url="https://register.example/"), hostile(), nothing()):
        page = elements(each)
        assert not {tag for tag, _, _ in page} & {"script", "img", "iframe", "object", "link", "base", "form"}
        for _, attributes, _ in page:
            assert not {name for name in attributes if name.startswith("on") or name in ("src", "srcset", "style")}
        policies = [attributes["content"] for tag, attributes, _ in page if "http-equiv" in attributes]
        assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
        (style,) = (text for tag, _, text in page if tag == "style")
        assert "url(" not in style
        assert "@import" not in style
        links = [attributes["href"] for tag, attributes, _ in page if tag == "a"]
        assert links == ["#list", *([each.base_url] if each.base_url.startswith("https:") else [])]


def test_text_in_a_page_is_text_whatever_it_looks_like():
    page = elements(hostile())
    names = [text for _, attributes, text in page if attributes.get("class") == "name"]
    assert HOSTILE["script"] in names
    assert HOSTILE["template"] in names
    assert "x<U+001B>[31m<U+0000><U+202E>end<U+FEFF>" in names
    assert {tag for tag, _, _ in page} == {tag for tag, _, _ in elements(sheet(item()))} | {"p"}


def test_titles_bear_the_language_of_the_catalogue():
    assert [
        attributes.get("lang")
        for _, attributes, _ in elements(sheet(item(), language="mi"))
        if attributes.get("class") == "name"
    ] == ["mi"]
    assert [
        attributes.get("lang") for _, attributes, _ in elements(sheet(item())) if attributes.get("class") == "name"
    ] == [None]


def test_a_page_on_which_nothing_is_due_says_so():
    page = elements(nothing())
    assert "Nothing is due by 2027-02-20 (1 record checked)." in [text for _, _, text in page]
    assert "1 due later, not listed (--within 1y)" in [text for _, _, text in page]
    assert "svg" not in [tag for tag, _, _ in page]


def test_the_chart_says_in_words_and_in_a_table_what_its_bars_show():
    page = elements(
        sheet(item(day=date(2026, 6, 30)), item("two"), item("three", date(2027, 2, 28)), item("four", None))
    )
    (chart,) = (attributes for tag, attributes, _ in page if tag == "svg")
    assert (chart["role"], chart["aria-labelledby"]) == ("img", "chart-name chart-text")
    figures = [("overdue", "1"), ("2026-12", "1"), ("2027-01", "0"), ("2027-02", "1")]
    assert [text for tag, _, text in page if tag == "desc"] == [", ".join(": ".join(each) for each in figures) + "."]
    cells = [text for tag, _, text in page if tag in ("th", "td")]
    assert cells[cells.index("Month") :][2:10] == [cell for figure in figures for cell in figure]


def test_bars_count_every_item_with_a_date_once():
    assert bars([item(day=None)], AS_OF) == []
    assert bars([item(), item(day=date(2026, 12, 31)), item(day=AS_OF)], AS_OF) == [
        Bar("2026-11", 1, 50),
        Bar("2026-12", 2, 100),
    ]
    late = bars([*EXAMPLES, item(day=date(2028, 9, 30)), item(day=date(2028, 10, 1))], AS_OF)
    assert (len(late), late[-2:]) == (25, [Bar("2028-09", 1, 50), Bar("after that", 2, 100)])
    assert sum(bar.number for bar in late) == len(EXAMPLES) - 1 + 2


def test_every_text_of_a_page_stands_out_from_its_ground():
    (style,) = (text for tag, _, text in elements(sheet()) if tag == "style")
    for scheme in re.findall(r":root \{(.*?)\}", style, re.DOTALL):
        colour = {name: luminance(value) for name, value in re.findall(r"--([a-z-]+): #([0-9a-f]+)", scheme)}
        grounds = {
            "page": ("text", "quiet", "link"),
            "head": ("text",),
            "overdue-row": ("text", "quiet", "overdue"),
            "soon-row": ("text", "quiet", "soon"),
        }
        for ground, texts in grounds.items():
            for text in texts:
                low, high = sorted((colour[ground], colour[text]))
                assert (high + 0.05) / (low + 0.05) >= 4.5, (ground, text)
        assert len(colour) == 11


def luminance(colour):
    """The relative luminance of a colour, as WCAG 2 reckons it."""
    parts = [
        int(part * (2 if len(colour) == 3 else 1), 16) / 255 for part in re.findall("." * (len(colour) // 3), colour)
    ]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(factor * part for factor, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
