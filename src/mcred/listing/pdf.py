"""A document as pages to print and to hand in: the page of html.py, set by WeasyPrint, with tags for screen readers."""

import logging
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime, time
from io import StringIO
from logging.handlers import BufferingHandler
from typing import Any, NoReturn

from mcred.errors import McredError
from mcred.listing import html
from mcred.listing.fault import CannotBeWritten
from mcred.listing.page import Page
from mcred.listing.tree import Child, Node, facts, markup, parse, plain

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
"""What Debian calls the libraries that WeasyPrint loads, and a font that has macrons."""

try:
    with redirect_stdout(StringIO()):  # WeasyPrint prints a page of advice before it fails
        import pydyf
        from weasyprint import CSS, HTML
        from weasyprint.pdf import tags
        from weasyprint.urls import URLFetcher, URLFetcherResponse
except OSError as missing:
    raise McredError(
        f"the format pdf needs libraries that are no Python; on Debian: apt-get install {PACKAGES}"
    ) from missing


def write(page: Page) -> bytes:
    """The document as tagged PDF, with its outline, its language, and the number of each page.

    Raises:
        CannotBeWritten: no font here has a letter of the document.
    """
    page = page._replace(body=markup(_tabled(parse(page.body))))
    day = datetime.combine(page.day, time(), UTC)
    with _epoch(int(day.timestamp())), _languages(), _faults() as faults:
        source = HTML(string=html.write(page).decode(), url_fetcher=Nothing())
        sheet = CSS(string=_STYLE.format(footer=_quoted(plain(page.footer))), url_fetcher=Nothing())
        document = source.render(stylesheets=[sheet], pdf_variant="pdf/ua-1")
        document.metadata.generator = "mcred"
        document.metadata.created = document.metadata.modified = day.strftime("%Y-%m-%dT%H:%M:%SZ")
        written: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    if missing := _without_a_font(faults):
        raise CannotBeWritten(
            f"no font on this machine has the letters {missing}: install one that has them, such as Debian's "
            "fonts-dejavu-core for macrons"
        )
    return written


def _tabled(node: Node) -> Node:
    """The same with terms and what they come to as rows of a table.

    WeasyPrint tears the two columns of a `dl` at the end of a page, and has no tag for a term.
    """
    children = tuple(child if isinstance(child, str) else _tabled(child) for child in node.children)
    if node.tag != "dl":
        return node._replace(children=children)
    rows = tuple(
        Node("tr", {}, (Node("th", {"scope": "row"}, _stacked(terms)), Node("td", {}, _stacked(bodies))))
        for terms, bodies in facts(node._replace(children=children))
    )
    return Node("table", {**node.attributes, "class": "facts"}, (Node("tbody", {}, rows),))


def _stacked(nodes: tuple[Node, ...]) -> tuple[Child, ...]:
    """What stands in some nodes, one below the other."""
    if len(nodes) == 1 and not nodes[0].attributes:
        return nodes[0].children
    return tuple(Node("div", node.attributes, node.children) for node in nodes)


class Nothing(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Fetches nothing: all that a page needs is in it."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """What `data:` holds; whatever else is asked for is not there."""
        if not url.startswith("data:"):
            _refuse(url)
        return super().fetch(url, headers)


def _refuse(url: str) -> NoReturn:
    raise ValueError(f"a document fetches nothing: {url}")


_STYLE = """
@page {{
  @bottom-left {{ content: {footer}; font: 8pt "Noto Sans", "DejaVu Sans", sans-serif; width: 80%; text-align: left; }}
  @bottom-right {{ content: counter(page) " / " counter(pages); font: 8pt "Noto Sans", "DejaVu Sans", sans-serif; }}
}}
footer.page {{ display: none; }}
.facts th {{ width: 12rem !important; font-weight: normal !important; }}
"""
"""What a printed page has beside that of html.py: at its foot what it is of, and its number."""


def _quoted(text: str) -> str:
    """`text` as a string of CSS, each character by its number."""
    return '"' + "".join(f"\\{ord(character):06x}" for character in text) + '"'


@contextmanager
def _epoch(seconds: int) -> Iterator[None]:
    """Give the libraries that ask for the time the day of the document: a subset of a font has a date in it."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(seconds)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


@contextmanager
def _languages() -> Iterator[None]:
    """Let the tags say the language of what they are about: WeasyPrint 70 only writes that of the whole document.

    There is no call for it, so the function that makes a tag of a box is wrapped; pyproject.toml keeps to version 70.
    """
    made = tags._build_box_tree

    def speaking(box: Any, *rest: Any) -> Iterator[Any]:
        for element in made(box, *rest):
            language = box.element.get("lang") if box.element is not None else None
            if language and "Lang" not in element:
                element["Lang"] = pydyf.String(language)
            yield element

    tags._build_box_tree = speaking
    try:
        yield
    finally:
        tags._build_box_tree = made


@contextmanager
def _faults() -> Iterator[list[logging.LogRecord]]:
    """Collect what WeasyPrint has to say."""
    logger, collected = logging.getLogger("weasyprint"), BufferingHandler(capacity=10_000)
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(collected)
    try:
        yield collected.buffer
    finally:
        logger.removeHandler(collected)
        logger.propagate = propagate


def _without_a_font(faults: list[logging.LogRecord]) -> str:
    """The letters and figures that came out as empty boxes; a symbol that does is a pity, and still readable."""
    characters = {
        record.args[0]
        for record in faults
        if record.msg.startswith(".notdef") and isinstance(record.args, tuple) and isinstance(record.args[0], str)
    }
    return " ".join(sorted(each for each in characters if unicodedata.category(each)[0] in "LMN"))
