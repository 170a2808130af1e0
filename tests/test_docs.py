"""What the documentation says is so: its examples print what they show, its how-tos work, its links lead somewhere.

A page is a story. It is followed in a copy of the project, fenced block by fenced block, from top to bottom. Words
after the language of a block say what is done with it:

    file=PATH               its text is that file, from the root of the project; a file that is there gets it at its end
    file=PATH before=TEXT   its text goes in above the one line of that file that holds TEXT

A block of the language `console` is run: of each line that begins with `$ `, what follows must be what is printed. Of
pytest, which prints how long it took, only the end is compared: it passes. A command that ends in `| head -9` or the
like shows so many lines. `--update-golden` writes what is printed into the page instead, and the difference is to be
read.
"""

import difflib
import importlib
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from typing import NamedTuple

import pytest

from mcred import __version__
from mcred.cli.app import COMMANDS, load
from mcred.diagnostic import RULES
from mcred.errors import ExitCode
from mcred.reporters import FORMATS
from tests.support import AS_OF, ROOT, environment

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
COPIED = ("catalogue", ".mcred", ".vscode", "schemas", "src", "templates", "tests", "pyproject.toml")

WITHOUT = {"docs/editors.md": (".mcred", ".vscode")}
"""What the copy lacks in which a page is followed: this one shows what writes it."""

