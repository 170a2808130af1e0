"""A document for a word processor: real headings, lists and tables in styles that staff can change in one place."""

from collections.abc import Iterable
from datetime import datetime, time
from functools import cache
from io import BytesIO
from typing import NamedTuple, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Text
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from mcred.listing.page import Page
from mcred.listing.tree import HEADINGS, Child, Node, facts, headed, parse, plain

REGIONS = {"en": "en-NZ", "mi": "mi-NZ"}
"""The languages by the names that word processors have for them; others keep their own."""

FONT = "Arial"
"""Every word processor has it, or one of the same widths, and both have macrons."""

_INK, _SOFT, _RULE, _TINT = "1B1F23", "50575E", "C3C9D0", "F2F4F6"

_LEVELS = 6
"""How deep lists are told apart by their indent."""

_ROOM = Mm(166)
"""How wide a page is between its margins."""

_APART = 6
"""Characters that the space between two columns is worth, and that bold letters are wider."""

_LONG = 26
"""Characters from which on a text in a cell may as well have another line."""

Container: TypeAlias = Text | _Cell


class Look(NamedTuple):
    """How text looks, and what language it is in."""

    language: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""

    def within(self, node: Node) -> "Look":
        """The same inside an element."""
        return Look(
            node.attributes.get("lang", self.language),
            self.bold or node.tag == "strong",
            self.italic or node.tag == "em",
            self.code or node.tag == "code",
            node.attributes.get("href", self.link),
        )


class Place(NamedTuple):
    """Where paragraphs go: into what, in which style, and how deep in lists."""

    into: Container
    style: str = "Normal"
    depth: int = 0


def write(page: Page) -> bytes:
    """The head of the document, what it is and is not, the rest, and a footer with the number of each page."""
    text = Document(BytesIO(_empty()))
    writer = _Writer(text)
    head, rest = headed(parse(page.body))
    writer.blocks(Place(text), head, Look(page.language))
    about, look = Place(text, "Notice"), Look("en")
    if page.marked:
        writer.paragraph(about, (plain(page.marked),), look._replace(bold=True))
    for notice in page.notices:
        writer.paragraph(about, (plain(notice),), look)
    writer.blocks(Place(text), rest, Look(page.language))
    writer.footer(plain(page.footer))
    _describe(text, page)
    return _packed(text, page)


