"""`fix`: only what is sure to be meant is repaired, once is enough, and nothing gets worse."""

import unicodedata
from random import Random

import pytest

from mcred.diagnostic import Severity
from mcred.document import read
from mcred.fixing import fixed
from tests.support import checked, copied, kind_of, lines_of, mcred, real_records
from tests.test_edits import remarks

LINE = "# yaml-language-server: $schema=../../.mcred/schemas/micro-credential.schema.json\n"
HEAD = LINE + "id: a-draft\ntitle: A Draft\n"
PATH = "micro-credentials/a-draft.yaml"

KINDS = {
    "misspelt-field": (HEAD + "framwork: none  # why\n", HEAD + "framework: none  # why\n"),
    "misspelt-field-inside": (
        HEAD + "framework: none\npurpose: {statment: x}\n",
        HEAD + "framework: none\npurpose: {statement: x}\n",
    ),
    "misspelt-field-of-an-item": (
        HEAD + "framework: none\noutcomes:\n  - {id: a, txt: x}\n",
        HEAD + "framework: none\noutcomes:\n  - {id: a, text: x}\n",
    ),
    "quotes": (
        HEAD + "framework: none\nsubjects: [{scheme: nzsced, code: 050104}]  # why\n",
        HEAD + 'framework: none\nsubjects: [{scheme: nzsced, code: "050104"}]  # why\n',
    ),
    "level-in-quotes": (HEAD + 'framework: nzqcf\nlevel: "3"\n', HEAD + "framework: nzqcf\nlevel: 3\n"),
    "one-repair-shows-another": (HEAD + 'framework: nzqcf\nlevle: "3"\n', HEAD + "framework: nzqcf\nlevel: 3\n"),
    "letters-in-pieces": (HEAD + "framework: none  # Wha\u0304nau\n", HEAD + "framework: none  # Whānau\n"),
    "letters-in-pieces-in-a-value": (
        HEAD.replace("A Draft", "A Wha\u0304nau") + "framework: none\n",
        HEAD.replace("A Draft", "A Whānau") + "framework: none\n",
    ),
    "two-kinds-of-line-end": (HEAD.replace("\n", "\r\n", 1) + "framework: none\n", HEAD + "framework: none\n"),
    "carriage-returns": ((HEAD + "framework: none\n").replace("\n", "\r"), HEAD + "framework: none\n"),
    "no-last-line-end": (HEAD + "framework: none", HEAD + "framework: none\n"),
    "no-last-line-end-crlf": (
        (HEAD + "framework: none").replace("\n", "\r\n"),
        (HEAD + "framework: none\n").replace("\n", "\r\n"),
    ),
    "no-editor-line": ((HEAD + "framework: none\n").removeprefix(LINE), HEAD + "framework: none\n"),
    "another-editor-line": ((HEAD + "framework: none\n").replace("../../.mcred", "../.."), HEAD + "framework: none\n"),
    "editor-line-with-a-remark": (
        (HEAD + "framework: none\n").replace("../../.mcred", "../..").replace("\n", "  # a remark\n", 1),
        (HEAD + "framework: none\n").replace("\n", "  # a remark\n", 1),
    ),
    "right-editor-line-with-a-remark": (
        (HEAD + "framework: none\n").replace("\n", "  # a remark\n", 1),
        (HEAD + "framework: none\n").replace("\n", "  # a remark\n", 1),
    ),
    "editor-line-after-a-mark": (
        "\ufeff" + (HEAD + "framework: none\n").removeprefix(LINE),
        "\ufeff" + HEAD + "framework: none\n",
    ),
    "nothing": (HEAD + "framework: none\n", HEAD + "framework: none\n"),
    "all-crlf-stays": (
        (HEAD + "framework: none\n").replace("\n", "\r\n"),
        (HEAD + "framework: none\n").replace("\n", "\r\n"),
    ),
}


def repaired(data: bytes) -> bytes:
    """A file after repairs are looked for until there are none, without the command line."""
    for _ in range(6):
        report = checked({PATH: data}, alone=True)
        new = fixed(data, report.diagnostics, LINE).data
        if new == data:
            return data
        data = new
    raise AssertionError("there was no end to the repairs")


@pytest.mark.parametrize(("text", "wanted"), KINDS.values(), ids=KINDS)
def test_each_kind_of_repair(text, wanted):
    assert repaired(text.encode()).decode() == wanted


