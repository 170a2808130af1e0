"""Where a comment that ignores something holds: cases as data, run by test_ignores.py.

Each is a micro-credential `farm-water`, and what becomes of each finding of MC213 (a title that another record has) and MC309 (a date before 1990), and what is wrong
with the comments: `held 5` is a finding in line 5 that is ignored, `told 5` one that is told, `MC801 4` a finding about
a comment in line 4.
"""

HEAD = "id: farm-water\ntitle: Farm Water\nframework: none\n"
DUPLICATE = "id: farm-water\nframework: none\n"
TWO = """\
decisions:
  - {act: submitted, id: a, date: 1988-05-01, by: example-provider}
  - {act: submitted, id: b, date: 1989-05-01, by: example-provider}
"""
BLOCK = """\
decisions:
  - id: a
    act: submitted
    date: 1988-05-01
    by: example-provider
  - id: b
    act: submitted
    date: 1989-05-01
    by: example-provider
"""


def put(text, *comments):
    """A text with comments put into its lines: each of (line, comment) above the line, or behind it where it is -line."""
    lines = text.splitlines()
    for _, (line, comment) in sorted(enumerate(comments), key=lambda each: (-abs(each[1][0]), -each[0])):
        if line < 0:
            lines[-line - 1] += f"  {comment}"
        else:
            lines.insert(line - 1, comment)
    return "".join(f"{line}\n" for line in lines)


M, T = "# mcred: ignore[MC309] -- so it was", "# mcred: ignore[MC213] -- so it is"

FLOW = HEAD + TWO
NESTED = HEAD + BLOCK

