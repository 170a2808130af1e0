r"""Every rule has a page, and what the page shows is so.

A page has a heading `# MC102 unknown-field`, the register's summary, and the parts What, Why, Bad, Good and Fix. Bad
and Good hold one fenced block for each file of an example. The examples are tried in a small register (register.py)
of fictional bodies: Bad gives findings of this rule and of no other, Good gives none.

A block is a micro-credential in `micro-credentials/<its id>.yaml`. Words after the language of the fence say otherwise:

    ```yaml file=organisations/farm-board.yaml    it lies here, below the catalogue's root
    ```yaml bytes                                 \xE9 stands for a byte, \u2028 for a character no page can show
    ```yaml repeat=9000                           a line `…` stands for 9,000 more of the line above it
    ```yaml make=link                             it is a link to a file that holds the block; make=pipe: a named
                                                  pipe; make=schema: the schema that mcred writes for the editor
    ```yaml before                                it was so before a change, and the others are what the change made

Fixtures in `tests/rules/` use the same words, in a comment: `# fixture: file=organisations/farm-board.yaml bytes`.
"""

import re
import subprocess
import sys

import pytest

from mcred.diagnostic import RULES
from tests.register import DAY, ROOT, build, checked, example, printed

PAGES = ROOT / "src" / "mcred" / "rules" / "docs"
PARTS = ["What", "Why", "Bad", "Good", "Fix"]
BY_ID = {rule.id: rule for rule in RULES.values()}

# Findings are left out only where there are a hundred others.
ALSO = {"MC901": {"MC102"}}

_BEFORE = re.compile(r"^```[a-z]+ before[^\n]*\n.*?^```\n\n", re.MULTILINE | re.DOTALL)
"""What a change began from: it is shown beside what it came to, and makes no page harder to read."""

_FENCE = re.compile(r"^```[a-z]+ ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(params=sorted(BY_ID))
def rule(request):
    return BY_ID[request.param]


def text(rule):
    return (PAGES / f"{rule.id}.md").read_text(encoding="utf-8")


def part(rule, name):
    return text(rule).partition(f"\n## {name}\n")[2].partition("\n## ")[0]


def examples(rule, name):
    return [example(block, words) for words, block in _FENCE.findall(part(rule, name))]


def test_every_page_is_about_a_rule():
    assert {path.name for path in PAGES.iterdir()} == {f"{id}.md" for id in BY_ID}


def test_a_page_has_the_form_of_all(rule):
    page = text(rule)
    prose = _FENCE.sub("", page)

    assert page.startswith(f"# {rule.id} {rule.name}\n\n{rule.summary}\n\n## What\n")
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == PARTS
    assert 15 <= _BEFORE.sub("", page).count("\n") <= 45
    assert max(map(len, prose.splitlines())) <= 120
    assert all(part(rule, name).strip() for name in PARTS)


def test_the_bad_example_breaks_this_rule_and_no_other(rule, tmp_path):
    files = examples(rule, "Bad")
    report = checked(build(tmp_path, files), rule.id, files)

    assert {finding.rule for finding in report.diagnostics} == {rule.id} | ALSO.get(rule.id, set()), printed(report)


def test_the_good_example_breaks_none(rule, tmp_path):
    files = examples(rule, "Good")
    report = checked(build(tmp_path, files), rule.id, files)

    assert files
    assert not report.diagnostics, printed(report)


@pytest.mark.parametrize("name", ["MC102", "mc012", "case-collision"])
def test_the_program_prints_the_page(name):
    said = subprocess.run([sys.executable, "-m", "mcred", "explain", name], capture_output=True, check=True, cwd=ROOT)
    found = next(rule for rule in RULES.values() if name.lower() in (rule.id.lower(), rule.name))

    assert said.stdout == (PAGES / f"{found.id}.md").read_bytes()


@pytest.mark.parametrize("id", ["MC001", "MC102", "MC019", "MC203"])
@pytest.mark.parametrize("name", ["Bad", "Good"])
def test_the_program_says_of_an_example_what_the_engine_says(id, name, tmp_path):
    register = build(tmp_path, examples(BY_ID[id], name))
    said = subprocess.run(
        [sys.executable, "-m", "mcred", "validate", "--verbose", "--as-of", DAY, "--select", ",".join(BY_ID)],
        capture_output=True,
        check=False,
        cwd=register.root,
    )

    assert said.stderr == b""
    assert said.returncode == (name == "Bad")
    assert said.stdout.decode().rpartition("\n\n")[0] + "\n" == printed(checked(register))
