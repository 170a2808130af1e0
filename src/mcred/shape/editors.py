"""Schemas as editors read them: the same records are right, and what an editor makes of them is of use.

What is changed was measured with yaml-language-server 1.25, which most editors run:

- Of a `$ref` with anything beside it but title, description, examples and default, it shows title and description of
  what is referred to. So our own marks are left out, of which an editor has no use.
- A field that may be text, a number or a list, and also an object, it begins as an object where `properties` stand
  among the other keywords. Under `allOf` they mean the same.
- An example it offers as a value. If there is one only, or a default, it fills that in by itself, and a fact nobody
  stated is in the record. Those that are not scalars it garbles. So examples stand in the text that it shows, and are
  offered only where there are several words to choose from.
- What it says where a `pattern` does not fit is the pattern, unless `patternErrorMessage` has words.
"""

from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]

_MAPS = frozenset("properties patternProperties $defs".split())
_ONE = frozenset("items additionalProperties propertyNames if then else".split())
_OF_OBJECTS = ("properties", "patternProperties", "additionalProperties", "propertyNames", "required", "minProperties")


def for_editors(schema: Any, written: Callable[[Any], str]) -> Any:
    """A schema in one piece as editors read it; `written` gives an example as YAML."""
    if not isinstance(schema, dict):
        return schema
    made: Schema = {}
    for key, value in schema.items():
        if key in _MAPS:
            made[key] = {name: for_editors(each, written) for name, each in value.items()}
        elif key in _ONE:
            made[key] = for_editors(value, written)
        elif key == "allOf":
            made[key] = [for_editors(each, written) for each in value]
        elif not key.startswith("x-") and key not in ("examples", "default"):
            made[key] = value
    if "x-expected" in schema:
        made["patternErrorMessage"] = f"expected {schema['x-expected']}"
    if isinstance(made.get("type"), list) and "properties" in made:
        of_objects = {key: made.pop(key) for key in _OF_OBJECTS if key in made}
        made["allOf"] = [*made.get("allOf", ()), of_objects]
    if "description" in schema:
        made["markdownDescription"] = schema["description"]
        _examples(made, schema.get("examples", []), written)
    return made


def _examples(made: Schema, examples: list[Any], written: Callable[[Any], str]) -> None:
    words = all(isinstance(each, str) and " " not in each for each in examples)
    if words and len(examples) > 1:
        made["examples"] = examples
        return
    for each in examples:
        made["markdownDescription"] += f"\n\nExample:\n\n```yaml\n{written(each)}\n```"
