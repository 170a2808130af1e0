"""Documents that tests of several formats write."""

from datetime import date

from mcred.listing.page import Page

MACRONS = "āēīōūĀĒĪŌŪ"

BODY = f"""
<header>
  <h1>Forestry environment</h1>
  <p lang="mi">Te taiao ngahere: {MACRONS}</p>
</header>
<aside class="notice"><p>May not be offered after <strong>30 June 2026</strong>.</p></aside>
<section>
  <h2 id="what">What it is</h2>
  <p>A micro-credential of <em>Toi Mai</em> &amp; others, at level&nbsp;3.<br>See
  <a href="https://www.example.org/a?b=1&amp;c=2">its page</a>, or write to
  <a href="mailto:kia.ora@example.org">the <strong>lead</strong></a>.</p>
  <h3>Outcomes</h3>
  <ol>
    <li>Name the trees of a forest
      <ul><li>by leaf</li><li>by <span lang="mi">ingoa Māori</span></li></ul>
    </li>
    <li><p>Move safely.</p><p>In any weather.</p></li>
  </ol>
  <ol><li>Another list</li></ol>
</section>
<section>
  <h2>Size</h2>
  <table>
    <caption>Hours</caption>
    <thead><tr><th scope="col">Part</th><th scope="col">Hours</th><th scope="col">Where</th></tr></thead>
    <tbody>
      <tr><th scope="row">Directed</th><td>30</td><td><ul><li>Rotorua</li><li>Whakatāne</li></ul></td></tr>
      <tr><th scope="row">Self-directed</th><td colspan="2">20, with <code>forest | tree</code></td></tr>
    </tbody>
  </table>
  <dl>
    <dt>Level</dt><dd>3, in the framework</dd>
    <dt>Review</dt><dt>Next</dt><dd><p>Every two years.</p><ul><li>2026-11-22</li></ul></dd>
  </dl>
  <div class="small"><p>Nothing else.</p></div>
</section>
<footer><p>Made from the record.</p></footer>
"""

NOTICES = ("A summary of public information, seen on 22 November 2026.", "It is not the register.")


def page(body: str = BODY, **changes) -> Page:
    """Return a document."""
    return Page(
        title="Forestry environment",
        language="en",
        body=body,
        footer="Reference 4975, version 2",
        notices=NOTICES,
        author="Toi Mai",
        day=date(2026, 11, 22),
    )._replace(**changes)


HOSTILE = (
    "<script>alert(1)</script>",
    "{{ 7*7 }} {% raw %}",
    "\x1b[31mred\x1b[0m \x00\u202eabc\u202c",
    "<img src=x onerror=alert(1)> &lt; &amp; &#60; &copy",
    "a|b `c` ``d`` *e* _f_ **g** ~~h~~ [i](javascript:j) ![k](l) <m@n.nz> $o$ $$p$$",
    "# a\n- b\n1. c\n> d\n===\n---\n+++\n```\ne\n~~~",
    "@everyone #12 GH-34 !5 https://example.org www.example.org :tada: a@b.nz",
    "1986. A great year",
    "- dash",
    "+ plus",
    "====",
    "back\\slash\\ \\* \\",
    " ".join(["māori"] * 1000),
    "عربى \u200f right to left \u200e and left \u2066x\u2069",
    "=HYPERLINK(1) ]]> <!-- --> <?x?> <![CDATA[x]]>",
    "no\u00a0break\u2028line\u0085next",
    "\ud83c\udf32".encode("utf-16", "surrogatepass").decode("utf-16"),
)
"""Texts that a record may hold and that must be nothing but text in every format."""
