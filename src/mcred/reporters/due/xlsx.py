"""What is due as a workbook: a sheet that says what was asked and how many there are, then one for each bucket."""

from datetime import date, datetime, time
from io import BytesIO
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from mcred.reporters.due import Sheet
from mcred.reporters.due.rows import BUCKETS, COLUMNS, heading, left_out, nothing, text_of, window
from mcred.review import Item
from mcred.text import columns, inert, plural

SHEETS = {
    "overdue": "Overdue",
    "today": "Today",
    "7": "7 days",
    "30": "30 days",
    "90": "90 days",
    "later": "Later",
    "none": "No date",
}
"""The name of each bucket's sheet."""

_WIDTHS = {
    "id": 20,
    "title": 30,
    "organisation": 24,
    "bucket": 14,
    "days": 7,
    "outstanding": 20,
    "because": 38,
    "place": 50,
}
"""Characters of width for the columns that hold more or less than a date. Text is wrapped: a row fits a page."""

_WIDTH = 11.5

_LINE, _MOST_LINES = 15, 12
"""The height of a line in points, and how many lines a row shows at most, however long its text is."""

_LONGEST = 32_767
"""What a cell may hold, in units of UTF-16."""

_EARLIEST = date(1900, 1, 1)
"""Before this day a workbook has no dates."""

_SOON = 30
"""Days before the due day from which a row is coloured."""


def write(sheet: Sheet) -> bytes:
    """The workbook. The time of its making is the report's day, so the same report is the same bytes."""
    out = BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties(
        {
            "title": inert(heading(sheet)),
            "comments": window(sheet),
            "created": datetime.combine(sheet.report.as_of, time()),
        }
    )
    styles = _Styles(book)
    _summary(book.add_worksheet("Summary"), sheet, styles)
    for bucket, name in SHEETS.items():
        _bucket(book.add_worksheet(name), bucket, sheet, styles)
    book.close()
    return out.getvalue()


class _Styles:
    """How cells look, made once a workbook."""

    def __init__(self, book: Workbook) -> None:
        look = {"valign": "top", "text_wrap": True, "bottom": 1, "bottom_color": "#C5CCD3"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "bg_color": "#DDE3EA", **look})
        self.number_head = book.add_format({"bold": True, "bg_color": "#DDE3EA", "align": "center", **look})
        self.text = book.add_format({"num_format": "@", **look})  # text stays text when somebody edits the cell
        self.number = book.add_format({"num_format": "0", "align": "center", **look})
        self.date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", **look})
        self.overdue = book.add_format({"bg_color": "#F8D7DA", "font_color": "#6B0F1A"})
        self.soon = book.add_format({"bg_color": "#FFF0C2", "font_color": "#4D3800"})


def _summary(page: Worksheet, sheet: Sheet, styles: _Styles) -> None:
    """What was asked, how many there are of each bucket, what is not shown."""
    report = sheet.report
    page.set_column(0, 0, 40)
    page.set_column(1, 2, 12)
    _text(page, 0, 0, heading(sheet), styles.title)
    told = [window(sheet), *left_out(sheet), *([] if report.items else [nothing(sheet)])]
    for row, line in enumerate(told, 1):
        _text(page, row, 0, line, None)
    top = len(told) + 2
    for column, name in enumerate(("When", "All", "Listed")):
        _text(page, top, column, name, styles.number_head if column else styles.head)
    for row, (bucket, number) in enumerate(report.counts.items(), top + 1):
        _text(page, row, 0, BUCKETS[bucket], styles.text)
        page.write_number(row, 1, number, styles.number)
        page.write_number(row, 2, len(_of(bucket, sheet)), styles.number)
    _for_paper(page, sheet)


def _of(bucket: str, sheet: Sheet) -> list[Item]:
    return [item for item in sheet.report.items if item.bucket(sheet.report.as_of) == bucket]


def _bucket(page: Worksheet, bucket: str, sheet: Sheet, styles: _Styles) -> None:
    """The items of a bucket under a header row that stays in sight, filters, and is repeated on every page."""
    items = _of(bucket, sheet)
    last = len(COLUMNS) - 1
    for place, (name, column) in enumerate(COLUMNS.items()):
        page.set_column(place, place, _WIDTHS.get(name, _WIDTH))
        _text(page, 0, place, column.heading, styles.head)
    for row, item in enumerate(items, 1):
        for place, (name, column) in enumerate(COLUMNS.items()):
            value = BUCKETS[bucket] if name == "bucket" else column.value(item, sheet)
            _value(page, row, place, _day(value) if name == "last_review" else value, styles)
        page.set_row(row, _height(item, sheet))
    if not items:
        hidden = sheet.report.counts[bucket]
        _text(page, 1, 0, f"{plural(hidden, 'item')}, not listed" if hidden else "none", None)
    page.set_row(0, 2 * _LINE)
    page.freeze_panes(1, 2)
    page.autofilter(0, 0, max(len(items), 1), last)
    # The words say it too: whoever sees no colours, or prints without, misses nothing.
    days = xl_col_to_name(list(COLUMNS).index("days"))
    for most, look in ((-1, styles.overdue), (_SOON, styles.soon)):
        rule = f"=AND(ISNUMBER(${days}2),${days}2<={most})"
        page.conditional_format(
            1, 0, max(len(items), 1), last, {"type": "formula", "criteria": rule, "format": look, "stop_if_true": True}
        )
    page.repeat_rows(0)
    page.print_area(0, 0, max(len(items), 1), list(COLUMNS).index("place") - 1)  # paper has no use for line numbers
    _for_paper(page, sheet)


def _height(item: Item, sheet: Sheet) -> float:
    """The height that shows the wrapped text of a row; not every program reckons it when it opens the file."""
    lines = (
        # Words do not fill a line to its end.
        ceil(1.15 * columns(text_of(item, sheet, name)) / _WIDTHS.get(name, _WIDTH))
        for name in COLUMNS
        if name != "bucket"
    )
    return _LINE * min(max(2, *lines), _MOST_LINES)  # the bucket's words take two lines


def _for_paper(page: Worksheet, sheet: Sheet) -> None:
    page.set_landscape()
    page.set_paper(9)  # A4
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)  # inches
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L&A&Cas of {sheet.clocks}&R&P / &N")


def _day(value: object) -> object:
    """A day that is written out as a date; a month stays text."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-11-22") else value
    except ValueError:
        return value


def _value(page: Worksheet, row: int, column: int, value: object, styles: _Styles) -> None:
    """A cell of the type that the value has; one without a value stays empty."""
    if isinstance(value, date) and value >= _EARLIEST:
        page.write_datetime(row, column, datetime.combine(value, time()), styles.date)
    elif isinstance(value, int):
        page.write_number(row, column, value, styles.number)
    elif value is None or value == "":
        page.write_blank(row, column, None, styles.text)
    else:
        _text(page, row, column, str(value), styles.text)


def _text(page: Worksheet, row: int, column: int, text: str, look: Format | None) -> None:
    """Text, whatever it looks like: `write_string` makes neither formulas nor links of it."""
    page.write_string(row, column, _fitting(inert(text)), look)


def _fitting(text: str) -> str:
    """`text` as far as a cell can hold it, with a mark where it is cut."""
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * _LONGEST:
        return text
    return units[: 2 * (_LONGEST - 1)].decode("utf-16-le", "ignore") + "…"
