"""The source data: entries, their facts, and the comments beside their keys."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .plain import Fault, Loader, escape, leaves, load, without_indexes
from .words import MONTHS

VARIABLE = "MCRED_SOURCE_DATA"
FILES = {"nz": "real-nz-micro-credentials.yaml", "intl": "real-intl-micro-credentials.yaml"}

# Keys whose facts are compared as values; each is without indexes, a folder stands for what is under it.
VALUES = frozenset(
    """
    title short_name register_id other_ids id level level_range credits credits_each hours hours_range duration
    developer provider providers quality_assured_by framework nzsced_label education_pathway/ref education_pathway/title
    proposed_standards_2025_review standards/id standards/title standards/level standards/credits standards/version_seen
    standards/kind stacks_into dates accredited_on approved industry_endorsed_on first_cohort_completed work_began
    offered_on year count graduates
    """.split()
)


def is_value(pointer: str) -> bool:
    kind = without_indexes(pointer)
    return any(kind == each or kind.startswith(f"{each}/") for each in VALUES)


@dataclass(frozen=True)
class Entry:
    name: str
    data: dict[str, Any]
    comments: dict[str, str]  # by the key's pointer and `#`
    seen: str  # the month of the collection, such as 2026-11

    def facts(self) -> dict[str, Any]:
        """The leaves that state something, and those that say that the source does not."""
        return dict(leaves(self.data))

    def addresses(self) -> set[str]:
        also = self.data.get("also") or []
        urls = {value for pointer, value in leaves(self.data) if pointer.endswith(("_source", "/source"))}
        return {url for url in urls | set(also) if isinstance(url, str)}


def slug(title: str) -> str:
    folded = "".join(each for each in unicodedata.normalize("NFKD", title) if not unicodedata.combining(each))
    return re.sub("[^a-z0-9]+", "-", folded.lower()).strip("-")


def collection(folder: Path) -> dict[str, Entry]:
    """All entries by name."""
    found: dict[str, Entry] = {}
    for short, name in FILES.items():
        path = folder / name
        if not path.is_file():
            raise Fault(f"{VARIABLE}={folder}: there is no {name}")
        content = path.read_text(encoding="utf-8")
        data = load(content, name)
        comments = _comments(content)
        for index, entry in enumerate(data):
            own = entry.get("id") or entry.get("register_id") or slug(entry["title"])
            key = f"{short}/{own}"
            if key in found:
                raise Fault(f"{name}: two entries are named {key}")
            found[key] = Entry(key, entry, comments.get(index, {}), _month(content))
    return found


def _month(content: str) -> str:
    head = "".join(line for line in content.splitlines(keepends=True) if line.startswith("#"))
    match = re.search(rf"\b({'|'.join(MONTHS)}) ([0-9]{{4}})\b", head)
    if match is None:
        raise Fault("the head of the source data does not say in which month it was collected")
    return f"{match[2]}-{MONTHS.index(match[1]) + 1:02}"


def _comments(content: str) -> dict[int, dict[str, str]]:
    """Comments behind a key, by the entry's index and the key's pointer."""
    root = yaml.compose(content, Loader)
    nodes = list(_nodes(root, "")) if root is not None else []
    spans = [(node.start_mark.index, node.end_mark.index) for _, node in nodes if isinstance(node, yaml.ScalarNode)]
    keys: dict[int, str] = {}
    for pointer, node in nodes:
        if isinstance(node, yaml.MappingNode):
            for key, _ in node.value:
                keys.setdefault(key.start_mark.line, f"{pointer}/{escape(key.value)}")
    found: dict[int, dict[str, str]] = {}
    offset = 0
    for number, line in enumerate(content.splitlines(keepends=True)):
        for match in re.finditer(r"(?<=\s)#.*", line):
            place = offset + match.start()
            if number in keys and not any(start <= place < end for start, end in spans):
                index, rest = re.fullmatch(r"/([0-9]+)(/.*)", keys[number]).groups()  # type: ignore[union-attr]
                found.setdefault(int(index), {}).setdefault(f"{rest}#", match[0][1:].strip())
        offset += len(line)
    return found


def _nodes(node: yaml.Node, pointer: str) -> Iterator[tuple[str, yaml.Node]]:
    yield pointer, node
    if isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            yield from _nodes(item, f"{pointer}/{place}")
    elif isinstance(node, yaml.MappingNode):
        for key, item in node.value:
            yield pointer, key
            yield from _nodes(item, f"{pointer}/{escape(key.value)}")
