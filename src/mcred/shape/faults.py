"""What failed a schema, told in an author's language: one fault, one finding, on the key or value that is wrong."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mcred.dates import ImpossibleDate, days
from mcred.diagnostic import Anchor, Finding, Fix, Pointer, Related
from mcred.document.reading import Document
from mcred.shape.schemas import Schema, Shape
from mcred.text import MOST_SUGGESTED, Suggestions, one_of, plural, slug

TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a set of fields",
}


class Nearest:
    """Did-you-mean in one file: what is misspelt in every item alike is looked up once."""

    def __init__(self) -> None:
        self._suggestions = Suggestions()
        self._found: dict[tuple[str, ...], str | None] = {}

    def __call__(self, word: str, candidates: Iterable[str]) -> str | None:
        """The candidate that `word` was probably meant to be; None where none is near, or enough was suggested."""
        key = (word, *candidates)
        if key not in self._found:
            self._found[key] = self._suggestions.closest(word, key[1:])
        return self._found[key]


class Fault:
    """A schema error with what is needed to tell it: the document, the shape, the schema of the field."""

    def __init__(
        self, document: Document, shape: Shape, error: Any, known: dict[Pointer, Schema], nearest: Nearest
    ) -> None:
        self.document = document
        self.shape = shape
        self.nearest = nearest
        self.pointer = Pointer(error.absolute_path)
        self.value: Any = error.instance
        self.keyword: str = error.validator
        self.limit = error.validator_value
        if self.pointer not in known:
            known[self.pointer] = shape.at(self.pointer, document.data)
        self.schema: Schema = {**error.schema, **known[self.pointer]}
        self.of_key = "propertyNames" in error.absolute_schema_path

    @property
    def called(self) -> str:
        """What the field is called: `'credits'`, `item 2 of 'subjects'`."""
        return called(self.pointer)

    @property
    def examples(self) -> list[Any]:
        """The schema's examples of the field."""
        examples: list[Any] = self.schema.get("examples", [])
        return examples

    def finding(self, rule: str, template: str, **more: Any) -> Finding:
        """A finding about this field."""
        return Finding(self.pointer, template, rule=rule, called=self.called, **more)


def called(pointer: Pointer) -> str:
    """What a place is called in a sentence."""
    if not pointer:
        return "the record"
    if isinstance(pointer[-1], int):
        return f"item {pointer[-1] + 1} of {called(pointer.parent)}"
    return f"'{pointer[-1]}'"


def explain(document: Document, data: dict[str, Any], shape: Shape) -> list[Finding]:
    """The findings for the data of a document that has not the shape of its kind, each once."""
    known: dict[Pointer, Schema] = {}
    nearest = Nearest()
    errors = shape.explainer.iter_errors(data)
    faults = [Fault(document, shape, error, known, nearest) for error in errors]
    wrong = {fault.pointer for fault in faults if fault.keyword == "type"}
    findings: dict[tuple[object, ...], Finding] = {}
    for fault in sorted(faults, key=lambda fault: (len(fault.pointer), str(fault.pointer), fault.keyword)):
        if _spoilt(fault.pointer, document.touched) or (fault.keyword != "type" and fault.pointer in wrong):
            continue
        for finding in (_type if _misplaced(fault) else KEYWORDS[fault.keyword])(fault):
            if finding.pointer not in document.touched:
                findings.setdefault((finding.rule, finding.pointer, finding.arguments.get("field")), finding)
    return _fused(findings.values())


def _spoilt(pointer: Pointer, touched: set[Pointer]) -> bool:
    return bool(touched) and any(pointer[:length] in touched for length in range(len(pointer) + 1))


def _misplaced(fault: Fault) -> bool:
    """Whether fields stand where a value is meant: `{min: 1, max: 2}` for credits, which may be `{none: why}`.

    Where they have none of the fields that there could be, nobody has misspelt one: it is another type that was chosen.
    """
    if fault.keyword not in ("required", "additionalProperties") or "type" not in fault.schema:
        return False
    first = _types(fault)[0]
    if first == "object":
        return False
    fields = fault.shape.fields(fault.schema, fault.value)
    if first != "array" and "required" not in fault.schema:
        return False
    return not any(name in fields or fault.nearest(name, fields) for name in fault.value)


def _fused(findings: Any) -> list[Finding]:
    """Without what is missing only because it is misspelt beside."""
    found = list(findings)
    meant = {(f.pointer.parent, stands_for(f)) for f in found if f.rule == "unknown-field"}
    return [f for f in found if f.rule != "missing-field" or (f.pointer, f.arguments["field"]) not in meant]


