"""A document as one page that needs nothing else: to be read on any screen, printed, sent and filed."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from markupsafe import Markup

from mcred.listing.page import Page


def write(page: Page) -> bytes:
    """The page around the fragment of a document; nothing in it is fetched and nothing runs."""
    marked = Markup("<p><strong>{}</strong></p>\n").format(page.marked) if page.marked else Markup("")
    notices = Markup("").join(Markup("<p>{}</p>\n").format(notice) for notice in page.notices)
    text = _PAGE.format(
        language=page.language,
        title=page.title,
        policy=_policy(),
        author=page.author,
        style=Markup(_style()),  # noqa: S704 - it comes with mcred
        around=Markup("") if page.language == "en" else Markup(' lang="en"'),
        notices=marked + notices,
        body=Markup(_ASIDE.sub('<aside role="note"', page.body)),  # noqa: S704 - its template escaped what is not its own
        footer=page.footer,
    )
    return text.encode()


# An aside would be a landmark of its own, which has no place inside the main one; these are notes.
_ASIDE = re.compile("<aside(?=[ >])")

_PAGE = Markup(
    """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="author" content="{author}">
<meta name="color-scheme" content="light dark">
<style>{style}</style>
</head>
<body>
<a class="skip" href="#text"{around}>Skip to the text</a>
<main id="text">
<aside role="note" class="notice about" aria-label="About this document"{around}>
{notices}</aside>
{body}
</main>
<footer class="page"{around}>{footer}</footer>
</body>
</html>
"""
)


@cache
def _style() -> str:
    return files("mcred.listing").joinpath("page.css").read_text("utf-8").strip()


@cache
def _policy() -> str:
    """Nothing may be loaded; of styles only the one in the page, known by its digest."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
