"""Plain data: read from YAML, walked by JSON Pointer, made into digests."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import yaml


class Fault(Exception):
    """A thing that cannot be read; its text says where and why."""


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML 1.2's core types, dates as text, no key twice."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - as PyYAML has it

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise Fault(f"line {key.start_mark.line + 1}: the key '{name}' stands there twice")
            seen.add(name)
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


for tag, pattern, first in (
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("bool", r"^(?:true|false)$", list("tf")),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", list("-+0123456789")),
    ("float", r"^[-+]?(?:0|[1-9][0-9]*)\.[0-9]+$", list("-+0123456789")),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)


def load(text: str, name: str) -> Any:
    """The data of a YAML text; `name` is for the message."""
    try:
        return yaml.load(text, Loader)  # noqa: S506 - a safe loader
    except (Fault, yaml.YAMLError) as fault:
        raise Fault(f"{name}: {fault}") from None


def escape(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def segments(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """The scalars and empty containers under a value, each with its pointer."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, f"{pointer}/{escape(key)}")
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, f"{pointer}/{index}")
    else:
        yield pointer, value


def find(value: Any, pointer: str) -> tuple[str, Any]:
    """The pointer with indexes in the place of item ids, and the value there. LookupError where there is none."""
    found = ""
    for part in segments(pointer):
        key: Any = part
        if isinstance(value, list):
            by_id = [index for index, item in enumerate(value) if isinstance(item, dict) and item.get("id") == part]
            key = by_id[0] if by_id else int(part) if re.fullmatch("[0-9]+", part) else None
            if key is None or key >= len(value):
                raise LookupError(part)
        elif not isinstance(value, dict) or part not in value:
            raise LookupError(part)
        found += f"/{escape(key)}"
        value = value[key]
    return found, value


def named(value: Any, pointer: str) -> str:
    """The pointer with item ids in the place of indexes, where items have an id that no other item has."""
    found = ""
    for part in segments(pointer):
        step = part
        if isinstance(value, list):
            own = value[int(part)].get("id") if isinstance(value[int(part)], dict) else None
            if isinstance(own, str) and [item.get("id") for item in value if isinstance(item, dict)].count(own) == 1:
                step = own
            value = value[int(part)]
        else:
            value = value[part]
        found += f"/{escape(step)}"
    return found


def without_indexes(pointer: str) -> str:
    """`/standards/0/id` is `standards/id`: what kind of key it is."""
    return "/".join(part for part in segments(pointer) if not part.isdigit())


def expanded(pointer: str) -> list[str]:
    """`/a/{b,c}` is `/a/b` and `/a/c`."""
    match = re.fullmatch(r"(.*/)\{([^{}]+)\}", pointer)
    return [match[1] + name.strip() for name in match[2].split(",")] if match else [pointer]


def text(value: Any) -> str:
    """A value as one line of text; two values with the same text are the same fact."""
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFC", value).split())
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def words_of(value: Any) -> str:
    """All the text under a value."""
    return " / ".join(text(leaf) for _, leaf in leaves(value) if leaf is not None and leaf not in ([], {}))


def same(one: Any, other: Any) -> bool:
    """Whether two values state the same: a number may be text, a line break a blank; true is not 'true'."""
    if isinstance(one, list | dict) or isinstance(other, list | dict):
        if type(one) is not type(other) or len(one) != len(other):
            return False
        if isinstance(one, list):
            return all(map(same, one, other))
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return text(one) == text(other)


def digest(value: Any) -> str:
    return hashlib.sha256(text(value).encode()).hexdigest()[:12]
