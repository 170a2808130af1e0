"""Writes docs/format/*.md, the record format field by field, from the schemas.

    .venv/bin/python -m tools.docs_format            writes the pages
    .venv/bin/python -m tools.docs_format --check    says which are not as they would be written; 1 if any is

A page a kind of record, one for the parts that several kinds share, one for decisions, and one for derived values,
which is made from their table. README.md in that folder is written by hand.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from mcred.edits import block, flow
from mcred.record import KINDS
from mcred.record.derived import TABLE

Schema = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "schemas"
FOLDER = ROOT / "docs" / "format"

COMMON = "common.schema.json#/$defs/"
LOCAL = "#/$defs/"

PARTS = "parts"
DECISIONS = "decisions"
DERIVED = "derived"
OF_DECISIONS = {
    "decision": "On micro-credentials, training schemes and groups",
    "equivalency-decision": "On equivalencies",
}
"""Parts that are told on the page of decisions, with their headings there."""

INTRODUCTIONS = {
    DECISIONS: "What was done about something, by whom and when. The order in the file is the order in which decisions "
    "were recorded; what follows from them goes by their dates. A decision is added at the end and never rewritten: a "
    "`corrected` one puts a mistake right.",
    PARTS: "The pages of the kinds lead here for what a value is. [Decisions](decisions.md) have a page of their own.",
    DERIVED: "What follows from a record, its decisions and a day. It is worked out anew each time and never written "
    "into a record. `mcred show` prints it, `mcred list` filters and orders by it, and clauses of frameworks read it "
    "as `/derived/…`. `mcred schema derived` prints the JSON Schema. `null` in place of any says: not known, or not "
    "the case.",
}

MADE = "<!-- Made by tools/docs_format.py from {source}; change that, not this page. -->"

ACTS = {
    "submitted": "An application went to a body: for a new award, a change, or approval to deliver.",
    "withdrawn": "The applicant took an application back.",
    "not-approved": "A body decided against an application.",
    "content-approved": "A body approved the content of a version. In the Pacific this is the accreditation of a "
    "micro-qualification.",
    "listed": "It was entered in the published register. Its status begins as the framework says.",
    "delivery-approved": "A provider may deliver it. In New Zealand this is accreditation. Two approvals hold side by "
    "side unless the later one replaces the earlier.",
    "delivery-ended": "An approval to deliver came to its end before its time.",
    "status-assigned": "The listing got another status.",
    "review-period-assigned": "The authority set the years between reviews.",
    "review-date-assigned": "The authority set the date of the next review.",
    "extended": "The authority moved the date of the next review back.",
    "review-started": "A review is under way.",
    "review-completed": "A review came to an end, with what was looked at and what came of it.",
    "review-decided": "The authority answered a completed review.",
    "condition-met": "A condition of an earlier decision is met.",
    "changed": "The content changed: a significant change needs a content approval of the same version, a minor one "
    "does not.",
    "excepted": "The authority set a clause aside for what was decided before the next significant change.",
    "transferred": "Another organisation answers for the content from then on.",
    "corrected": "An earlier decision was recorded wrongly. The ledger is never rewritten: this sets keys right, or "
    "makes the earlier decision count for nothing.",
    "removed": "The entry was taken off the register. The file stays.",
    "applied": "An application for a statement went to a body.",
    "issued": "The body issued its statement.",
}
"""What each act says happened, which the schemas do not tell."""


class Place(NamedTuple):
    """The page that is being written, and what of the schemas is told where."""

    page: str
    shared: dict[str, Schema]
    """The parts that several kinds share, by name."""
    own: dict[str, Schema]
    """The parts of one kind alone, which its page tells at its end."""

    def part(self, ref: str) -> Schema:
        """What a `$ref` leads to."""
        return (self.own if self._is_own(ref) else self.shared)[name_of(ref)]

    def link(self, ref: str) -> str:
        """A part by its title, leading to where it is told."""
        name, title = name_of(ref), self.part(ref)["title"]
        if self._is_own(ref):
            page, heading = self.page, headings(self.own)[name]
        else:
            page = DECISIONS if name in OF_DECISIONS else PARTS
            heading = {**headings(self.shared), **OF_DECISIONS}[name]
        anchor = f"#{slug(heading)}"
        return f"[{title[:1].lower()}{title[1:]}]({anchor if page == self.page else f'{page}.md{anchor}'})"

    def _is_own(self, ref: str) -> bool:
        return bool(self.own) and ref.startswith(LOCAL)


# --- pages -----------------------------------------------------------------------------------------------------------


def pages() -> dict[str, str]:
    """The text of every page by its name, without .md."""
    shared = read("common")["$defs"]
    made = {kind: page_of_kind(kind, Place(kind, shared, read(kind).get("$defs", {}))) for kind in described()}
    made[DECISIONS] = page_of_decisions(Place(DECISIONS, shared, {}))
    made[PARTS] = page_of_parts(Place(PARTS, shared, {}))
    made[DERIVED] = page_of_derived()
    return made


PRINTED = ("diff", "history", "log", "report")
"""What describes the output of a command, and so no file of a catalogue."""


def described() -> list[str]:
    """What has a page of its own: the catalogue's file, the kinds of record, and what else ships as data."""
    files = {path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json")}
    return ["catalogue", *KINDS, *sorted(files - {"catalogue", "common", *PRINTED, *KINDS})]


def file_of(kind: str) -> str:
    """Where a file of a kind lies."""
    if kind == "catalogue":
        return "The file is `catalogue.yaml` in the root of the catalogue."
    if kind in KINDS:
        return f"The file is `{KINDS[kind]}/ID.yaml` below the root of the catalogue."
    return "It comes with mcred."


def page_of_kind(kind: str, place: Place) -> str:
    schema = read(kind)
    required = schema.get("required", [])
    needed = f"Only {in_words(code(key) for key in required)} must be there." if required else "No field must be there."
    lines = [
        f"# {schema['title']}",
        MADE.format(source=f"schemas/{kind}.schema.json"),
        schema["description"],
        f"{file_of(kind)} {needed} [What holds for all fields](README.md).",
        index(schema["properties"]),
    ]
    for key, field in schema["properties"].items():
        lines += [f"## `{key}`", *told(key, field, key in required, place)]
    lines += variants(schema, place, "##")
    if place.own:
        lines += ["## Its parts", *parts(place.own, place)]
    return joined(lines)


def page_of_decisions(place: Place) -> str:
    lines = [
        "# Decisions",
        MADE.format(source="schemas/common.schema.json"),
        INTRODUCTIONS[DECISIONS],
    ]
    for name, heading in OF_DECISIONS.items():
        schema = place.shared[name]
        kinds = [kind for kind in KINDS if f'{COMMON}{name}"' in (SCHEMAS / f"{kind}.schema.json").read_text("utf-8")]
        lines += [
            f"## {heading}",
            f"`decisions` of {in_words(f'[{a(kind)}]({kind}.md)' for kind in kinds)}. Every act may have these keys:",
            table({key: value for key, value in schema.items() if key != "allOf"}, place),
        ]
        for chosen, variant in choices(schema):
            lines += [f"### {chosen}" + (" of an equivalency" if name == "equivalency-decision" else "")]
            lines += [ACTS[value] for value in re.findall("`(.+?)`", chosen)]
            own = own_keys(variant, schema)
            lines += [table({**variant, "properties": own}, place) if own else "It has no keys of its own."]
    return joined(lines)


def page_of_parts(place: Place) -> str:
    """The parts that records are made of: first those that are one value, then those with keys."""
    all_parts = {name: each for name, each in place.shared.items() if name not in OF_DECISIONS}
    simple = {name: each for name, each in all_parts.items() if "properties" not in each}
    objects = {name: each for name, each in all_parts.items() if name not in simple}
    lines = [
        "# Parts that records share",
        MADE.format(source="schemas/common.schema.json"),
        INTRODUCTIONS[PARTS],
    ]
    lines += ["## Values", *parts(simple, place)]
    lines += ["## Values with keys", *parts(objects, place)]
    return joined(lines)


def parts(some: dict[str, Schema], place: Place) -> Iterator[str]:
    """Parts, each under a heading: what it is, its type, its keys."""
    known = headings(place.own or place.shared)
    for name, schema in some.items():
        yield f"### {known[name]}"
        yield schema["description"]
        if schema.get("type") != "object":
            yield f"*{capital(Type(place, schema).words())}.*"
        if any(objects_in(schema)):
            yield table(schema, place)


def page_of_derived() -> str:
    head = "| value | type | kinds | what it says |\n|---|---|---|---|\n"
    table = (
        f"| `{name}` | {Type(None, without_null(field.schema)).words()} | "
        f"{'every kind' if set(KINDS) <= set(field.kinds) else ', '.join(field.kinds)} | "
        f"**{field.title}.** {cell(field.description)} |"
        for name, field in TABLE.items()
    )
    return joined(
        [
            "# Derived values",
            MADE.format(source="the table in src/mcred/record/derived.py"),
            INTRODUCTIONS[DERIVED],
            head + "\n".join(table),
        ]
    )


def without_null(schema: Schema) -> Schema:
    """A schema that does not speak of null, which every derived value may be."""
    made = dict(schema)
    if isinstance(made.get("type"), list):
        made["type"] = [each for each in made["type"] if each != "null"]
    if "items" in made:
        made["items"] = without_null(made["items"])
    return made


# --- a field ---------------------------------------------------------------------------------------------------------


def told(key: str, field: Schema, required: bool, place: Place) -> Iterator[str]:
    """A field under its heading: title, type, what it is for, keys of its own, examples."""
    must = " It must be there." if required else ""
    yield f"**{field['title']}.** *{capital(Type(place, field).words())}.*{must}"
    yield field["description"] + default(field)
    if any(objects_in(field)):
        yield table(field, place)
    examples = field.get("examples", [])
    yield "\n\n".join("```yaml\n" + "\n".join(block(key, each)) + "\n```" for each in examples)


def table(schema: Schema, place: Place) -> str:
    """The keys of an object, and of objects inside it, one a row."""
    head = "| key | type | what to write | example |\n|---|---|---|---|\n"
    return head + "\n".join(rows(schema, place, ""))


def rows(schema: Schema, place: Place, path: str) -> Iterator[str]:
    for step, of in objects_in(schema):
        inside = f"{path}{step}." if path else ""
        yield from keys(of, of, place, inside, "")


def keys(part: Schema, base: Schema, place: Place, inside: str, when: str) -> Iterator[str]:
    """The rows of an object's own keys, then of those that it has in some cases, and in cases of those."""
    fields = own_keys(part, base) if when else part.get("properties", {})
    for key, field in fields.items():
        if of_a_date(key, fields):
            continue
        beside = [f"`{each}`" for each in (f"{key}_is", f"{key}_source") if of_a_date(each, fields)]
        name = f"`{inside}{key}`" + (", needed" if key in part.get("required", []) else "")
        name += f" (with {in_words(beside)})" if beside else ""
        what = (f"With {when}: " if when else "") + field["description"] + default(field)
        examples = "; ".join(code(flow(each)) for each in field.get("examples", []))
        yield f"| {name} | {cell(Type(place, field).words())} | {cell(what)} | {examples} |"
        yield from rows(field, place, f"{inside}{key}")
    for chosen, variant in choices(part):
        yield from keys(variant, base, place, inside, f"{when} and {chosen}" if when else chosen)


def of_a_date(key: str, fields: dict[str, Schema]) -> bool:
    """Whether a key says how sure another is, or where that comes from; it is told beside that one."""
    date = key.removesuffix("_is").removesuffix("_source")
    return date != key and fields.get(date, {}).get("$ref", "").endswith("/date")


def objects_in(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The objects whose keys a field has, itself or its items, each with the step to it; not those told elsewhere."""
    if "$ref" in schema:
        return
    if schema.get("properties"):
        yield "", schema
    items = schema.get("items")
    if isinstance(items, dict):
        yield from ((f"[]{further}", of) for further, of in objects_in(items))


def choices(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The variants of an object: in words when each holds, and what holds then."""
    for part in schema.get("allOf", ()):
        for key, test in part.get("if", {}).get("properties", {}).items():
            values = test.get("enum", [test["const"]] if "const" in test else [])
            alone = key == "act"
            yield (
                in_words((f"`{v}`" if alone else f"`{key}: {v}`" for v in values), "or"),
                part.get("then", {}),
            )


def own_keys(variant: Schema, base: Schema) -> dict[str, Schema]:
    """The keys of a variant that are not those of all; `true` stands for one of those."""
    common = base.get("properties", {})
    return {
        key: field
        for key, field in variant.get("properties", {}).items()
        if isinstance(field, dict) and not (key in common and not field.get("description"))
    }


def variants(schema: Schema, place: Place, level: str) -> Iterator[str]:
    for chosen, variant in choices(schema):
        own = own_keys(variant, schema)
        required = [key for key in variant.get("required", []) if key not in own]
        if own or required:
            yield f"{level} With {chosen}"
        if required:
            yield f"{in_words(f'`{key}`' for key in required)} must be there."
        if own:
            yield table({**variant, "properties": own}, place)


# --- types in words --------------------------------------------------------------------------------------------------


class Type:
    """What a schema says a value is, in words."""

    def __init__(self, place: Place | None, schema: Schema) -> None:
        self.place = place
        self.schema = schema

    def words(self) -> str:
        """The type, then what else is known of the value."""
        return "; ".join([self._type(), *self._more()])

    def _type(self) -> str:
        schema = self.schema
        if "$ref" in schema and self.place:
            values = self.place.part(schema["$ref"]).get("enum")
            return self._reference() or (self._one_of(values) if values else self.place.link(schema["$ref"]))
        if "enum" in schema:
            return self._one_of(schema["enum"])
        if "const" in schema:
            return code(flow(schema["const"]))
        types = schema.get("type", [])
        types = [types] if isinstance(types, str) else types
        if "x-expected" in schema and "string" in types:
            # It says of everything but an object what is expected.
            types = ["expected", *(["object"] if "object" in types else [])]
        return in_words((self._one(each) for each in types), "or") if types else "any value"

    @staticmethod
    def _one_of(values: Iterable[Any]) -> str:
        return "one of " + in_words((code(flow(each)) for each in values), "or")

    def _reference(self) -> str:
        """A value that names something else."""
        names = self.schema.get("x-references")
        if isinstance(names, str):
            return f"id of one of this record's {self._list(names)}"
        if not names:
            return ""
        part = name_of(self.schema["$ref"])
        kinds = in_words((f"[{each}]({each}.md)" for each in names), "or")
        page = "" if self.place and self.place.page == PARTS else f"{PARTS}.md"
        more = {
            "reference": f", or a [reference to something else]({page}#reference)",
            "framework": ", `none` or `unknown`",
        }
        return f"id of {article(names[0])} {kinds}{more.get(part, '')}"

    @staticmethod
    def _list(pointer: str) -> str:
        *outer, name = [part for part in pointer.removeprefix("#/").split("/") if part != "*"]
        return f"`{name}`" + (f" of its `{outer[0]}`" if outer else "")

    def _one(self, type: str) -> str:
        schema = self.schema
        if type == "array":
            items = schema.get("items", {})
            least = f" of at least {schema['minItems']}" if schema.get("minItems") else ""
            if items.get("properties"):
                return f"list{least} with the keys below"
            return f"list{least}: {Type(self.place, items).words()}" if items else "list"
        if type in {"integer", "number"}:
            return self._number("a whole number" if type == "integer" else "a number")
        only = schema.get("pattern", "").strip("^$")
        words: dict[str, str] = {
            "expected": schema.get("x-expected", ""),
            "object": "an object with the keys below" if schema.get("properties") else "a map",
            "string": f"the word `{only}`" if only.isalnum() else "text",
            "boolean": "`true` or `false`",
            "null": "null",
        }
        return words[type]

    def _number(self, name: str) -> str:
        least, most = self.schema.get("minimum"), self.schema.get("maximum")
        if "exclusiveMinimum" in self.schema:
            return f"{name} above {self.schema['exclusiveMinimum']}"
        if least is not None and most is not None:
            return f"{name} from {least} to {most}"
        return name if least is None else f"{name}, {least} or more"

    def _more(self) -> Iterator[str]:
        schema = self.schema
        if schema.get("minLength") or schema.get("maxLength"):
            least, most = schema.get("minLength", 1), schema.get("maxLength")
            yield f"{least} to {most} characters" if most else f"{least} characters or more"
        if schema.get("uniqueItems"):
            yield "none twice"
        if schema.get("x-unique"):
            yield f"each with its own `{schema['x-unique']}`"
        if typed := schema.get("x-typed-by"):
            yield f"one of the {typed} of the framework"
        if schema.get("x-relation"):
            yield "never in a circle"


# --- words -----------------------------------------------------------------------------------------------------------


def read(kind: str) -> Schema:
    schema: Schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text("utf-8"))
    return schema


def name_of(ref: str) -> str:
    return ref.removeprefix(COMMON).removeprefix(LOCAL)


def headings(some: dict[str, Schema]) -> dict[str, str]:
    """A heading for each part: its title, and its name too where another has that title."""
    titles = [each["title"] for each in some.values()]
    return {
        name: each["title"] if titles.count(each["title"]) == 1 else f"{each['title']} ({name.replace('-', ' ')})"
        for name, each in some.items()
    }


def slug(heading: str) -> str:
    """The anchor that a forge gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def index(keys: Iterable[str]) -> str:
    return " · ".join(f"[`{key}`](#{slug(key)})" for key in keys)


def in_words(items: Iterable[str], last: str = "and") -> str:
    *most, end = items
    return f"{', '.join(most)} {last} {end}" if most else end


def article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"


def a(noun: str) -> str:
    return f"{article(noun)} {noun}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def default(field: Schema) -> str:
    if "default" not in field or "eft out" in field["description"]:
        return ""
    return f" Left out, it is {code(flow(field['default']))}."


def code(text: str) -> str:
    return f"`{cell(text)}`"


def cell(text: str) -> str:
    """Text that may stand in a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def joined(lines: Iterable[str]) -> str:
    return "\n\n".join(line for line in lines if line) + "\n"


# --- the command -----------------------------------------------------------------------------------------------------


def main(*arguments: str) -> int:
    if arguments not in ((), ("--check",)):
        print("usage: python -m tools.docs_format [--check]", file=sys.stderr)
        return 2
    differ = 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        path = FOLDER / f"{name}.md"
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        differ += 1
        if arguments:
            print(f"{path.relative_to(ROOT)} is not what would be written")
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if arguments and differ else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
