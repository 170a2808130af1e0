"""The fragment of a document: a small part of HTML, strictly."""

import pytest

from mcred.listing.fault import TemplateFault
from mcred.listing.tree import mark, parse
from tests.listing import BODY


def outline(node):
    """Return a tree as text: elements in brackets, texts in quotes."""
    return [child if isinstance(child, str) else (child.tag, *outline(child)) for child in node.children]


def test_blanks_that_only_lay_out_the_template_are_gone():
    assert outline(parse("<section>\n  <p>\n a  <em> b </em>\n c<br>d\n</p>\n\n<ul> <li>e</li> </ul></section>\n")) == [
        ("section", ("p", "a ", ("em", " b "), " c", ("br",), "d"), ("ul", ("li", "e")))
    ]


def test_text_between_blocks_is_a_paragraph():
    item = next(parse("<ul><li>one <em>two</em> <p>three</p> four</li></ul>").find("li"))
    assert [(block.tag, block.text) for block in item.blocks()] == [("p", "one two"), ("p", "three"), ("p", "four")]


def test_attributes_are_read_and_codes_of_characters_are_characters():
    node = next(
        parse('<p><a href="https://a.nz/?b=1&amp;c=2" lang="mi" class="x y">&lt;ā&#x101;&nbsp;</a></p>').find("a")
    )
    assert node.attributes == {"href": "https://a.nz/?b=1&c=2", "lang": "mi", "class": "x y"}
    assert node.text == "<āā\u00a0"


def test_a_whole_document_is_read():
    assert [heading.text for heading in parse(BODY).find("h1", "h2", "h3")] == [
        "Forestry environment",
        "What it is",
        "Outcomes",
        "Size",
    ]


def test_what_acts_is_made_visible():
    assert parse("<p>a\x1b[31m\u202eb</p>").text == "a<U+001B>[31m<U+202E>b"


@pytest.mark.parametrize(
    ("fragment", "reason"),
    [
        ("<script>x</script>", "<script> is not an element that documents have"),
        ("<p><strnog>x</strnog></p>", "<strnog> is not an element that documents have; did you mean 'strong'?"),
        ("<p>x", "<p> is left open"),
        ("<p>x</b></p>", "</b> stands where </p> is expected"),
        ("</p>", "</p> stands where no end of an element is expected"),
        ("x", "text stands outside an element such as <p>: 'x'"),
        ("<ul>x</ul>", "text stands directly in <ul>: 'x'"),
        ("<a href=\"https://a.nz\">x</a>", "<a> cannot stand by itself"),
        ("<ul><p>x</p></ul>", "<p> cannot stand in <ul>"),
        ("<p><a><em><a>x</a></em></a></p>", "<a> cannot stand in <em>"),
        ("<p>a < b</p>", "'<' stands where no element begins; as text it is &lt;: '< b</p>'"),
        ("<!-- x -->", "'<' stands where no element begins; as text it is &lt;: '<!-- x -->'"),
        ("<p class=x>y</p>", "attributes are in lower case with values in double quotes, as in <p lang=\"mi\">: '<p class=x>y</p>'"),
        ('<P CLASS="x">y</P>', "attributes are in lower case with values in double quotes, as in <p lang=\"mi\">: '<P CLASS=\"x\">y</P>'"),
        ('<p onclick="x()">y</p>', "<p> cannot have the attribute 'onclick'"),
        ('<p style="color: red">y</p>', "<p> cannot have the attribute 'style'"),
        ('<p href="https://a.nz">y</p>', "<p> cannot have the attribute 'href'"),
        ('<p><a rel="attachment" href="https://a.nz">x</a></p>', "<a> cannot have the attribute 'rel'"),
        ('<p><a href="file:///etc/passwd">x</a></p>', "a link leads to http, https or mailto, not to 'file:///etc/passwd'"),
        ('<p><a href="javascript:x">x</a></p>', "a link leads to http, https or mailto, not to 'javascript:x'"),
        ('<p><a href="java&#10;script:x">x</a></p>', "a link leads to http, https or mailto, not to 'java script:x'"),
        ('<p><a href="//a.nz">x</a></p>', "a link leads to http, https or mailto, not to '//a.nz'"),
        ('<p lang="Māori">x</p>', "'Māori' is not a value for 'lang' of <p>"),
        ('<p id="a">x</p><p id="a">x</p>', "the id 'a' stands twice"),
        ('<p class="a" class="b">x</p>', "the class 'b' stands twice"),
        ("<div>" * 33, "more than 32 elements stand inside each other"),
    ],
)  # fmt: skip
def test_what_is_not_in_it_is_a_fault(fragment, reason):
    with pytest.raises(TemplateFault) as caught:
        parse(fragment)
    assert str(caught.value) == reason


def test_a_fault_is_found_in_the_template():
    template = "<p>a</p>\n<section>\n  <p>b</p>\n  <script>c</script></section>"
    with pytest.raises(TemplateFault) as caught:
        parse(mark(template, "listing.html.j2", 7))
    assert str(caught.value) == "listing.html.j2, line 10: <script> is not an element that documents have"


def test_marks_leave_no_trace():
    assert parse(mark(BODY, "listing.html.j2", 1)) == parse(BODY)


def test_what_is_wrong_is_shown_without_marks():
    with pytest.raises(TemplateFault) as caught:
        parse(mark("<p>a < <em>b</em></p>", "x", 1))
    assert str(caught.value) == "x, line 1: '<' stands where no element begins; as text it is &lt;: '< <em>b</em></p>'"
