"""What is committed stands on its own."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Written in pieces, so that this file does not name what it looks for.
OUTSIDE = re.compile(
    rb"\.\./sha" rb"red\b|\bsha" rb"red/(?:data|standards|design|acceptance|hooks)\b|(?:^|[\s\"'`(=:])/wo" rb"rk/"
)


def test_only_the_ci_script_names_a_folder_outside_the_project():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout, so what is committed is not known")
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    naming = {
        file.relative_to(ROOT).as_posix() for file in files if file.is_file() and OUTSIDE.search(file.read_bytes())
    }

    assert naming == {".ci/run"}