CASES = {
    # behind something: its line
    "behind a scalar": (put(DUPLICATE + "title: Sampling Farm Water\n", (-3, T)), "held 3"),
    "behind another line": (put(DUPLICATE + "title: Sampling Farm Water\n", (-2, T)), "told 3, MC801 2"),
    "behind a flow item": (put(FLOW, (-5, M)), "held 5, told 6"),
    "behind the last flow item": (put(FLOW, (-6, M)), "told 5, held 6"),
    "behind the key of a list": (put(FLOW, (-4, M)), "told 5, told 6, MC801 4"),
    "behind a key of an item": (put(NESTED, (-7, M)), "held 7, told 11"),
    "behind the first key of an item": (put(NESTED, (-5, M)), "told 7, told 11, MC801 5"),
    "behind a quoted value": (DUPLICATE + f'title: "Sampling Farm Water"  {T}\n', "held 3"),
    "behind a quoted value without a space": (DUPLICATE + f'title: "Sampling Farm Water"{T}\n', "held 3"),
    "behind the end of a value of two lines": (DUPLICATE + f'title: "Sampling\n  Farm Water"  {T}\n', "held 3"),
    "behind the end of a plain value of two lines": (DUPLICATE + f"title: Sampling\n  Farm Water  {T}\n", "held 3"),
    "behind the bar of a block": (DUPLICATE + f"title: >-  {T}\n  Sampling Farm\n  Water\n", "held 3"),
    "behind a bracket that opens": (
        HEAD + f"decisions: [  {M}\n  {{act: submitted, id: a, date: 1988-05-01, by: example-provider}}]\n",
        "told 5, MC801 4",
    ),
    "inside brackets, behind an item": (
        HEAD + "decisions: [\n  {act: submitted, id: a, date: 1988-05-01, by: example-provider},  " + M + "\n"
        "  {act: submitted, id: b, date: 1989-05-01, by: example-provider}]\n",
        "held 5, told 6",
    ),
    "behind a line of two items": (
        HEAD + "decisions: [{act: submitted, id: a, date: 1988-05-01, by: example-provider},"
        " {act: submitted, id: b, date: 1989-05-01, by: example-provider}]  " + M + "\n",
        "held 4, held 4",
    ),
    # on a line of its own: the next key or item, and what hangs under it
    "above a scalar": (put(DUPLICATE + "title: Sampling Farm Water\n", (3, T)), "held 4"),
    "above another key": (put(DUPLICATE + "title: Sampling Farm Water\n", (2, T)), "told 4, MC801 2"),
    "above a list": (put(FLOW, (4, M)), "held 6, held 7"),
    "above a block list": (put(NESTED, (4, M)), "held 8, held 12"),
    "above a flow item": (put(FLOW, (5, f"  {M}")), "held 6, told 7"),
    "above the second item": (put(NESTED, (9, f"  {M}")), "told 7, held 12"),
    "above the first item": (put(NESTED, (5, f"  {M}")), "held 8, told 12"),
    "above an item, at the margin": (put(NESTED, (5, M)), "held 8, told 12"),
    "above a key inside an item": (put(NESTED, (7, f"    {M}")), "held 8, told 12"),
    "above the wrong key inside an item": (put(NESTED, (6, f"    {M}")), "told 8, told 12, MC801 6"),
    "above, with a comment between": (put(NESTED, (5, f"  {M}"), (5, "  # the first one")), "held 9, told 13"),
    "above, with an empty line between": (put(NESTED, (5, f"  {M}"), (5, "")), "held 9, told 13"),
    "two comments above one item": (
        put(NESTED, (5, f"  {M}"), (5, "  # mcred: ignore[MC213] -- no")),
        "held 9, told 13, MC801 6",
    ),
    "after the hyphen of an item": (
        HEAD + f"decisions:\n  - {M}\n    id: a\n    act: submitted\n    date: 1988-05-01\n    by: example-provider\n",
        "held 8",
    ),
    "between a key and its value": (DUPLICATE + f"title:\n  {T}\n  Sampling Farm Water\n", "held 5"),
    "above a value in brackets": (
        HEAD + f"decisions:\n  {M}\n  [{{act: submitted, id: a, date: 1988-05-01, by: example-provider}},\n"
        "  {act: submitted, id: b, date: 1989-05-01, by: example-provider}]\n",
        "held 6, held 7",
    ),
    "inside brackets, above an item": (
        HEAD + f"decisions: [\n  {M}\n  {{act: submitted, id: a, date: 1988-05-01, by: example-provider}},\n"
        "  {act: submitted, id: b, date: 1989-05-01, by: example-provider}]\n",
        "held 6, told 7",
    ),
    "inside braces, above a key": (
        HEAD + f"decisions:\n  - {{act: submitted, id: a,\n    {M}\n    date: 1988-05-01, by: example-provider}}\n",
        "held 7",
    ),
    "above a text in a block": (DUPLICATE + f"{T}\ntitle: |\n  Sampling Farm Water\n", "held 4"),
    "first in the file": (f"{M}\n" + FLOW, "told 6, told 7, MC801 1"),
    "last in the file": (FLOW + f"{M}\n", "told 5, told 6, MC806 7"),
    "below the last item, above a key": (
        put(FLOW + "title_kind: official\n", (7, f"  {M}")),
        "told 5, told 6, MC801 7",
    ),
    # in text: no comment
    "in a quoted text": (FLOW + f'remarks: "{M}"\n', "told 5, told 6"),
    "in a quoted text of several lines": (FLOW + f'remarks: "so\n  {M}\n  it is"\n', "told 5, told 6"),
    "in a text in a block": (f"remarks: |\n  {M}\n\n  {M}\n" + FLOW, "told 9, told 10"),
    "in a block that is indented more": (f"remarks: |1\n    so\n  {M}\n" + FLOW, "told 8, told 9"),
    "in a folded block": (HEAD + f"remarks: >-\n  {M}\n" + TWO, "told 7, told 8"),
    "below a text in a block": (HEAD + f"remarks: |\n  so\n{M}\n" + TWO, "held 8, held 9"),
    "glued to a word": (FLOW + "remarks: so#mcred:ignore[MC309] -- x\n", "told 5, told 6"),
    "in a key": (FLOW + f'"x-{M}": 1\n', "told 5, told 6"),
    # several
    "several rules": (
        put(DUPLICATE + "title: Sampling Farm Water\n" + TWO, (2, "# mcred: ignore[MC213,MC309] -- so")),
        "told 4, told 6, told 7, MC801 2, MC801 2",
    ),
    "several rules, by id and name": (
        put(FLOW, (-5, "# mcred: ignore[near-duplicate-title, implausible-date] -- so")),
        "held 5, told 6, MC801 5",
    ),
    "the nearest of two": (put(NESTED, (4, M), (-7, M)), "held 8, held 12"),
    "the nearest of two, and nothing for the other": (put(NESTED, (5, f"  {M}"), (-7, M)), "held 8, told 12, MC801 5"),
    "an unknown rule beside a known one": (
        put(FLOW, (-5, "# mcred: ignore[MC309, MC3099] -- so")),
        "held 5, told 6, MC802 5",
    ),
    "behind other words of a comment": (put(FLOW, (-5, f"# asked them {M}")), "held 5, told 6"),
    "above, behind other words of a comment": (put(NESTED, (5, f"  # asked them {M}")), "held 8, told 12"),
    "two in one line, the second for nothing": (put(FLOW, (-5, f"{M} {T}")), "held 5, told 6, MC801 5"),
    "two in one line, the first for nothing": (put(FLOW, (-5, f"{T}  {M}")), "held 5, told 6, MC801 5"),
    "two in a line of their own": (put(NESTED, (5, f"  {T} {M}")), "held 8, told 12, MC801 5"),
    "two alike in one line": (put(FLOW, (-5, f"{M} {M}")), "held 5, told 6, MC801 5"),
    "behind a comment for another checker": (put(FLOW, (-5, f"# noqa: E501  {M}")), "held 5, told 6, MC806 5"),
    "in capitals": (put(FLOW, (-5, M.upper())), "told 5, told 6, MC806 5"),
}
