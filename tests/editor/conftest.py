"""A language server that knows a catalogue begun with `mcred init`, and the settings that came with it."""

import json

import pytest

from tests.editor.client import Server
from tests.support import mcred, need
from tools.programs import LANGUAGE_SERVER


@pytest.fixture(scope="session")
def begun(tmp_path_factory):
    """Return a folder in which `mcred init` was run, with a space and a macron in its name."""
    folder = tmp_path_factory.mktemp("editor") / "our rōpū"
    folder.mkdir()
    done = mcred("init", cwd=folder)
    assert done.code == 0, done.err
    return folder


@pytest.fixture(scope="session")
def server(begun):
    """Return the server, as VS Code runs it in that folder."""
    need(LANGUAGE_SERVER)
    program = LANGUAGE_SERVER.folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    running = Server(["node", program, "--stdio"], begun, settings(begun))
    yield running
    running.close()


def settings(folder):
    """What VS Code makes of its settings file: `yaml.format.enable` is a key of a key of `yaml`."""
    nested = {}
    for name, value in json.loads((folder / ".vscode" / "settings.json").read_text(encoding="utf-8")).items():
        *outer, last = [name] if name.startswith("[") else name.split(".")
        place = nested
        for each in outer:
            place = place.setdefault(each, {})
        place[last] = value
    return nested
