"""What tests in this folder share: Chromium, and what it makes of a page."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import need
from tools.programs import BROWSER, PAGE_CHECKER

LOOK = Path(__file__).with_name("look.mjs")


@pytest.fixture(scope="session")
def look_at(tmp_path_factory):
    """Return a function that says what Chromium makes of a file, once for each width and colour scheme."""
    need(PAGE_CHECKER, BROWSER)
    home = tmp_path_factory.mktemp("home")

    def looked(file, *widths):
        environment = {**os.environ, "HOME": str(home), "PACKAGES": str(PAGE_CHECKER.folder)}
        command = ["node", LOOK, shutil.which(BROWSER.command), file, *widths]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return looked
