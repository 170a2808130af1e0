"""Documents in Markdown: the text of the fragment, whatever it holds, and nothing that acts."""

import re
from html import escape

import pytest
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mcred.listing.md import write
from mcred.listing.tree import parse
from tests.listing import HOSTILE, page
from tests.support import GOLDENS, holds

READER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])

MADE = {
    "blockquote", "bullet_list", "heading", "list_item", "ordered_list", "paragraph", "hr", "inline",
    "table", "thead", "tbody", "tr", "th", "td",
    "text", "softbreak", "hardbreak", "em", "strong", "link", "code_inline",
}  # fmt: skip
"""All that a reader may find."""


def read(markdown):
    """Return the text that a reader of Markdown sees, each block in a line, and the links."""
    lines, links = [], []
    for token in READER.parse(markdown):
        assert re.sub("_(open|close)$", "", token.type) in MADE, token
        if token.type != "inline":
            continue
        text = ""
        for child in token.children:
            assert re.sub("_(open|close)$", "", child.type) in MADE, child
            text += " " if child.type in ("softbreak", "hardbreak") else child.content
            links += [child.attrs["href"]] if child.type == "link_open" else []
        lines.append(" ".join(text.replace("\u200b", "").split()))
    return [line for line in lines if line], links


def expected(node):
    """Return the same of a tree whose cells and items hold lines of text only."""
    for block in node.blocks():
        if block.tag in ("p", "h1", "h2", "h3", "h4", "th", "td", "caption"):
            yield " ".join(block.text.split())
        else:
            yield from expected(block)


def test_a_document_reads_well(golden):
    golden(GOLDENS / "listing-sample.md", write(page(marked="Has errors.")).decode())


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "template",
    ["<p>{}</p>", "<p>a<br>{}</p>", "<h2>{}</h2>", "<ul><li>{}</li></ul>", "<p><strong>{0}</strong>{0}<em>{0}</em></p>",
     "<p><code>{}</code></p>", '<p><a href="https://a.nz">{}</a></p>', "<aside><p>{}</p></aside>",
     "<table><thead><tr><th>{0}</th></tr></thead><tbody><tr><td>{0}</td></tr><tr><td><code>{0}</code></td></tr></tbody></table>"],
)  # fmt: skip
def test_text_of_a_record_is_text_and_nothing_else(text, template):
    fragment = template.format(escape(text))
    lines, links = read(write(page(fragment, notices=(), footer="")).decode())
    assert lines == [*expected(parse(fragment))]
    assert links == (["https://a.nz"] if "href" in template else [])


@pytest.mark.parametrize("text", ["##[error]", "##vso[task]"])
def test_a_command_to_a_build_log_is_shown_as_it_stands_and_is_none(text):
    markdown = write(page(f"<p>{text}</p>", notices=(), footer="")).decode()
    assert read(markdown) == ([text], [])
    assert text not in markdown


def test_items_without_text_are_items_still():
    fragment = "<ul><li><br><ul><li><ul><li></li><li>1</li></ul></li></ul></li></ul>"
    markdown = write(page(fragment, notices=(), footer="")).decode()
    assert markdown == "- &#8203;\n  - &#8203;\n    - &#8203;\n    - 1\n"


@pytest.mark.parametrize("text", HOSTILE)
def test_what_stands_around_a_document_is_text_and_nothing_else(text):
    around = page("<p>x</p>", notices=(text,), footer=text, marked=text)
    seen = " ".join(parse(f"<p>{escape(text)}</p>").text.split())
    assert read(write(around).decode()) == ([seen, seen, "x", seen], [])


@pytest.mark.parametrize(
    "text", ["@toi", "#12", "!5", "GH-7", "https://a.nz", "www.a.nz", "a@b.nz", ":tada:", "~x", "$x$"]
)
def test_nobody_is_called_and_no_address_becomes_a_link(text):
    html = READER.render(write(page(f"<p>{text}</p>", notices=(), footer="")).decode())
    assert "\u200b" in html
    assert text not in html


CHARACTERS = st.text(alphabet=" ab1.ā\u00a0*_`[]()<>|#~$&;!@:/\\-+=\"'{}^%,", min_size=1, max_size=12)
RUNS = st.recursive(
    CHARACTERS.map(escape) | st.just("<br>"),
    lambda inner: st.tuples(st.sampled_from(["strong", "em", "code", "span"]), st.lists(inner, max_size=3)).map(
        lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0]}>"
    ),
    max_leaves=6,
)
LINES = st.lists(RUNS, min_size=1, max_size=4).map("".join)
HEADINGS = st.tuples(st.sampled_from(["h2", "h3", "p"]), LINES).map(lambda made: f"<{made[0]}>{made[1]}</{made[0]}>")
LISTS = st.recursive(
    LINES,
    lambda inner: st.tuples(st.sampled_from(["ul", "ol"]), st.lists(inner, min_size=1, max_size=3), LINES).map(
        lambda made: f"{made[2]}<{made[0]}>{''.join(f'<li>{item}</li>' for item in made[1])}</{made[0]}>"
    ),
    max_leaves=5,
).map(lambda item: f"<ul><li>{item}</li></ul>")
CELLS = st.lists(
    st.lists(RUNS.filter(lambda run: "<br>" not in run), min_size=1, max_size=2).map("".join), min_size=2, max_size=2
)
TABLES = st.lists(CELLS, min_size=1, max_size=3).map(
    lambda rows: "<table><tbody>{}</tbody></table>".format(
        "".join(f"<tr><td>{first}</td><td>{second}</td></tr>" for first, second in rows)
    )
)
FRAGMENTS = st.lists(HEADINGS | LISTS | TABLES | HEADINGS.map(lambda block: f"<aside>{block}</aside>"), max_size=4)


@holds(FRAGMENTS, quick=150, thorough=2000)
def test_whatever_stands_in_a_document_is_read_as_the_same_text(fragments):
    body = "".join(fragments)
    lines, links = read(write(page(body, notices=(), footer="")).decode())
    assert lines == [*filter(None, expected(parse(body)))]
    assert links == []
