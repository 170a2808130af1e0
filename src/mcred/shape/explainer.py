"""The `jsonschema` validator that explains; imported only when a record has failed the gate."""

import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend


def _pattern(validator: Any, pattern: str, instance: object, schema: object) -> Iterator[ValidationError]:
    # Python's `$` also stands before a last line end; in JSON Schema and in the gate it does not.
    if isinstance(instance, str) and not re.search(re.sub(r"(?<!\\)\$", r"\\Z", pattern), instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


_Explainer: Any = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


def explainer(schema: dict[str, Any]) -> Any:
    """A validator of one schema."""
    return _Explainer(schema)
