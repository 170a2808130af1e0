"""Makes .venv, or finds it ready: run by tools/bootstrap, with nothing but the standard library.

Four layers, each with a key over all that it is made from: the interpreter with what the program runs on, what its
extras need, the project itself, and what tests and checks need. The keys of what is done stand in a stamp file inside
.venv. It is taken away before anything is changed and written after each layer, so whatever interrupts the work, the
next run sees no stamp and starts from an empty environment.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "ready.json"

# Layers in the order of their making, with the files whose change asks for a new one.
LAYERS = {
    "run": ("tools/environment.py", "requirements/build.txt", "requirements/run.txt"),
    "extras": ("requirements/extras.txt",),
    "project": ("pyproject.toml", "src/mcred/__init__.py"),
    "dev": ("requirements/dev.txt",),
}
GOALS = {"run": ("run", "extras", "project"), "dev": ("run", "extras", "project", "dev")}

PRINTING = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core")
"""Debian's packages that WeasyPrint needs, with a font that has macrons."""


class SetUpError(Exception):
    """The environment could not be made; the message says what to do."""


def main(goal: str) -> None:
    with (ROOT / "pyproject.toml").open() as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)  # two `make` at once: the second waits, then finds the work done
        wanted = {layer: key(LAYERS[layer]) for layer in GOALS[goal]}
        done = ready()
        if done.get("run") != wanted["run"]:
            done = {}
        missing = [layer for layer in wanted if done.get(layer) != wanted[layer]]
        if not missing:
            return
        STAMP.unlink(missing_ok=True)
        for layer in missing:
            MAKE[layer]()
            done[layer] = wanted[layer]
        STAMP.write_text(json.dumps(done, indent=1) + "\n")
        say("ready")


def key(files: Iterable[str]) -> str:
    """Return what the content of these files, the interpreter and the place of the project come to."""
    digest = hashlib.sha256(f"{sys.version}\0{ROOT}\0".encode())
    for name in files:
        content = (ROOT / name).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def ready() -> dict[str, str]:
    """Return the keys of the layers that are done; none where the environment does not start or is another's."""
    try:
        done = json.loads(STAMP.read_text())
        if not isinstance(done, dict):
            return {}
        version = subprocess.run(
            [VENV_PYTHON, "-I", "-c", "import sys; print(sys.version)"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, ValueError, subprocess.CalledProcessError):
        return {}
    return done if version == f"{sys.version}\n" else {}


def make_run() -> None:
    need_venv()
    say(f"making .venv with Python {sys.version.split()[0]}")
    # Not sys.executable: that may be the .venv about to be emptied.
    base = os.path.realpath(sys.executable)
    if subprocess.run([base, "-I", "-m", "venv", "--clear", VENV], env=environment(), check=False).returncode:
        raise SetUpError(f"{base} could not make .venv")
    say("installing requirements/build.txt and requirements/run.txt")
    pip("-r", "requirements/build.txt")  # brings the pinned pip, which does the rest
    pip("-r", "requirements/run.txt")


def make_extras() -> None:
    say("installing requirements/extras.txt")
    pip("-r", "requirements/extras.txt")
    # What sets the pages of a PDF is no Python. Only that format is missing without it.
    if can_print():
        return
    install(*PRINTING)
    if not can_print():
        say(f"documents can be written in every format but PDF; for that: apt-get install {' '.join(PRINTING)}")


def can_print() -> bool:
    """Whether the libraries are there that WeasyPrint loads; where one of the lesser is missing, it warns."""
    return not subprocess.run(
        [VENV_PYTHON, "-I", "-W", "error", "-c", "import weasyprint"], capture_output=True, check=False
    ).returncode


def make_project() -> None:
    say("installing mcred, editable")
    pip("--no-build-isolation", "--editable", ".")


def make_dev() -> None:
    say("installing requirements/dev.txt")
    pip("-r", "requirements/dev.txt")


MAKE = {"run": make_run, "extras": make_extras, "project": make_project, "dev": make_dev}


def need_venv() -> None:
    """See that this Python can make environments; Debian keeps that in a package of its own."""
    if can_make_environments():
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    say(f"this Python cannot make environments: it takes the package {package}")
    install(package)
    if can_make_environments():
        return
    raise SetUpError(
        f"{sys.executable} cannot make environments: it lacks 'venv' or 'ensurepip'; "
        f"install them (on Debian or Ubuntu: apt-get install {package}) or name another Python: make PYTHON=..."
    )


def can_make_environments() -> bool:
    return not subprocess.run(
        [sys.executable, "-I", "-c", "import ensurepip, venv"], capture_output=True, check=False
    ).returncode


def install(*packages: str) -> None:
    """Install packages of the system where that is possible: on Debian and its like, as root."""
    apt_get = shutil.which("apt-get")
    if apt_get is None or os.geteuid() != 0:
        return
    say(f"installing {' '.join(packages)}")
    apt(apt_get, "update")
    apt(apt_get, "install", "--yes", "--no-install-recommends", *packages)


@cache  # another update of the list of packages would bring nothing new
def apt(apt_get: str, *arguments: str) -> None:
    quiet = {**environment(), "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt_get, "-qq", *arguments], env=quiet, stdout=subprocess.DEVNULL, check=False)


def pip(*arguments: str) -> None:
    # The locks are whole, so nothing is to be resolved: --no-deps keeps it so.
    command = [VENV_PYTHON, "-I", "-m", "pip", "-qq", "install", "--no-deps", *arguments]
    if subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode:
        raise SetUpError(f"pip could not install {arguments[-1]}; its message stands above")


def environment() -> dict[str, str]:
    """Return the caller's environment without what would turn pip or Python away from .venv."""
    kept = {
        name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "PYTHONPATH", "PYTHONWARNINGS"}
    }
    return {
        **kept,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_USER": "0",
    }


def say(what: str) -> None:
    print(f"set-up: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in GOALS:
        sys.exit(f"usage: tools/bootstrap {'|'.join(GOALS)}")
    try:
        main(sys.argv[1])
    except SetUpError as problem:
        sys.exit(f"set-up: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
