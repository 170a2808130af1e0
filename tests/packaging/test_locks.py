"""The locks name all that is installed, exactly, and follow from pyproject.toml."""

import re
import tomllib
from importlib.metadata import requires, version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.lock import OLDEST, closure, declared

ROOT = Path(__file__).resolve().parents[2]
GROUPS = ("run", "extras", "build", "dev")


def pins(group):
    lines = (ROOT / "requirements" / f"{group}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def names(group):
    return {canonicalize_name(pin.partition("==")[0]) for pin in pins(group)}


@pytest.mark.parametrize("group", GROUPS)
def test_a_lock_holds_exact_versions_and_no_addresses(group):
    assert pins(group)
    for pin in pins(group):
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", pin), pin


def test_no_package_is_locked_twice():
    everything = [canonicalize_name(pin.partition("==")[0]) for group in GROUPS for pin in pins(group)]
    assert sorted(everything) == sorted(set(everything))


def test_each_lock_is_the_closure_of_what_is_declared_and_nothing_more():
    before = set()
    for group in GROUPS:
        needed = closure(declared()[group], lambda name: requires(name) or [])
        assert names(group) == needed - before, f"requirements/{group}.txt is out of date: make lock"
        before |= needed


@pytest.mark.parametrize("group", GROUPS)
def test_the_environment_has_the_locked_versions(group):
    installed = {pin: version(pin.partition("==")[0]) for pin in pins(group)}
    assert {pin: pin.partition("==")[2] for pin in pins(group)} == installed


@pytest.mark.parametrize("group", GROUPS)
def test_the_locked_versions_are_those_that_pyproject_admits(group):
    locked = {canonicalize_name(pin.partition("==")[0]): pin.partition("==")[2] for g in GROUPS for pin in pins(g)}
    for text in declared()[group]:
        requirement = Requirement(text)
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), text


def test_all_that_name_a_python_version_agree():
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    oldest = ".".join(map(str, OLDEST))
    tested = [
        name.rpartition(" ")[2]
        for name in pyproject["project"]["classifiers"]
        if re.fullmatch(r"Programming Language :: Python :: 3\.[0-9]+", name)
    ]
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))

    assert pyproject["project"]["requires-python"] == f">={oldest}"
    assert pyproject["tool"]["mypy"]["python_version"] == oldest
    assert pyproject["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    assert tested[0] == oldest
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == tested
