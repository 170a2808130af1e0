"""The `jsonschema` validator that explains; imported only when a record has failed the gate."""

import json
import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend


def _pattern(validator: Any, pattern: str, instance: object, schema: object) -> Iterator[ValidationError]:
    # Python's `$` also stands before a last line end; in JSON Schema and in the gate it does not.
    if isinstance(instance, str) and not re.search(re.sub(r"(?<!\\)\$", r"\\Z", pattern), instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


_FEW = 100
"""Items that may be compared each with each."""


def _unique(validator: Any, unique: bool, instance: object, schema: object) -> Iterator[ValidationError]:
    # The library compares every item with every other, which takes minutes on a list of some thousand maps.
    if not isinstance(instance, list) or len(instance) <= _FEW:
        yield from Draft202012Validator.VALIDATORS["uniqueItems"](validator, unique, instance, schema)
    elif unique:
        seen = {json.dumps(item, sort_keys=True, default=str) for item in instance}
        if len(seen) < len(instance):
            yield ValidationError("an item stands twice")


_Explainer: Any = extend(Draft202012Validator, {"pattern": _pattern, "uniqueItems": _unique})  # type: ignore[no-untyped-call]


def explainer(schema: dict[str, Any]) -> Any:
    """A validator of one schema."""
    return _Explainer(schema)
