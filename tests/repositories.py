"""Real Git repositories with a catalogue, made for a test."""

import atexit
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from tests.support import made

SURROUNDINGS = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@b.example",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@b.example",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}


def git(folder: Path, *arguments: object, **more: str) -> str:
    """Run git in a folder, and return what it prints."""
    done = subprocess.run(
        ["git", *map(str, arguments)],
        cwd=folder,
        env={**SURROUNDINGS, "HOME": str(folder), **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    return os.fsdecode(done.stdout).strip()


class Repo:
    """A repository whose `catalogue/` is committed on `main`, with a branch `work` that begins there."""

    def __init__(self, folder: Path, files: dict[str, str | bytes]) -> None:
        self.folder = folder
        self.root = folder / "catalogue"
        shutil.copytree(_begun(tuple(files.items())), folder, dirs_exist_ok=True)

    def git(self, *arguments: object, **more: str) -> str:
        """Run git here."""
        return git(self.folder, *arguments, **more)

    def commit(self) -> None:
        """Commit all that there is."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a change")

    def write(self, files: dict[str, str | bytes | None]) -> None:
        """Write files by their path below the root; None takes one away."""
        for path, text in files.items():
            place = self.root / path
            if text is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode() if isinstance(text, str) else text)


@cache
def _begun(files: tuple[tuple[str, str | bytes], ...]) -> Path:
    """Return a repository as it is when a test begins: made once, and copied."""
    folder = Path(tempfile.mkdtemp(prefix="mcred-tests-repo-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made(folder, dict(files))
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a change")
    git(folder, "checkout", "--quiet", "-b", "work")
    return folder


def trap(repo: Repo, ran: Path) -> None:
    """Let everything that a repository can name be a program that leaves a mark."""
    program = repo.folder / "trap.sh"
    program.write_text(f"#!/bin/sh\necho \"$0 $*\" >>'{ran}'\n")
    program.chmod(0o755)
    hooks = repo.folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "post-index-change", "pre-commit", "reference-transaction", "fsmonitor-watchman"):
        (hooks / name).write_text(program.read_text())
        (hooks / name).chmod(0o755)
    included = repo.folder / "more.config"
    named = {
        "core.fsmonitor": program,
        "core.pager": program,
        "core.editor": program,
        "core.askPass": program,
        "core.sshCommand": program,
        "core.gitProxy": program,
        "core.alternateRefsCommand": program,
        "pager.rev-parse": program,
        "pager.cat-file": program,
        "diff.external": program,
        "diff.trap.textconv": program,
        "diff.trap.command": program,
        "filter.trap.clean": program,
        "filter.trap.smudge": program,
        "filter.trap.process": program,
        "filter.trap.required": "true",
        "gpg.program": program,
        "log.showSignature": "true",
        "credential.helper": f"!{program}",
        "uploadpack.packObjectsHook": program,
        "trace2.eventTarget": ran.with_name("trace"),
        **{f"alias.{name}": f"!{program}" for name in ("rev-parse", "merge-base", "ls-tree", "cat-file", "config")},
    }
    for name, value in named.items():
        repo.git("config", "--file", included, name, value)
    repo.git("config", "include.path", included)
    (repo.folder / ".gitattributes").write_text("*.yaml filter=trap diff=trap\n")


def contents(folder: Path) -> dict[Path, tuple[int, bytes]]:
    """Every file below a folder, with its bytes and when it was written."""
    return {
        path: (path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
        if not path.is_dir()
    }
