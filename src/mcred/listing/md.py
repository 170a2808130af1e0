"""A document in Markdown, as CommonMark with GitHub's tables; of HTML there is nothing in it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from mcred.listing.page import Page
from mcred.listing.tree import HEADINGS, Child, Node, facts, headed, is_inline, parse, plain
from mcred.text import literal

_BEGINNING = re.compile(r"()[-+](?=\s|$)|()[-=]+\s*$|([0-9]{1,9})[.)](?=\s|$)")
_BETWEEN = "*"
"""Stands before an element that comes right after a mark: two marks would be read together."""

_NOTHING = "&#8203;"
"""Stands for a text without a character: marks of items in a row would be read as a rule or an underline."""

_EMPHASIS = {"strong": "**", "em": "_"}
_PLAIN_CODE = re.compile(r"[^`|\\\n]+")
_ENTITY = re.compile("&(?=#?[A-Za-z0-9]+;)")


def write(page: Page) -> bytes:
    """The head of the document, what it is and is not, the rest, and its footer."""
    head, rest = headed(parse(page.body))
    warning = [f"> **{_line([plain(page.marked)])}**"] if page.marked else []
    notices = [f"> {_line([plain(notice)])}" for notice in page.notices]
    blocks = [*_blocks(head), *warning, *notices, *_blocks(rest)]
    if page.footer:
        blocks += ["---", _line([plain(page.footer)])]
    return ("\n\n".join(blocks) + "\n").encode()


def _blocks(parent: Node) -> Iterator[str]:
    """Each block in a node, as lines without an indent."""
    last, other = "", False
    for node in parent.blocks():
        # Two lists in a row would be read as one, were it not for another mark.
        other = node.tag == last and not other
        last = node.tag
        match node.tag:
            case "p" | "caption":
                written = [_line(node.children)]
            case tag if tag in HEADINGS:
                text = _line(node.children).replace("\\\n", " ")
                written = [f"{'#' * int(tag[1])} {text}"] if text else []
            case "ul":
                written = [_items(node, "*" if other else "-")]
            case "ol":
                written = [_items(node, ")" if other else ".")]
            case "dl":
                written = [_terms(node)]
            case "table":
                written = list(_table(node))
            case "aside":
                written = [_quoted("\n\n".join(_blocks(node)))]
            case _:
                written = list(_blocks(node))
        yield from filter(None, written)


def _items(node: Node, mark: str) -> str:
    items = []
    for number, item in enumerate(node.elements, 1):
        marker = f"{mark} " if mark in "-*" else f"{number}{mark} "
        body = _body(item)
        if not body or _starts_block(body):
            body = f"{_NOTHING}\n{body}".rstrip()
        items.append(_hung(marker, body))
    return "\n".join(items)


def _terms(node: Node) -> str:
    """Terms and what they come to, as a list: Markdown has nothing nearer."""
    items = []
    for terms, bodies in facts(node):
        called = ", ".join(_line(term.children, within=("strong",)) for term in terms)
        body = "\n".join(_body(each) for each in bodies)
        between = "\n\n" if _starts_block(body) else " "
        items.append(_hung("- ", f"**{called}:**{between}{body}"))
    return "\n".join(items)


def _starts_block(text: str) -> bool:
    return text.startswith(("- ", "* ", "1. ", "1) "))


def _body(node: Node) -> str:
    """What stands in an item: a list below its text without a blank line, all else with one."""
    text = ""
    for block in _blocks(node):
        text += ("\n" if _starts_block(block) else "\n\n") + block if text else block
    return text


def _hung(marker: str, text: str) -> str:
    indent = " " * len(marker)
    first, *rest = text.split("\n")
    return "\n".join([marker + first, *(indent + line if line else "" for line in rest)]).rstrip(" ")


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _table(node: Node) -> Iterator[str]:
    head = [tr for part in node.elements if part.tag == "thead" for tr in part.elements]
    rows = [tr for part in node.elements if part.tag == "tbody" for tr in part.elements]
    for caption in node.elements:
        if caption.tag == "caption":
            yield f"**{_line(caption.children, within=('strong',))}**"
    cells = [_row(tr) for tr in (*head, *rows)]
    if not cells:
        return
    width = max(map(len, cells))
    lines = cells[:1] if head else [[]]
    lines += [["---"] * width, *(cells[1:] if head else cells)]
    yield "\n".join(f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in lines)


def _row(tr: Node) -> list[str]:
    cells = []
    for cell in tr.elements:
        text = _one_line(cell)
        if cell.tag == "th" and "col" not in cell.attributes.get("scope", "col") and text:
            text = f"**{_one_line(cell, within=('strong',))}**"
        cells += [text, *[""] * (int(cell.attributes.get("colspan", "1")) - 1)]
    return cells


def _one_line(node: Node, within: tuple[str, ...] = ()) -> str:
    """What stands in a cell of a table, where Markdown has but one line."""
    if all(map(is_inline, node.children)):
        return _line(node.children, within).replace("\\\n", "; ")
    texts = [_one_line(block, within) for block in node.blocks()]
    return (" " if node.tag == "tr" else "; ").join(filter(None, texts))


def _line(children: Sequence[Child], within: tuple[str, ...] = ()) -> str:
    """Texts and elements in a line, none of which begins a block."""
    text = re.sub(" +", " ", "".join(_inline(children, within, "", "")))
    return "\\\n".join(_not_a_block(line.strip(" ")) for line in text.split("\n") if line.strip())


def _not_a_block(line: str) -> str:
    """`line` with what would begin a list, a rule or the underline of a heading made text."""
    found = _BEGINNING.match(line)
    if found is None:
        return line
    at = len(found[found.lastindex or 0])
    return f"{line[:at]}\\{line[at:]}"


def _inline(children: Sequence[Child], within: tuple[str, ...], before: str, after: str) -> list[str]:
    """Each text and element of a line; `before` and `after` are the characters around the line."""
    texts = [_text(child) for child in children]
    pieces: list[str] = []
    for at, child in enumerate(children):
        left = next((text[-1] for text in reversed([before, *texts[:at]]) if text), "")
        right = next((text[0] for text in [*texts[at + 1 :], after] if text), "")
        if "".join(pieces).endswith((*_EMPHASIS.values(), "`")):
            left = _BETWEEN
        pieces.append(literal(child) if isinstance(child, str) else _element(child, within, left, right))
    return pieces


def _text(child: Child) -> str:
    if isinstance(child, str):
        return child
    return "\n" if child.tag == "br" else child.text


def _element(node: Node, within: tuple[str, ...], left: str, right: str) -> str:
    if node.tag == "br":
        return "\n"
    if node.tag == "code" and left != _BETWEEN and _PLAIN_CODE.fullmatch(node.text) and node.text == node.text.strip():
        return f"`{node.text}`"
    text = "".join(_inline(node.children, (*within, node.tag), left, right))
    if node.tag == "a":
        text = text.replace("\n", " ").strip()
        return f"[{text}](<{_ENTITY.sub('&amp;', node.attributes['href'])}>)"
    mark = _EMPHASIS.get(node.tag, "")
    if node.tag in within or not (_apart(left) and _apart(right)) or text.strip() != text:
        mark = ""
    return f"{mark}{text}{mark}" if text else ""


def _apart(character: str) -> bool:
    """Whether a mark of emphasis beside this character is always one."""
    return not character or character.isspace() or (character != _BETWEEN and unicodedata.category(character)[0] == "P")
