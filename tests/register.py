"""A small register in which an example is tried: fictional bodies, and the files of the example.

What a file of an example stands for is said by a few words, in a page after the language of its fenced block, in a
fixture in a comment `# fixture: …`. The words are described at the top of test_rule_pages.py.
"""

import os
import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mcred.diagnostic import Report, Source, rule_id
from mcred.record import folder_kind
from mcred.reporters import Look
from mcred.reporters.text import report as text_report
from mcred.validation import Altered, Changes, Context, Entry, Request, validate
from mcred.workspace import Workspace, context, schema_text

ROOT = Path(__file__).resolve().parents[1]

DAY = "2026-11-22"
"""The day on which examples are checked."""

# After the records of the same ids in `catalogue/`, but short, so that no golden file changes with those.
REGISTER = {
    "catalogue.yaml": """\
format: 1
title: Register of Example Provider
timezone: Pacific/Auckland
languages: [en, mi]
""",
    "organisations/example-provider.yaml": """\
id: example-provider
title: Example Provider
fictional: true
types: [{type: private-training-establishment, from: 2015-03-02}]
""",
    "organisations/example-qualifications-authority.yaml": """\
id: example-qualifications-authority
title: Example Qualifications Authority
fictional: true
types: [{type: qualifications-authority, from: 2010-07-01}]
""",
    "organisations/example-industry-board.yaml": """\
id: example-industry-board
title: Example Industry Board
fictional: true
types: [{type: industry-skills-board, from: 2026-01-01}]
""",
    "standards/example-standard-90001.yaml": """\
id: example-standard-90001
number: "90001"
framework: nzqcf
versions: [{version: "2", title: Take water samples on a farm, level: 3, credits: 6, status: current}]
""",
    "qualifications/example-certificate-in-farm-practice.yaml": """\
id: example-certificate-in-farm-practice
title: Example Certificate in Farm Practice
framework: nzqcf
level: 3
credits: 60
""",
    # From 5 to 40 credits until some day in January 2023, from then on from 1 to 40: as it was in New Zealand.
    "policies/example-framework.yaml": """\
format: 1
id: example-framework
title: Example Qualifications Framework
levels: {type: integer, values: [1, 2, 3]}
statuses: [current, discontinued]
regimes: [{id: first, from: 2018-08-22, until: 2023-01}]
instruments:
  - id: requirements
    kind: published-requirement
    title: What a micro-credential must be
    editions: [{id: req-2018, from: 2018-08-22, until: 2023-01}, {id: req-2023, from: 2023-01}]
clauses:
  - id: credits
    summary: The credits lie within the range for micro-credentials.
    instrument: requirements
    citation: size
    basis: published-requirement
    governs: content
    from_stage: submitted
    severity: error
    covered_by: requirement
    test: range
    at: /credits
    values: [{edition: req-2018, min: 5, max: 40}, {edition: req-2023, min: 1, max: 40}]
""",
}

_ID = re.compile(r"^id: *([a-z0-9-]+)", re.MULTILINE)
_CODE = re.compile(rb"\\x([0-9A-Fa-f]{2})|\\u([0-9A-Fa-f]{4})")
_REPEATED = re.compile(rb"(?m)^(.*\n) *\xe2\x80\xa6\n")


class File(NamedTuple):
    """A file of an example: its path below the catalogue's root, its bytes, and what it is if it is no plain file."""

    path: str
    data: bytes
    make: str = "file"
    before: bool = False
    """Whether it was so before a change; what is not, is what the change came to."""


def example(text: str, words: str, place: str = "") -> File:
    """The file that a text stands for, as the words beside it say; `place` is where it lies if they do not say."""
    said = dict(word.partition("=")[::2] for word in words.split())
    unknown = said.keys() - {"file", "bytes", "repeat", "make", "before"}
    assert not unknown, f"an example knows no {unknown}"
    own = _ID.search(text)
    data = text.encode()
    if "bytes" in said:
        data = _CODE.sub(lambda code: bytes([int(code[1], 16)]) if code[1] else chr(int(code[2], 16)).encode(), data)
    if "repeat" in said:
        assert _REPEATED.search(data), "no line '…' says what is repeated"
        data = _REPEATED.sub(lambda line: line[1] * (1 + int(said["repeat"])), data)
    if not place or "before" in said:
        place = f"micro-credentials/{own[1] if own else 'farm-water'}.yaml"
    return File(said.get("file", place), data, said.get("make", "file"), "before" in said)


@cache
def known(*sources: tuple[Source, ...]) -> Context:
    """What the engine is to know, read once for all examples with the same policies and organisations."""
    policies, organisations = sources
    return context(policies, (), organisations)


def build(folder: Path, files: Iterable[File]) -> Workspace:
    """A register on disk that holds the example as it is, and not as it was before."""
    (folder / ".git").mkdir()  # so that paths are told from here, wherever the folder lies
    root = folder / "catalogue"
    own = (File(path, text.encode()) for path, text in REGISTER.items())
    for file in {file.path: file for file in (*own, *files) if not file.before}.values():
        _MAKERS[file.make](root / file.path, file.data)
    return Workspace(root)


def _file(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)


def _link(path: Path, data: bytes) -> None:
    target = path.parents[2] / "elsewhere.yaml"
    _file(target, data)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def _pipe(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


def _schema(path: Path, data: bytes) -> None:
    _file(path, schema_text(path.name.removesuffix(".schema.json")).encode())


_MAKERS = {"file": _file, "link": _link, "pipe": _pipe, "schema": _schema}


MISSED = ("MC314", "MC320", "MC330")
"""Rules that miss what an example about something else has no need of."""


def checked(register: Workspace, about: str = "", files: Iterable[File] = ()) -> Report:
    """What `mcred validate` finds in a register on `DAY`, but for the clauses of frameworks.

    What is missing for reviews, and providers, is told where the example is about that. Where `files` has some of
    before, so is what the change from there did.
    """
    walk = register.walk()
    sources = {kind: tuple(e.source for e in register.entries(walk) if e.kind == kind) for kind in _KNOWN}
    request = Request(
        entries=register.entries(walk),
        again=register.read,
        files=walk.files,
        misplaced=register.misplaced(walk),
        as_of=date.fromisoformat(DAY),
        baseline=register.baseline(walk),
        changes=_changes(register, list(files)),
    )
    held = register.settings
    by = known(*sources.values())._replace(longest_ignore=held.longest_ignore, language=held.language)
    report = validate(request, by)
    assert not walk.unreadable
    passed_over = set(MISSED) - {about}
    return report._replace(
        diagnostics=tuple(each for each in report.diagnostics if rule_id(each.rule) and each.rule not in passed_over)
    )


_KNOWN = ("framework", "organisation")


def _changes(register: Workspace, files: list[File]) -> Callable[[], Changes] | None:
    """What differs from before; nothing where nothing is said of that."""
    if not any(file.before for file in files):
        return None
    now = {file.path: file for file in files if not file.before}
    was = {path: File(path, text.encode()) for path, text in REGISTER.items() if path in now}
    was |= {file.path: file for file in files if file.before}

    def entry(file: File | None) -> Entry | None:
        kind = folder_kind(file.path) if file is not None else None
        return Entry(Source(register.shown(file.path), file.data), kind) if file is not None and kind else None

    return lambda: Changes([Altered(entry(was.get(path)), entry(now.get(path))) for path in sorted({*was, *now})])


def printed(report: Report) -> str:
    """The findings as a person sees them, without the line that counts."""
    return "".join(text_report(report, Look(verbose=True))).rpartition("\n\n")[0] + "\n"
