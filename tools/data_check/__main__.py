"""The command line: `python -m tools.data_check COMMAND …`; tests/data/README.md describes it."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import maps, pages, source
from .checking import SHARE, Check, Found
from .drafting import draft
from .maps import Line, Map, Readings
from .pages import Pages
from .plain import Fault, digest, find, load, text
from .register import Register, structure
from .ways import show

ROOT = Path(__file__).resolve().parents[2]
MAPS = ROOT / "tests/data/map"


def folder(variable: str) -> Path | None:
    given = os.environ.get(variable)
    return Path(given) if given else None


def gathered(data: Path) -> Check:
    """All that the check compares, read from disk."""
    readings = Readings.read(ROOT / "tests/data")
    return Check(
        entries=source.collection(data),
        register=Register.read(ROOT / "catalogue"),
        maps=maps.read(MAPS, readings),
        readings=readings,
        pages=Pages.read(folder(pages.VARIABLE), ROOT / "schemas/frameworks"),
    )


def check(the: Check, *ids: str) -> int:
    faults: list[Found] = []
    if ids:
        for id in ids:
            faults += the.concerning(id)
        faults = [each for each in dict.fromkeys(faults) if not each.where.startswith(("nz/", "intl/"))]
    else:
        faults = list(the.faults())
    for each in faults:
        print(each)
    counts = the.counts()
    print(
        f"{len(the.entries)} entries with {counts.facts} facts, {counts.values} of them values;"
        f" {counts.unstated} not stated by their sources; {len(the.register.observed())} observed records"
    )
    share = (
        f"{len(counts.left_out)} of the other {counts.rest} facts left out ({counts.share:.1%}, at most {SHARE:.0%})"
    )
    print(share + (":" if counts.left_out else ""))
    for where, why in counts.left_out.items():
        print(f"  {where}: {why}")
    own = sum(line.way == "ours" for each in the.maps.values() for line in each.leaves.values())
    print(f"{own} leaves are this catalogue's own judgements and remarks")
    if the.pages.texts is None:
        print(f"{pages.VARIABLE} is not set: what goes back to regulation pages was not compared with them")
    print(f"data-check: {'passed' if not faults else f'FAILED, {len(faults)} faults'}")
    return 1 if faults else 0


def entries(the: Check) -> int:
    having = {each.entry: each.record for each in the.maps.values() if each.entry}
    for name, entry in the.entries.items():
        print(f"{name}\t{having.get(name, '-')}\t{text(entry.data.get('title') or '(no title)')}")
    return 0


def show_entry(the: Check, name: str) -> int:
    entry = the.entries[name]
    lines = {at: each for record in the.maps.values() if record.entry == name for at, each in record.keys.items()}
    for pointer, value in (*entry.facts().items(), *entry.comments.items()):
        print(f"{pointer}: {text(value)}")
        for line in next((each for at, each in lines.items() if f"{pointer}/".startswith(f"{at}/")), []):
            print(f"    -> {maps.flow(line.raw)}")
    return 0


def make_draft(the: Check, id: str, name: str | None = None) -> int:
    record, known = the.register.records[id], the.maps.get(id)
    name = name or (known.entry if known else None)
    made = draft(the, record, the.entries[name] if name else None, known)
    write(made)
    lines = [line for each in (*made.keys.values(), list(made.leaves.values())) for line in each]
    open_ = sum("todo" in line.raw for line in lines)
    print(f"wrote tests/data/map/{id}.yaml: {len(lines)} lines, {open_} of them to do; then: review {id}")
    return 0


def write(made: Map) -> None:
    content = maps.written(made)
    load(content, made.record)
    (MAPS / f"{made.record}.yaml").write_text(content, encoding="utf-8")


def pending(the: Check, each: Map) -> list[tuple[str, Line, list[Any]]]:
    """The lines whose texts were not compared as they now are: pointer, line, and the values to compare."""
    found = []
    entry = the.entries.get(each.entry or "")
    for at, lines in each.keys.items():
        for line in lines:
            if entry and line.way in maps.COMPARED:
                value = entry.comments[at] if at.endswith("#") else find(entry.data, at)[1]
                values = [value, *(find(the.register.records[id].data, pointer)[1] for id, pointer in line.to)]
                if line.raw.get("digests") != [digest(value) for value in values]:
                    found.append((at, line, values))
    for at, line in each.leaves.items():
        if line.way in {"ours", "page", "page-text"}:
            value = find(the.register.records[each.record].data, at)[1]
            if line.raw.get("value") != digest(value):
                found.append((at, line, [value]))
    return found


def review(the: Check, *ids: str) -> int:
    for id in ids:
        each = the.maps[id]
        for at, line, values in pending(the, each):
            print(f"\n{id}: {at}")
            first = "ours" if at in each.leaves else "data"
            if line.way in {"page", "page-text"} and the.pages.texts:
                digests = line.raw["line"] if isinstance(line.raw["line"], list) else [line.raw["line"]]
                for known in digests:
                    print(f"    page:   {the.pages.by_digest.get((line.raw['page'], known), '(no such line)')}")
                first = "record"
            print(f"    {first}:   {text(values[0])}")
            for (other, pointer), value in zip(line.to, values[1:], strict=False):
                print(f"    {'record' if other == id else other}{'' if other == id else '#'} {pointer}: {text(value)}")
        data = the.register.records[id].data
        if each.structure != digest(structure(data)):
            print(f"\n{id}: structure")
            for pointer, value in structure(data):
                print(f"    {pointer}: {show(value)}")
    return 0


def accept(the: Check, id: str, *pointers: str) -> int:
    each = the.maps[id]
    known = {*each.keys, *each.leaves, "structure"}
    if strange := [pointer for pointer in pointers if pointer not in known]:
        raise Fault(f"map/{id}.yaml has no line at {' and '.join(strange)}")
    count = 0
    for at, line, values in pending(the, each):
        if not pointers or at in pointers:
            if line.way in maps.COMPARED:
                line.raw["digests"] = [digest(value) for value in values]
            else:
                line.raw["value"] = digest(values[0])
            count += 1
    if not pointers or "structure" in pointers:
        each.structure = digest(structure(the.register.records[id].data))
    write(each)
    print(f"wrote tests/data/map/{id}.yaml: {count} texts compared")
    return 0


def lines(the: Check, page: str, *sought: str) -> int:
    if the.pages.texts is None:
        raise Fault(f"{pages.VARIABLE} is not set")
    if page not in the.pages.texts:
        raise Fault(f"there is no page {page}; there are {', '.join(the.pages.texts)}")
    for found, line in the.pages.lines(page, list(sought)):
        print(f"{found}  {line}")
    return 0


COMMANDS: dict[str, Callable[..., int]] = {
    "check": check,
    "entries": entries,
    "show": show_entry,
    "draft": make_draft,
    "review": review,
    "accept": accept,
    "lines": lines,
}


def main(words: list[str]) -> int:
    command, *rest = words or ["check"]
    data = folder(source.VARIABLE)
    if data is None:
        print(f"data-check: skipped, because {source.VARIABLE} is not set; it names the folder of the source data")
        return 0 if command == "check" else 2
    if command not in COMMANDS:
        print(f"no command '{command}'; there are {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[command](gathered(data), *rest)
    except Fault as fault:
        print(f"data-check: {fault}", file=sys.stderr)
        return 1
    except (KeyError, LookupError) as fault:
        print(
            f"data-check: there is no {fault.args[0]}; a record is named by its id, an entry as `entries` lists it",
            file=sys.stderr,
        )
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
