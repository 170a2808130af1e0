"""Documents from views that are there already, once as mcred writes them and once in nothing but Jinja2.

`pages.py mcred FOLDER` or `pages.py bare FOLDER`, where FOLDER has the views that `mcred render --format json` writes.
Both read the same views and give the same templates the same words to say; the second has no sandbox, lets whatever is
undefined be a mistake, and makes nothing of what it prints but to escape it.
"""

import json
import sys
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def bare(views: list[dict]) -> int:
    """The pages in Jinja2 alone; the functions that templates call do the least that gives a word."""
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FileSystemLoader(TEMPLATES),
    )
    template = environment.get_template("listing.html.j2")

    def text(value: object) -> object:
        return next(iter(value.values())) if isinstance(value, dict) else value or ""

    def word(value: object, capital: bool = False) -> object:
        return value

    words = {
        "label": word,
        "heading": word,
        "word": word,
        "text": text,
        "prose": lambda value: Markup("<p>{}</p>").format(text(value)),
        "name": lambda reference: text(reference["title"]) or reference["id"] if reference else "",
        "date": word,
        "amount": lambda value: value,
        "count": lambda value, noun: f"{value} {noun}",
        "link": lambda url: Markup('<a href="{0}">{0}</a>').format(escape(url)),
        "tongue": word,
        "language": "en",
        "languages": ("en",),
    }
    return sum(len(template.render({**view, **words})) for view in views)


def mcred(views: list[dict]) -> int:
    """The pages as mcred writes them."""
    from mcred.document import read
    from mcred.listing.documents import Printer
    from mcred.listing.html import write
    from mcred.listing.rendering import Fragments, Template
    from mcred.listing.words import Wordings, labels

    wordings = Wordings(labels(read((TEMPLATES / "labels.yaml").read_bytes()).data, "labels.yaml"), ("en",))
    fragments = Fragments(lambda name: Template((TEMPLATES / name).read_text("utf-8"), name), wordings)
    printer = Printer(fragments, wordings)
    return sum(len(write(printer.page("listing", view))) for view in views)


if __name__ == "__main__":
    found = [json.loads(path.read_bytes()) for path in sorted(Path(sys.argv[2]).glob("*/view.json"))]
    pages = [view for view in found if view["kind"] == "micro-credential"]
    if not pages or {"mcred": mcred, "bare": bare}[sys.argv[1]](pages) < 1000 * len(pages):
        sys.exit(f"pages: {sys.argv[2]} has no views, or no page came of them")