FENCE = re.compile(r"^(?P<fence>```+)(?P<words>[^`\n]*)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
PYTEST = ".venv/bin/python -m pytest"


class Block(NamedTuple):
    """A fenced block: what stands beside its fence, its text, and where that text stands in the page."""

    language: str
    said: dict[str, str]
    text: str
    start: int
    end: int


def blocks(text):
    found = []
    for match in FENCE.finditer(text):
        language, *words = match["words"].split() or [""]
        said = dict(word.partition("=")[::2] for word in words)
        assert said.keys() <= {"file", "before"}, f"a fenced block knows no {said}"
        found.append(Block(language, said, match["text"], *match.span("text")))
    return found


def name(path):
    return path.relative_to(ROOT).as_posix()


def prose(path):
    """A page without what stands in fenced blocks."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


# --- examples and how-tos --------------------------------------------------------------------------------------------


def is_story(page):
    return any(block.language == "console" or block.said for block in blocks(page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", [page for page in PAGES if is_story(page)], ids=name)
def test_a_page_is_true(page, tmp_path, golden):
    copy = tmp_path / "mcred"
    copy.mkdir()
    for each in (each for each in COPIED if each not in WITHOUT.get(name(page), ())):
        if (ROOT / each).is_dir():
            shutil.copytree(ROOT / each, copy / each, ignore=shutil.ignore_patterns("__pycache__"), symlinks=True)
        else:
            shutil.copy(ROOT / each, copy)
    told = printed = page.read_text(encoding="utf-8")
    shift = 0
    for block in blocks(told):
        if block.said:
            write(copy, block)
        elif block.language == "console":
            actual = run(copy, block.text)
            printed = printed[: block.start + shift] + actual + printed[block.end + shift :]
            shift += len(actual) - len(block.text)
    # pytest shows this where the comparison fails.
    sys.stdout.writelines(
        difflib.unified_diff(told.splitlines(keepends=True), printed.splitlines(keepends=True), name(page), "printed")
    )
    golden(page, printed)


def write(copy, block):
    path, before = copy / block.said["file"], block.said.get("before")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if before is None:
        path.write_text(f"{text}\n\n{block.text}" if text else block.text, encoding="utf-8")
        return
    (place,) = (number for number, line in enumerate(text.splitlines()) if before in line)
    lines = text.splitlines(keepends=True)
    lines.insert(place, block.text)
    path.write_text("".join(lines), encoding="utf-8")


def run(copy, text):
    """The text of a console block as it should be."""
    assert text.startswith("$ "), "a console block begins with a command"
    told = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE)
    return "".join(f"$ {command}\n{output(copy, command, shown)}" for command, shown in told)


def output(copy, command, shown):
    whole, _, most = command.partition(" | head -")
    program, *words = shlex.split(whole)
    if program == "mcred":
        words = [sys.executable, "-m", "mcred", *words, *day(words)]
    elif whole.startswith(PYTEST):
        words = [sys.executable, *words]
    else:
        assert program == "cat", f"a page runs mcred, pytest or cat, not {program}"
        words = [program, *words]
    done = subprocess.run(
        words,
        cwd=copy,
        env=environment(copy, PYTHONPATH=str(copy / "src"), COLUMNS="80"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode <= (ExitCode.FAILED if program == "mcred" else 0), done.stdout
    if whole.startswith(PYTEST):
        return shown
    return "".join(done.stdout.splitlines(keepends=True)[: int(most) if most else None])


def day(words):
    """The day on which the pages were printed, for a command that asks for one; pages leave it out or give another."""
    named = next((name for name in (" ".join(words[:2]), *words[:1]) if name in COMMANDS), None)
    if named is None or {"--help", "--as-of"} & {*words}:
        return []
    return ["--as-of", AS_OF] if any("--as-of" in param.opts for param in load(named).params) else []


# --- nothing left out ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_the_first_line_of_a_commands_docstring_is_its_line_of_help(command):
    listed = COMMANDS[command]
    function = getattr(importlib.import_module(f"mcred.cli.{listed.module}"), listed.function)
    assert function.__doc__.partition("\n")[0] == listed.help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme_and_its_help_on_the_page_of_commands(command):
    assert re.search(rf"`mcred {command}[ `]", (ROOT / "README.md").read_text(encoding="utf-8"))
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    (told,) = (block.text for block in blocks(page) if block.text.startswith(f"$ mcred {command} --help\n"))
    # What stands there is compared with the help; this says that no option hides from its help.
    options = {option for param in load(command).params for option in param.opts if option.startswith("-")}
    assert options - set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", told)) == set()


def test_the_page_of_commands_has_their_order():
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == [*COMMANDS, "Exit codes"]


def test_every_exit_code_is_documented_and_no_other():
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert sorted(map(int, re.findall(r"^\| ([0-9]+) \|", page, re.MULTILINE))) == sorted(ExitCode)


def test_every_report_format_is_documented():
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert [each for each in FORMATS if f"`{each}`" not in page] == []


def test_the_page_on_architecture_names_every_part():
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    modules = [path for path in (ROOT / "src/mcred").glob("[!_]*") if path.is_dir() or path.suffix == ".py"]
    parts = [f"{path.name}/" if path.is_dir() else path.name for path in modules]
    assert "validation.py" in parts
    assert [part for part in sorted(parts) if f"`{part}`" not in page] == []


def test_the_page_on_architecture_names_every_folder():
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = pyproject["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"]
    folders = [each for each in names if (ROOT / each).is_dir()]
    assert "catalogue" in folders
    assert [folder for folder in folders if not re.search(rf"(?m)^\| `{folder}/", page)] == []


def test_the_layers_of_the_page_are_those_that_are_checked():
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    (told,) = (block.text for block in blocks(page) if block.language == "layers")
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    (layers,) = (each["layers"] for each in tools["importlinter"]["contracts"] if each["type"] == "layers")
    assert [line.partition("  ")[0] for line in told.splitlines()] == layers


# --- nothing made up -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_rules_that_a_page_names_exist(page):
    text = page.read_text(encoding="utf-8")
    known = {rule.id for rule in RULES.values()}
    made_here = set(re.findall(r'\("(MC[0-9]{3})", "', "".join(block.text for block in blocks(text) if block.said)))
    assert set(re.findall(r"\bMC[0-9]{3}\b", text)) - known - made_here == set()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    inside = [target for target in LINK.findall(prose(page)) if not re.match(r"[a-z]+:", target)]
    assert [target for target in inside if not leads_somewhere(page, target)] == []


def leads_somewhere(page, target):
    """Whether a relative link names a file of the project, and a heading of it if it names one."""
    file, _, anchor = target.partition("#")
    path = (page.parent / file).resolve() if file else page
    if not path.exists() or not path.is_relative_to(ROOT):
        return False
    return not anchor or anchor in map(slug, HEADING.findall(prose(path)))


def slug(heading):
    """The anchor that a forge gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_paths_and_targets_that_a_page_names_exist(page):
    text = prose(page)
    targets = re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert set(re.findall(r"`make ([a-z-]+)", text)) - set(targets) == set()
    made_here = [block.said["file"] for block in blocks(page.read_text(encoding="utf-8")) if block.said]
    named = re.findall(r"`((?:catalogue|schemas|src|tests|docs|bench|tools|requirements)/[A-Za-z0-9._/-]*)`", text)
    assert [path for path in named if not (ROOT / path).exists() and path not in made_here] == []


# --- the two pages that everybody opens ------------------------------------------------------------------------------


def test_the_readme_leads_to_every_page():
    """But for those of a folder with a README of its own, which lists them."""
    for readme in PAGES:
        if readme.name == "README.md":
            text = readme.read_text(encoding="utf-8")
            below = [page for page in PAGES if page.is_relative_to(readme.parent) and page != readme]
            pages = [page for page in below if page.name == "README.md" or _listed_in(page) == readme]
            assert [page for page in pages if f"]({page.relative_to(readme.parent)})" not in text] == []


def _listed_in(page):
    own = page.parent / "README.md"
    return own if own in PAGES else ROOT / "README.md"


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_the_first_screen_is_a_record_of_eight_lines_with_two_faults():
    record, report = blocks((ROOT / "README.md").read_text(encoding="utf-8"))[:2]
    assert (record.language, len(record.text.splitlines())) == ("yaml", 8)
    assert report.text.startswith("$ mcred validate ")
    assert len(re.findall(r"^error\[", report.text, re.MULTILINE)) == 2


def test_the_changelog_speaks_of_this_version():
    first = re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert first[1] in ("Unreleased", __version__)