class _Writer:
    """Puts the blocks of a tree into a text."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def blocks(self, place: Place, parent: Node, look: Look) -> None:
        for node in parent.blocks():
            inside = look.within(node)
            match node.tag:
                case "p":
                    self.paragraph(place, node.children, inside)
                case tag if tag in HEADINGS:
                    self.paragraph(place._replace(style=f"Heading {tag[1]}"), node.children, inside)
                case "ul" | "ol":
                    self.items(place, node, inside)
                case "dl" if place.into is self.text and not place.depth:
                    self.facts(node, inside)
                case "dl":
                    self.terms(place, node, inside)
                case "table":
                    self.table(node, inside)
                case "aside":
                    self.blocks(place._replace(style="Notice"), node, inside)
                case _:
                    self.blocks(place, node, inside)

    def paragraph(self, place: Place, children: Iterable[Child], look: Look) -> Paragraph:
        paragraph = place.into.add_paragraph(style=place.style)
        self.line(paragraph, children, look)
        return paragraph

    def line(self, paragraph: Paragraph, children: Iterable[Child], look: Look) -> None:
        for child in children:
            if isinstance(child, Node) and child.tag != "br":
                self.line(paragraph, child.children, look.within(child))
                continue
            run = paragraph.add_run(child if isinstance(child, str) else None)
            if not isinstance(child, str):
                run.add_break()
            _dress(run, look)
            if look.link:
                _link(paragraph, run, look.link)

    def items(self, place: Place, node: Node, look: Look) -> None:
        number = self.list_number("decimal" if node.tag == "ol" else "bullet")
        level = min(place.depth, _LEVELS - 1)
        style = "List Number" if node.tag == "ol" else "List Bullet"
        for item in node.elements:
            first = True
            inside = look.within(item)
            for block in item.blocks():
                deeper = Place(place.into, "List Continue", place.depth + 1)
                if block.tag != "p":
                    self.blocks(deeper, Node("", {}, (block,)), inside)
                elif first:
                    paragraph = self.paragraph(Place(place.into, style), block.children, inside)
                    paragraph_format = paragraph._p.get_or_add_pPr()
                    numbering = paragraph_format.get_or_add_numPr()
                    numbering.get_or_add_ilvl().val = level
                    numbering.get_or_add_numId().val = number
                else:
                    paragraph = self.paragraph(deeper, block.children, inside)
                    paragraph.paragraph_format.left_indent = _indent(level)
                first = False

    def list_number(self, kind: str) -> int:
        """A list of its own, so that numbers begin at 1 again."""
        numbering = self.text.part.numbering_part.element
        number = numbering.add_num(_KINDS[kind])
        number.add_lvlOverride(0).add_startOverride(1)
        return int(number.numId)

    def facts(self, node: Node, look: Look) -> None:
        """Terms and what they come to, as two columns."""
        rows = list(facts(node))
        table = self.new_table(len(rows), (Mm(48), _ROOM - Mm(48)))
        for row, (terms, bodies) in zip(table.rows, rows, strict=True):
            for at, term in enumerate(terms):
                paragraph = row.cells[0].paragraphs[0] if at == 0 else row.cells[0].add_paragraph(style="Cell")
                self.line(paragraph, term.children, look.within(term)._replace(bold=True))
            self.cell(row.cells[1], Node("dd", {}, bodies), look)

    def terms(self, place: Place, node: Node, look: Look) -> None:
        """The same one below the other, where there is no room for columns."""
        for each in node.elements:
            if each.tag == "dt":
                self.paragraph(place, each.children, look.within(each)._replace(bold=True))
            else:
                self.blocks(place, each, look.within(each))

    def table(self, node: Node, look: Look) -> None:
        for caption in node.elements:
            if caption.tag == "caption":
                self.paragraph(Place(self.text, "Caption"), caption.children, look.within(caption))
        rows = [(part.tag == "thead", tr) for part in node.elements if part.tag != "caption" for tr in part.elements]
        spans = [[int(cell.attributes.get("colspan", "1")) for cell in tr.elements] for _, tr in rows]
        width = max(map(sum, spans), default=0)
        if not width:
            return
        table = self.new_table(len(rows), _widths([tr for _, tr in rows], width))
        for row, (head, tr), cells in zip(table.rows, rows, spans, strict=True):
            if head:
                row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            at = 0
            for cell, span in zip(tr.elements, cells, strict=True):
                place = row.cells[at].merge(row.cells[at + span - 1])
                at += span
                inside = look.within(tr).within(cell)
                self.cell(place, cell, inside._replace(bold=inside.bold or cell.tag == "th"))

    def cell(self, cell: _Cell, node: Node, look: Look) -> None:
        self.blocks(Place(cell, "Cell"), node, look)
        # A cell comes with a paragraph, and has to end with one.
        if len(cell.paragraphs) > 1:
            cell._tc.remove(cell.paragraphs[0]._p)
        else:
            cell.paragraphs[0].style = "Cell"

    def new_table(self, rows: int, widths: tuple[int, ...]) -> Table:
        """A table no row of which is torn by the end of a page."""
        table: Table = self.text.add_table(rows, len(widths), "Facts")
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width
                cell.paragraphs[0].style = "Cell"
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        self.text.add_paragraph(style="Gap")
        return table

    def footer(self, told: str) -> None:
        """On each page what it is of, and its number."""
        paragraph = self.text.sections[0].footer.paragraphs[0]
        look = Look("en")
        self.line(paragraph, (f"{told}\t",), look)
        for field in ("PAGE", "NUMPAGES"):
            for kind, text in (("begin", ""), ("", field), ("end", "")):
                run = paragraph.add_run()
                _dress(run, look)
                if kind:
                    mark = OxmlElement("w:fldChar", {qn("w:fldCharType"): kind})
                else:
                    mark = OxmlElement("w:instrText")
                    mark.text = text
                run._r.append(mark)
            if field == "PAGE":
                self.line(paragraph, (" / ",), look)


def _dress(run: Run, look: Look) -> None:
    run.bold = look.bold or None
    run.italic = look.italic or None
    if look.code:
        run.style = "Code"
    if look.link:
        run.style = "Hyperlink"
    _speak(run._r.get_or_add_rPr(), look.language)


def _speak(properties: BaseOxmlElement, language: str) -> None:
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(OxmlElement("w:lang", {qn("w:val"): REGIONS.get(language, language)}))


def _link(paragraph: Paragraph, run: Run, address: str) -> None:
    """Put a run into a link; runs one after the other that lead to the same place are one link."""
    last = run._r.getprevious()
    reference = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    if last is None or last.tag != qn("w:hyperlink") or last.get(qn("r:id")) != reference:
        last = OxmlElement("w:hyperlink", {qn("r:id"): reference})
        run._r.addprevious(last)
    last.append(run._r)


def _widths(rows: Iterable[Node], number: int) -> tuple[int, ...]:
    """How wide each column of a table is, by the longest text in it and by its longest word."""
    weights = [0] * number
    for tr in rows:
        cells = list(tr.elements)
        if len(cells) == number:
            for at, cell in enumerate(cells):
                words = cell.text.split()
                weights[at] = max(weights[at], min(len(cell.text), _LONG), *map(len, words or [""]))
    weights = [weight + _APART for weight in weights]
    return tuple(_ROOM * weight // sum(weights) for weight in weights)


def _indent(level: int) -> Mm:
    return Mm(7 * (level + 1))


def _describe(text: Text, page: Page) -> None:
    """What a file says of itself."""
    day = datetime.combine(page.day, time())
    about = text.core_properties
    about.title, about.author, about.last_modified_by = plain(page.title)[:255], plain(page.author)[:255], "mcred"
    about.created = about.modified = day
    about.language = REGIONS.get(page.language, page.language)
    defaults = text.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    _speak(defaults, page.language)


def _packed(text: Text, page: Page) -> bytes:
    """The file, with the day of the document in place of the time of packing."""
    stamped, packed = BytesIO(), BytesIO()
    text.save(stamped)
    day = (max(page.day.year, 1980), page.day.month, page.day.day, 0, 0, 0)
    with ZipFile(stamped) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = ZipInfo(name, day)
            part.compress_type, part.create_system = ZIP_DEFLATED, 0
            new.writestr(part, old.read(name))
    return packed.getvalue()


_KINDS = {"bullet": 90, "decimal": 91}
"""The definition of each kind of list in the file."""


@cache
def _empty() -> bytes:
    """A file without text, with the styles that all have."""
    text = Document()
    _lighten(text)
    section = text.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)
    _set_styles(text)
    for kind, number in _KINDS.items():
        text.part.numbering_part.element.insert(0, _list_of(kind, number))
    about = text.core_properties
    about.comments = about.keywords = about.subject = about.category = ""
    empty = BytesIO()
    text.save(empty)
    return empty.getvalue()


def _lighten(text: Text) -> None:
    """Take out what comes with python-docx for nobody: a picture of another page, and tables in all colours."""
    for part in (text.part, text.part.package):
        for name, relation in list(part.rels.items()):
            if relation.reltype.rpartition("/")[2] in ("stylesWithEffects", "thumbnail", "customXml"):
                del part.rels[name]
    for style in list(text.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name != "Normal Table":
            style.delete()


def _set_styles(text: Text) -> None:
    normal = _style(text, "Normal", size=10.5, after=6)
    normal.paragraph_format.line_spacing = 1.25
    for level, size, before in ((1, 20, 12), (2, 14, 18), (3, 11, 12), (4, 10.5, 6)):
        heading = _style(text, f"Heading {level}", size=size, before=before, after=4)
        heading.paragraph_format.keep_with_next = True
        heading.font.bold = True
    caption = _style(text, "Caption", size=10, before=6, after=3)
    caption.font.bold = True
    caption.paragraph_format.keep_with_next = True
    for name in ("List Bullet", "List Number", "List Continue"):
        _style(text, name, size=10.5, after=3)
    _style(text, "Cell", size=10, before=2, after=2)
    _style(text, "Gap", size=4, after=0)
    notice = _style(text, "Notice", size=10, after=0)
    beside = f'<w:left w:val="single" w:sz="24" w:space="8" w:color="{_SOFT}"/>'
    borders = parse_xml(f"<w:pBdr {nsdecls('w')}>{beside}</w:pBdr>")
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{_TINT}"/>')
    for border in (borders, shade):
        notice.element.get_or_add_pPr().insert_element_before(border, "w:tabs", "w:spacing", "w:ind", "w:jc")
    footer = _style(text, "Footer", size=9, after=0)
    footer.font.color.rgb = RGBColor.from_string(_SOFT)
    stops = footer.paragraph_format.tab_stops
    for stop in list(stops):
        del stops[stops._pPr.tabs.index(stop._tab)]
    stops.add_tab_stop(_ROOM, WD_TAB_ALIGNMENT.RIGHT)
    code = text.styles.add_style("Code", WD_STYLE_TYPE.CHARACTER)
    code.font.name = "Courier New"
    link = text.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.underline = True
    link.font.color.rgb = RGBColor.from_string("0B4F6C")
    facts = text.styles.add_style("Facts", WD_STYLE_TYPE.TABLE)
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_RULE}"/>' for side in ("top", "bottom", "insideH")
    )
    facts.element.append(parse_xml(f"<w:tblPr {nsdecls('w')}><w:tblBorders>{lines}</w:tblBorders></w:tblPr>"))


def _style(text: Text, name: str, *, size: float, before: float = 0, after: float) -> ParagraphStyle:
    """A style of the file, in the one font."""
    known = {style.name for style in text.styles}
    style = text.styles[name] if name in known else text.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if not isinstance(style, ParagraphStyle):
        raise TypeError(name)
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), RGBColor.from_string(_INK)
    style.font.italic = None
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.hidden, style.quick_style = False, True
    return style


def _list_of(kind: str, number: int) -> BaseOxmlElement:
    """How the items of a kind of list begin, at each depth."""
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{f"%{level + 1}." if kind == "decimal" else "•"}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{_indent(level).twips}" w:hanging="{Mm(6).twips}"/></w:pPr></w:lvl>'
        for level in range(_LEVELS)
    )
    return parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )
