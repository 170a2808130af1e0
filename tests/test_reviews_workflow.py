"""The workflow of `init --ci github`: its script is run as it stands, with a `gh` that notes what it is asked."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support import PROGRAM, environment, made

ROOT = Path(__file__).resolve().parents[1]
GH = """\
#!/bin/sh
case "$1 $2" in
"issue list") cat issues.json ;;
"issue edit") echo "edit $3" >>asked ; cp "$5" "body-$3.md" ;;
"issue create") echo "create $4" >>asked ; cp "$6" "body-new.md" ;;
"issue close") echo "close $3" >>asked ;;
*) exit 1 ;;
esac
"""


def record(id, lead):
    return (
        f"id: {id}\ntitle: {id}\nframework: nzqcf\ndeveloper: school\nreview: {{lead: {lead}}}\ndecisions:\n"
        '  - {id: approved, act: content-approved, date: 2024-02-12, by: authority, version: "1", review_years: 1}\n'
    )


@pytest.fixture
def runs(tmp_path):
    """Run the script in a catalogue where something is overdue for one lead, and much for another."""
    if shutil.which("jq") is None:
        pytest.skip("the script of the workflow needs jq")
    script = yaml.safe_load((ROOT / "templates/ci/github/reviews.yml").read_text("utf-8"))["jobs"]["due"]["steps"][-1]
    records = {"catalogue.yaml": "format: 1\ntitle: A register\ntimezone: UTC\nlanguages: [en]\n"}
    records["micro-credentials/one.yaml"] = record("one", "quality-lead")
    for number in range(60):
        records[f"micro-credentials/many-{number}.yaml"] = record(f"many-{number}", "course-lead")
    root = made(tmp_path, records)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "gh").write_text(GH)
    (programs / "gh").chmod(0o755)

    def run(*issues):
        (root / "issues.json").write_text(json.dumps(issues))
        known = {**environment(root), "PATH": f"{programs}:{PROGRAM.parent}:/usr/bin:/bin"}
        subprocess.run(["bash", "-c", script["run"]], cwd=root, env=known, check=True, capture_output=True, timeout=60)
        return root

    return run


def test_each_lead_has_an_issue_and_an_open_one_is_brought_up_to_date(runs):
    root = runs({"number": 7, "title": "Reviews due: quality-lead"}, {"number": 8, "title": "Something else"})

    assert (root / "asked").read_text() == "create Reviews due: course-lead\nedit 7\n"
    assert "**one**" in (root / "body-7.md").read_text("utf-8")


def test_an_issue_stays_below_what_one_holds_and_says_so(runs):
    body = (runs() / "body-new.md").read_text("utf-8")
    many = (runs({"number": 7, "title": "Reviews due: course-lead"}) / "body-7.md").read_text("utf-8")

    assert len(many) < 65_536
    assert "showing 50 of 60" in many
    assert "showing" not in body


def test_an_issue_of_a_lead_with_nothing_left_is_closed(runs):
    root = runs({"number": 9, "title": "Reviews due: course-director"}, {"number": 10, "title": "Reviews due late"})

    assert (root / "asked").read_text().splitlines()[-1] == "close 9"
    assert "close 10" not in (root / "asked").read_text()
