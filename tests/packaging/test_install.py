"""The wheel holds all that the program needs, and acts like the checkout that it was built from."""

import os
import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EDITABLE = Path(sys.executable).parent

pytestmark = pytest.mark.packaging

# What the wheel takes from where.
CONTENT = {"src/mcred": "mcred", "schemas": "mcred/_shipped/schemas", "templates": "mcred/_shipped/templates"}


def pip(*arguments):
    command = [sys.executable, "-I", "-m", "pip", "-qq", *map(str, arguments)]
    subprocess.run(command, check=True, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})


def build_wheel(source, into):
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", into, source)
    (wheel,) = into.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Return the folder of programs of a clean environment with the locked requirements and the wheel."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", venv], check=True)
    python = venv / "bin" / "python"
    pip("--python", python, "install", "--no-deps", "-r", ROOT / "requirements/run.txt", wheel)
    return python.parent


@pytest.fixture(scope="module")
def somewhere(tmp_path_factory):
    """Return a folder away from the checkout, with a copy of its catalogue."""
    folder = tmp_path_factory.mktemp("somewhere")
    shutil.copytree(ROOT / "catalogue", folder / "catalogue")
    return folder


def run(program, *arguments, cwd):
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(cwd), "LANG": "C.UTF-8", "NO_COLOR": "1"}
    return subprocess.run([program, *arguments], cwd=cwd, env=environment, capture_output=True, check=False)


def test_the_wheel_holds_the_package_and_what_it_ships_and_nothing_else(wheel):
    expected = {
        f"{inside}/{file.relative_to(ROOT / outside).as_posix()}"
        for outside, inside in CONTENT.items()
        for file in (ROOT / outside).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        about = {name.partition(".dist-info/")[2] for name in archive.namelist() if ".dist-info/" in name}

    assert held == expected
    assert about == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}
    assert "mcred/rules/docs/MC102.md" in held
    assert "mcred/_shipped/schemas/micro-credential.schema.json" in held
    assert "mcred/_shipped/schemas/frameworks/nzqcf.yaml" in held


def test_the_wheel_says_what_it_is(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (
            Parser().parsestr(archive.read(n).decode()) for n in archive.namelist() if n.endswith("/METADATA")
        )
        (entry_points,) = (archive.read(n).decode() for n in archive.namelist() if n.endswith("/entry_points.txt"))
        packages = {name.partition("/")[0] for name in archive.namelist() if ".dist-info/" not in name}

    assert metadata["Name"] == "mcred-register"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert entry_points.split() == ["[console_scripts]", "mcred", "=", "mcred.cli:program"]
    assert packages == {"mcred"}


def test_the_source_archive_builds_the_same_wheel(wheel, tmp_path):
    archives = tmp_path / "archives"
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", archives], cwd=ROOT, check=True)
    (archive,) = archives.glob("*.tar.gz")
    listed = subprocess.run(["tar", "-tzf", archive], check=True, capture_output=True, text=True).stdout.splitlines()
    held = {name.partition("/")[2].partition("/")[0] for name in listed}
    # What others use of this repository by its address is part of it too, and so is what tests look at.
    assert held >= {"action.yml", ".pre-commit-hooks.yaml", ".github", ".mcred", ".vscode", "CHANGELOG.md", "docs"}
    assert held & {".venv", ".git", ".hypothesis", ".ruff_cache"} == set()
    # Not tarfile: 3.11.2, which Debian 12 has, knows no filter, and 3.12 warns without one.
    subprocess.run(["tar", "-xzf", archive, "-C", tmp_path], check=True)
    rebuilt = build_wheel(tmp_path / archive.name.removesuffix(".tar.gz"), tmp_path / "wheel")

    with zipfile.ZipFile(wheel) as first, zipfile.ZipFile(rebuilt) as second:
        assert sorted(second.namelist()) == sorted(first.namelist())
        (record,) = (name for name in first.namelist() if name.endswith("/RECORD"))
        assert second.read(record) == first.read(record)


def test_the_installed_program_does_not_lean_on_the_checkout(installed, somewhere):
    result = run(installed / "python", "-I", "-c", "import mcred; print(mcred.__file__)", cwd=somewhere)
    package = Path(result.stdout.decode().strip()).parent

    assert package.is_relative_to(installed.parent)
    assert (package / "_shipped" / "schemas").is_dir()
    assert not (ROOT / "src" / "mcred" / "_shipped").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        ["validate"],
        ["explain", "MC102"],
        ["rules"],
        ["schema", "micro-credential"],
        ["due-reviews", "--as-of", "2026-11-22", "--format", "html"],
    ],
    ids=" ".join,
)
def test_the_wheel_and_the_checkout_print_the_same_bytes(arguments, installed, somewhere):
    from_wheel = run(installed / "mcred", *arguments, cwd=somewhere)
    from_checkout = run(EDITABLE / "mcred", *arguments, cwd=somewhere)

    assert from_wheel.returncode == 0, from_wheel.stderr.decode()
    assert from_wheel.stdout
    assert from_wheel.stdout == from_checkout.stdout
    assert from_wheel.stderr == from_checkout.stderr
    assert from_wheel.returncode == from_checkout.returncode


@pytest.mark.parametrize("format", ["ics", "xlsx"])
def test_a_format_whose_extra_is_not_installed_says_what_to_install(format, installed, somewhere):
    result = run(installed / "mcred", "due-reviews", "--output", f"{format}=due.{format}", cwd=somewhere)

    assert (result.returncode, result.stdout) == (3, b"")
    assert f"the format {format} needs more: pip install 'mcred-register[{format}]'" in result.stderr.decode()
    assert not (somewhere / f"due.{format}").exists()


@pytest.mark.parametrize("format", ["pdf", "docx"])
def test_a_document_whose_extra_is_not_installed_says_what_to_install(format, installed, somewhere):
    result = run(
        installed / "mcred", "render", "worked-example", "--format", format, "--output", "written", cwd=somewhere
    )

    assert (result.returncode, result.stdout) == (3, b"")
    assert f"the format {format} needs more: pip install 'mcred-register[{format}]'" in result.stderr.decode()
    assert not list(somewhere.glob("written/**/*.*"))