def files(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_command_repairs_all_at_once_and_then_nothing(tmp_path):
    root = copied(tmp_path)
    names = {}
    for name, (text, wanted) in KINDS.items():
        place = root / f"micro-credentials/x-{name}.yaml"
        names[place] = wanted.replace("a-draft", f"x-{name}")
        place.write_bytes(text.replace("a-draft", f"x-{name}").encode())
    old = files(root)
    dry = mcred("fix", "--dry-run", cwd=root)
    assert "would be made" in dry.out
    assert files(root) == old
    done = mcred("fix", cwd=root)
    assert done.code == dry.code == 0, done
    for place, wanted in names.items():
        assert place.read_bytes().decode() == wanted, place.name
    now = files(root)
    assert {path for path in now if now[path] != old[path]} <= {f"micro-credentials/{place.name}" for place in names}
    again = mcred("fix", cwd=root)
    assert again.out == "0 repairs made in 0 files\n"
    assert files(root) == now


def test_only_what_is_named_is_repaired(tmp_path):
    root = copied(tmp_path)
    for name in ("x-a", "x-b"):
        (root / f"micro-credentials/{name}.yaml").write_text(f"id: {name}\ntitle: A\nframwork: none\n")
    assert mcred("fix", "micro-credentials/x-a.yaml", cwd=root).code == 0
    assert "framework" in (root / "micro-credentials/x-a.yaml").read_text()
    assert "framwork" in (root / "micro-credentials/x-b.yaml").read_text()


BROKEN = {
    "syntax": b"id: a-draft\ntitle: [A\r\nlevle: 3",
    "bytes": b"id: a-draft\ntitle: \xff\r\nlevle: 3",
    "conflict": "id: a-draft\n<<<<<<< ours\ntitle: Wha\u0304nau\n=======\ntitle: B\n>>>>>>> theirs".encode(),
    "two-documents": b"id: a-draft\r\n---\nid: b",
    "empty": b"",
    "list": b"- id: a\r\n- levle: b\n- c",
    "keys-that-become-one": "id: a-draft\ntitle: A\nx-ā: 1\nx-a\u0304: 2".encode(),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_read_stays_as_it_is(data):
    assert fixed(data, checked({PATH: data}, alone=True).diagnostics, LINE).data == data


def test_a_name_that_is_taken_is_left(tmp_path):
    """Two fields of one meaning: which of them is right nobody can be sure of."""
    root = copied(tmp_path)
    place = root / PATH
    place.write_text(HEAD + "framework: nzqcf\nlevel: 3\nlevle: 4\n")
    done = mcred("fix", cwd=root)
    assert done.code in (0, 1)
    assert place.read_text() == HEAD + "framework: nzqcf\nlevel: 3\nlevle: 4\n"


def errors(data):
    report = checked({PATH: data}, alone=True)
    return report.number(Severity.ERROR)


RECORDS = [(path, data) for path, data in real_records().items() if kind_of(path) == "micro-credential"]


@pytest.mark.parametrize("path", sorted(path for path in real_records() if path != "catalogue.yaml")[::7])
def test_nothing_is_repaired_in_the_projects_own_records(path):
    data = real_records()[path]
    line = data.partition(b"\n")[0].decode() + "\n"
    assert fixed(data, checked({path: data}, alone=True).diagnostics, line).data == data


def damaged(chance, data):
    """A record with faults that can be repaired, and some that cannot."""
    text = data.decode()
    for _ in range(chance.randrange(1, 5)):
        action = chance.randrange(7)
        lines = text.split("\n")
        place = chance.randrange(len(lines))
        line = lines[place]
        if action == 0 and ":" in line:
            lines[place] = line.replace(":", "e:", 1)
        elif action == 1:
            lines[place] = line.replace('"', "")
        elif action == 2:
            lines[place] = unicodedata.normalize("NFD", line)
        elif action == 3:
            lines[place] = line + "\r"
        elif action == 4:
            lines[place] = line + "  # a remark"
        elif action == 5 and len(line) > 6:
            at = chance.randrange(1, len(line) - 2)
            lines[place] = line[:at] + line[at + 1] + line[at] + line[at + 2 :]
        text = "\n".join(lines)
        if action == 6:
            text = chance.choice(
                [text.rstrip("\n"), "\ufeff" + text.removeprefix("\ufeff"), text.replace("\n", "\r\n")]
            )
    return text.encode()


@pytest.mark.parametrize(
    ("seed", "number"), [(0, 40), *(pytest.param(seed, 100, marks=pytest.mark.slow) for seed in range(1, 11))]
)
def test_damaged_records_get_no_worse_and_keep_their_comments(seed, number):
    chance = Random(seed)
    for _ in range(number):
        _, data = chance.choice(RECORDS)
        data = damaged(chance, data)
        new = repaired(data)
        if read(data).data is None and read(new).data is None:
            assert new == data
            continue
        assert errors(new) <= errors(data), data
        assert repaired(new) == new
        kept = [
            unicodedata.normalize("NFC", line) for line in remarks(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        ]
        there = remarks(new)
        assert [line for line in kept if line not in there and not line.startswith("# yaml-language")] == []
        assert abs(len(lines_of(new)) - len(lines_of(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")))) <= 2