def stands_for(finding: Finding) -> str | None:
    """The field beside it that an unknown one was meant to be, or may have been meant to be."""
    meant = finding.fix.value if finding.fix else finding.arguments.get("lacking")
    return str(meant) if meant else None


# --- types -----------------------------------------------------------------------------------------------------------


def _type(fault: Fault, types: list[str] | None = None) -> Iterator[Finding]:
    types = types or _types(fault)
    value, source = fault.value, fault.document.source(fault.pointer)
    if value is None and _misindented(fault):
        return
    if value is None:
        yield fault.finding(
            "empty-value",
            "{called} is there, but nothing stands in it",
            anchor=Anchor.KEY,
            hint=f"write a value{_such_as(fault)}, or delete the line",
        )
    elif types[0] == "string" and isinstance(value, bool | int | float) and fault.schema.get("x-format") != "date":
        yield ambiguous(fault.document, fault.pointer, source)
    else:
        yield fault.finding(
            "wrong-type",
            "{called} is {expected}; here is {found}",
            expected=_expected(fault, types),
            found=_found(value),
            hint=_type_hint(fault, types),
        )


def _types(fault: Fault) -> list[str]:
    types = fault.schema.get("type", fault.limit)
    return [types] if isinstance(types, str) else list(types)


def _misindented(fault: Fault) -> bool:
    """Whether what belongs to a field stands beside it, for no-break spaces before it: that is told there."""
    keys = fault.document.order(fault.pointer.parent)
    place = keys.index(str(fault.pointer[-1])) if fault.pointer[-1] in keys else len(keys)
    return any(key.startswith("\u00a0") for key in keys[place + 1 : place + 2])


def _expected(fault: Fault, types: list[str]) -> str:
    """What is meant: the first type, since the others are ways to say more of the same."""
    if fault.schema.get("x-format") == "date":
        return str(fault.schema.get("x-expected"))
    examples = [e for e in fault.examples if not isinstance(e, dict | list)]
    such_as = (
        f", such as {_written(examples[0])}" if examples and types[0] not in ("array", "object", "boolean") else ""
    )
    none = ", or {none: why}" if "none" in fault.schema.get("properties", {}) else ""
    return TYPES[types[0]] + such_as + none


def _such_as(fault: Fault) -> str:
    examples = [e for e in fault.examples if not isinstance(e, dict | list)]
    return f" such as {_written(examples[0])}" if examples else ""


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(value)


