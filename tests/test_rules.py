"""Every rule: what breaks it is told in exactly these words, and what comes close is left alone.

`tests/rules/MC102-unknown-field/bad-misspelt.yaml` is a record with one fault, beside it `bad-misspelt.out` with the
lines that a person sees; `good*.yaml` gives no finding. Where it takes several files, the fixture is a folder that
holds them at their places below the catalogue's root. A comment `# fixture: …` says what the file alone cannot (see
test_rule_pages.py).

A new fixture's `.out` is written by `pytest tests/test_rules.py --update-golden`. Read what it wrote: it is what a
quality officer will read.
"""

import re
from pathlib import Path

import pytest

from mcred.diagnostic import RULES
from tests.register import build, checked, example, printed

RULE_FOLDERS = Path(__file__).parent / "rules"

# Findings are left out only where there are a hundred others.
ALSO = {"MC901": {"MC102"}}

_WORDS = re.compile(r"^# fixture: (.*)$", re.MULTILINE)


def fixtures(kind):
    found = sorted(path for path in RULE_FOLDERS.glob(f"*/{kind}*") if path.suffix != ".out")
    return [pytest.param(path, id=f"{path.parent.name}/{path.name}") for path in found]


def files(fixture):
    """The files of a fixture, as its comments and its places say."""
    found = [fixture] if fixture.is_file() else sorted(path for path in fixture.rglob("*") if path.is_file())
    for path in found:
        text = path.read_text(encoding="utf-8")
        said = _WORDS.search(text)
        place = "" if path == fixture else path.relative_to(fixture).as_posix()
        yield example(text, said[1] if said else "", place)


@pytest.mark.parametrize("fixture", fixtures("bad"))
def test_bad(fixture, tmp_path, golden):
    id = fixture.parent.name[:5]
    given = list(files(fixture))
    report = checked(build(tmp_path, given), id, given)
    found = tuple(finding for finding in report.diagnostics if finding.rule == id)

    assert found, printed(report)
    assert {finding.rule for finding in report.diagnostics} - {id} == ALSO.get(id, set()), printed(report)
    golden(fixture.with_suffix(".out"), printed(report._replace(diagnostics=found)))


@pytest.mark.parametrize("fixture", fixtures("good"))
def test_good(fixture, tmp_path):
    given = list(files(fixture))
    report = checked(build(tmp_path, given), fixture.parent.name[:5], given)

    assert not report.diagnostics, printed(report)


def test_every_rule_has_a_bad_and_a_good_fixture():
    folders = {path.name for path in RULE_FOLDERS.iterdir()}

    assert folders == {f"{rule.id}-{rule.name}" for rule in RULES.values()}
    for kind in ("bad", "good"):
        assert {param.values[0].parent.name for param in fixtures(kind)} == folders


def test_every_golden_file_belongs_to_a_fixture():
    beside = {param.values[0].with_suffix(".out") for param in fixtures("bad")}

    assert set(RULE_FOLDERS.glob("*/*.out")) == beside
