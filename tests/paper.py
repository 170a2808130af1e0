"""Reads a PDF with a library that did not write it: its text, outline, and what its tags say."""

import re
from io import BytesIO

from pypdf import PdfReader


class Paper:
    """A PDF as a reader finds it."""

    def __init__(self, file):
        self._reader = PdfReader(BytesIO(file))
        self.root = self._reader.trailer["/Root"]
        self.pages = [page.extract_text() for page in self._reader.pages]
        self.about = {name.removeprefix("/"): value for name, value in (self._reader.metadata or {}).items()}

    @property
    def text(self):
        """What it says, wherever lines and pages end: without the foot of each page and the marks of lists."""
        lines = [line.strip() for page in self.pages for line in page.splitlines()]
        kept = [line for line in lines if not re.fullmatch(r".* [0-9]+ / [0-9]+|[0-9]+\.|[•◦▪]", line)]
        return re.sub(r"(?<=\w-) (?=\w)", "", " ".join(" ".join(kept).split()))

    @property
    def outline(self):
        """The titles of the outline, each with how deep it is."""

        def read(items, depth):
            for item in items:
                if isinstance(item, list):
                    yield from read(item, depth + 1)
                else:
                    yield f"{'  ' * depth}{item.title}"

        return list(read(self._reader.outline, 0))

    @property
    def links(self):
        """Where links lead."""
        notes = [note.get_object() for page in self._reader.pages for note in page.get("/Annots", [])]
        return [note["/A"]["/URI"] for note in notes if "/A" in note]

    @property
    def attached(self):
        """The names of the files in it."""
        return list(self._reader.attachments)

    @property
    def fonts(self):
        """The fonts in it."""
        fonts = [font.get_object() for page in self._reader.pages for font in page["/Resources"]["/Font"].values()]
        return sorted({font["/BaseFont"].partition("+")[2] for font in fonts})

    @property
    def tags(self):
        """The tags in order: each with its language, where it has one of its own."""

        def read(node):
            node = node.get_object()
            if not hasattr(node, "get") or node.get("/Type") == "/OBJR":
                return
            if "/S" in node:
                yield node["/S"].removeprefix("/") + (f" {node['/Lang']}" if "/Lang" in node else "")
            kids = node.get("/K", [])
            for kid in kids if isinstance(kids, list) else [kids]:
                if not isinstance(kid, int):
                    yield from read(kid)

        return [tag for tag in read(self.root["/StructTreeRoot"]) if tag not in ("NonStruct", "Span")]