def _found(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text '{value if len(value) < 40 else value[:39] + '…'}'"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, list):
        return f"a list of {plural(len(value), 'item')}" if value else "an empty list"
    return "a set of fields" if value else "an empty set of fields"


def _type_hint(fault: Fault, types: list[str]) -> str:
    found, word = type(fault.value), str(fault.value).casefold()
    if "array" in types and found is not list:
        return "put the value in [ ], or begin each item with '- ' on a line of its own"
    if found is list:
        return "one value stands here without [ ] and without '- '" if len(fault.value) == 1 else ""
    if "boolean" in types and word in ("yes", "on", "no", "off", "y", "n"):
        return f"write {'true' if word in ('yes', 'on', 'y') else 'false'}"
    if types == ["object"] and found is str:
        fields = list(fault.schema.get("properties", {}))
        return f"its fields are {one_of(fields, 6)}" if fields else "write fields below it, indented"
    if {"number", "integer"} & set(types) and any(character.isdigit() for character in word):
        return "write the number alone, without quotes or a unit"
    return ""


_LONG = 80
"""Characters from which on a hint does not repeat a value."""


def ambiguous(document: Document, pointer: Pointer, source: str) -> Finding:
    """Text was meant, but without quotes the value is, here or elsewhere, read as something else."""
    value: Any = document.data
    for part in pointer:
        value = value[part]
    if isinstance(value, bool):
        read = str(value).lower()
    elif isinstance(value, int | float):
        read = f"the number {value}"
    elif source.casefold() in ("yes", "no", "on", "off", "y", "n"):
        read = "true or false by many programs"
    else:
        read = "a number by many programs"
    quoted = f'put it in quotes: "{source}"' if len(source) <= _LONG else "put quotes around it"
    return Finding(
        pointer,
        "'{source}' without quotes is read as {read}; {called} is text",
        rule="ambiguous-scalar",
        hint=quoted,
        fix=Fix("set", pointer, source),
        source=source,
        read=read,
        called=called(pointer),
    )


# --- fields ----------------------------------------------------------------------------------------------------------


def _required(fault: Fault) -> Iterator[Finding]:
    fields = fault.shape.fields(fault.schema, fault.value)
    # Which variant is chosen nobody knows where the key that chooses is misspelt; then the schema refuses none.
    variants = (variant for _, by_value in _choices(fault) for variant in by_value.values())
    known = {*fields, *(name for variant in variants for name in variant.get("properties", ()))}
    strange = [name for name in fault.value if name not in known and not name.startswith("x-")]
    for name in fault.limit:
        if name in fault.value or fault.pointer / name in fault.document.touched:
            continue
        if misspelt := fault.nearest(name, strange):
            yield _strange(fault, misspelt, name)
            continue
        field = fault.shape.resolved(fields.get(name, {}))
        example = next((e for e in field.get("examples", ()) if not isinstance(e, dict | list)), None)
        # The schema's own words: they are neither cut nor can they act.
        why = _first_sentence(field.get("description", "")).replace("{", "{{").replace("}", "}}")
        yield Finding(
            fault.pointer,
            "missing '{field}'" + (f": {why}" if why else ""),
            rule="missing-field",
            anchor=Anchor.MISSING,
            label=f"{_whole(fault)} has no '{name}'",
            hint=f"add `{name}: {example}`" if example is not None else f"add '{name}'",
            field=name,
        )


def _first_sentence(text: str) -> str:
    sentence = text.split(". ", maxsplit=1)[0].rstrip(".")
    return sentence[:1].lower() + sentence[1:] if sentence[1:2] == " " or sentence[1:2].islower() else sentence


def _whole(fault: Fault) -> str:
    return f"this {fault.shape.kind}" if not fault.pointer else called(fault.pointer)


def _unknown(fault: Fault) -> Iterator[Finding]:
    choices = list(_choices(fault))
    fields = fault.shape.fields(fault.schema, fault.value)
    extra = [name for name in fault.value if name not in fields and not name.startswith("x-")]
    if isinstance(fault.limit, dict):
        return
    absent = [name for name in fields if name not in fault.value]
    required = [name for name in fault.schema.get("required", ()) if name in absent]
    for place, name in enumerate(extra):
        pointer = fault.pointer / name
        owners = next((each for each in (_owners(fault, name, *choice) for choice in choices) if each[1]), None)
        if owners:
            yield _wrong_variant(fault, name, *owners)
            continue
        if place >= MOST_SUGGESTED:  # of thousands nobody reads what each may have meant
            yield _strange(fault, name, None)
            continue
        near = fault.nearest(name.strip("\u00a0 "), absent)
        present = fault.nearest(name, [other for other in fields if other in fault.value]) if near is None else None
        # One that there is not beside one that is missing: they are one fault, whichever of the two was meant.
        alone = near is None and len(extra) == len(required) == 1 and not fault.document.in_flow(pointer)
        lacking = required[0] if alone else None
        hint = (
            f"name it '{lacking}' if that is meant; else write '{lacking}' as well and delete this"
            if lacking
            else _unknown_hint(fault, name, near, present, list(fields))
        )
        yield _strange(fault, name, near, lacking, hint)


def _strange(fault: Fault, name: str, near: str | None, lacking: str | None = None, hint: str = "") -> Finding:
    """A field that there is not; the one that it is a slip for, or the one beside it that is missing."""
    pointer = fault.pointer / name
    return Finding(
        pointer,
        "unknown field '{name}'"
        + ("; did you mean '{near}'?" if near else "")
        + (", and '{lacking}' is missing" if lacking else ""),
        rule="unknown-field",
        anchor=Anchor.KEY,
        label=f"not a field of {_owner(fault)}",
        hint=hint,
        fix=Fix("rename", pointer, near) if near else None,
        name=name,
        near=near,
        lacking=lacking,
    )


def _unknown_hint(fault: Fault, name: str, near: str | None, present: str | None, fields: list[str]) -> str:
    pointer = fault.pointer / name
    if name.startswith("\u00a0"):
        return "no-break spaces (U+00A0) stand before the name: indent with ordinary spaces"
    if "\u00a0" in name:
        return "a no-break space (U+00A0) stands in the name: type an ordinary space before it, or none"
    if near:
        return ""
    keys = fault.document.order(fault.pointer)
    before = keys[keys.index(name) - 1] if name in keys and keys.index(name) else None
    if fault.document.in_flow(pointer) and before and isinstance(fault.value.get(before), str):
        return f"if this is text of '{before}', put that whole text in quotes; a comma ends a value inside {{ }}"
    if present:
        return f"'{present}' is there already"
    known = one_of(fields, 8) if len(fields) <= 12 else ""
    kept = "a field of the catalogue's own begins with 'x-'"
    return f"its fields are {known}; {kept}" if known else kept


def _owner(fault: Fault) -> str:
    if not fault.pointer:
        return f"{article(fault.shape.kind)}"
    name = next((str(part) for part in reversed(fault.pointer) if isinstance(part, str)), "")
    return f"an item of '{name}'" if isinstance(fault.pointer[-1], int) else f"'{name}'"


def article(kind: str) -> str:
    """A kind of record with its article: `an organisation`."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _choices(fault: Fault) -> Iterator[tuple[str, dict[str, Schema]]]:
    """The keys that choose between variants of an object, the innermost first, each with its variants by value."""
    schema = fault.shape.at(fault.pointer, fault.document.data)
    levels = [schema, *fault.shape.chosen(schema, fault.value)]
    yield from (fault.shape.variants(level) for level in reversed(levels))


def _owners(fault: Fault, name: str, discriminator: str, variants: dict[str, Schema]) -> tuple[str, list[str]]:
    """The other variants that have a field, and the key that chooses between them."""
    chosen = fault.value.get(discriminator)
    return discriminator, [
        value for value, variant in variants.items() if value != chosen and name in variant.get("properties", {})
    ]


def _wrong_variant(fault: Fault, name: str, discriminator: str, owners: list[str]) -> Finding:
    chosen = fault.value.get(discriminator)
    return Finding(
        fault.pointer / name,
        "'{name}' does not belong to the {discriminator} '{chosen}'; it belongs to {owners}",
        rule="wrong-variant",
        anchor=Anchor.KEY,
        label=f"not a field of '{chosen}'",
        hint=f"delete it, or choose the {discriminator} that was meant",
        related=(Related(f"the {discriminator} is chosen here", fault.pointer / discriminator),),
        name=name,
        discriminator=discriminator,
        chosen=chosen,
        owners=one_of(owners, 4),
    )


def _key(fault: Fault) -> Iterator[Finding]:
    """A key that its map does not allow; the error's instance is the key itself."""
    name = str(fault.value)
    mapped = fault.schema.get("properties", {})
    yield Finding(
        fault.pointer / name,
        "'{name}' is not a {expected}",
        rule="bad-format",
        anchor=Anchor.KEY,
        hint=fault.schema.get(
            "x-key-hint", "for text in one language, write the text itself; else use tags such as en or mi"
        )
        if not mapped
        else "",
        name=name,
        expected=fault.schema.get("x-keys", "language tag such as 'en' or 'mi'"),
    )


# --- values ----------------------------------------------------------------------------------------------------------


def _pattern(fault: Fault) -> Iterator[Finding]:
    if fault.of_key:
        yield from _key(fault)
    elif fault.schema.get("x-format") == "date" and (why := impossible(fault.value)):
        yield fault.finding(
            "impossible-date",
            "{why}",
            hint="write the day that is meant, or only its month where the day is not known",
            why=why,
        )
    elif not fault.value.strip():
        yield from _empty(fault)
    elif fault.pointer and (fault.pointer[-1] == "id" or fault.pointer[-2:-1] == ("aliases",)):
        yield bad_id(fault.pointer, fault.value, fault.schema)
    else:
        meant = slug(fault.value)
        is_id = "x-references" in fault.schema and meant != fault.value
        yield fault.finding(
            "bad-format",
            "{called} is {expected}; here is '{value}'" + ("; did you mean '{meant}'?" if is_id and meant else ""),
            expected=fault.schema.get("x-expected")
            or "written like " + (one_of(fault.examples[:2]) if fault.examples else "its examples"),
            value=fault.value,
            meant=meant,
        )


def impossible(value: str | int) -> str:
    """Why a date that is written as one cannot be; nothing where it can, or is not written so."""
    try:
        days(value)
    except ImpossibleDate as error:
        return str(error)
    except ValueError:
        pass
    return ""


def bad_id(pointer: Pointer, value: str, schema: Schema) -> Finding:
    """An id that is not made as ids are."""
    meant = slug(value) if len(value) <= schema.get("maxLength", 80) else ""
    least = schema.get("minLength", 1)
    made = schema.get("x-expected", "lower-case letters, digits and single hyphens").rpartition(": ")[2]
    return Finding(
        pointer,
        "'{value}' is not an id" + ("; did you mean '{meant}'?" if len(meant) > 1 and meant != value else ""),
        rule="bad-id",
        hint=f"an id is made of {made}, {least} to {schema.get('maxLength', 80)} in all",
        value=value,
        meant=meant,
    )


def _enum(fault: Fault) -> Iterator[Finding]:
    allowed = [fault.limit] if fault.keyword == "const" else fault.limit
    if fault.of_key:
        yield from _key(fault)
        return
    if fault.value is None or isinstance(fault.value, list | dict):
        yield from _type(fault, ["string"])
        return
    if isinstance(fault.value, str) and not fault.value.strip():
        yield from _empty(fault)
        return
    near = fault.nearest(fault.value, map(str, allowed)) if isinstance(fault.value, str) else None
    yield fault.finding(
        "not-allowed-value",
        "'{value}' is not a value of {called}" + (f"; did you mean '{near}'?" if near else ""),
        value=fault.value,
        hint=f"{fault.called} is {one_of(allowed, 30)}",
    )


def _range(fault: Fault) -> Iterator[Finding]:
    words = {
        "minimum": "at least {limit}",
        "maximum": "at most {limit}",
        "exclusiveMinimum": "more than {limit}",
    }[fault.keyword]
    if fault.schema.get("x-format") == "date":
        expected = fault.schema["x-expected"]
        yield fault.finding(
            "bad-format", "{called} is {expected}; here is {value}", expected=expected, value=fault.value
        )
        return
    yield fault.finding(
        "out-of-range",
        "{called} is {value}; it must be " + words,
        value=fault.value,
        limit=fault.limit,
        hint=_range_hint(fault),
    )


def _range_hint(fault: Fault) -> str:
    return f"a value{_such_as(fault)} is meant" if fault.examples else ""


def _length(fault: Fault) -> Iterator[Finding]:
    if not fault.value:
        yield from _empty(fault)
    elif fault.pointer and fault.pointer[-1] == "id":
        yield bad_id(fault.pointer, fault.value, fault.schema)
    else:
        most = fault.keyword == "maxLength"
        yield fault.finding(
            "out-of-range",
            "{called} has {number}; it must have at " + ("most" if most else "least") + " {limit}",
            number=plural(len(fault.value), "character"),
            limit=fault.limit,
        )


def _empty(fault: Fault) -> Iterator[Finding]:
    yield fault.finding(
        "empty-value",
        "nothing stands in {called}",
        hint=f"write a value{_such_as(fault)}, or delete the line",
    )


def _count(fault: Fault) -> Iterator[Finding]:
    if fault.keyword == "minProperties" and not fault.value:
        if not fault.document.order(fault.pointer):  # else what stands in it was told already
            yield from _empty(fault)
        return
    noun = "field" if fault.keyword == "minProperties" else "item"
    most = fault.keyword == "maxItems"
    yield fault.finding(
        "wrong-count",
        "{called} has {number}; it must have at " + ("most" if most else "least") + " {limit}",
        number=plural(len(fault.value), noun) if fault.value else f"no {noun}",
        limit=fault.limit,
        hint="delete the field if there is nothing to say" if not fault.value else "",
    )


def _duplicate(fault: Fault) -> Iterator[Finding]:
    for second, item in enumerate(fault.value):
        first = fault.value.index(item)
        if first < second and type(fault.value[first]) is type(item):
            yield Finding(
                fault.pointer / second,
                "{item} stands twice in {called}",
                rule="duplicate-item",
                label="second",
                hint="delete one of the two",
                related=(Related("first here", fault.pointer / first),),
                item=f"'{item}'" if isinstance(item, str | int) else "the same item",
                called=fault.called,
            )


def _same(fault: Fault) -> Iterator[Finding]:
    return iter(())


KEYWORDS: dict[str, Callable[[Fault], Iterator[Finding]]] = {
    "type": _type,
    "required": _required,
    "additionalProperties": _unknown,
    "propertyNames": _same,
    "pattern": _pattern,
    "enum": _enum,
    "const": _enum,
    "minimum": _range,
    "maximum": _range,
    "exclusiveMinimum": _range,
    "minLength": _length,
    "maxLength": _length,
    "minItems": _count,
    "maxItems": _count,
    "minProperties": _count,
    "uniqueItems": _duplicate,
}
"""Each keyword that may refuse something, and how it is told; a test holds that the schemas use no other."""
