"""Plain scalars as YAML 1.2's core schema reads them, kept to what JSON can hold.

`NO` and `on` stay text, `012` is twelve, dates stay text; so do numbers that JSON cannot hold (`.nan`, 400 digits).
"""

import re
from typing import Any, Final

_INTEGER = re.compile(r"[-+]?[0-9]{1,16}")
_LARGEST = 2**53
"""Beyond it JSON does not keep every whole number apart."""

_OTHER_INTEGER = re.compile(r"0o[0-7]{1,15}|0x[0-9a-fA-F]{1,12}")
# As ruamel.yaml, which writes what we read, has it: after `.5` an exponent needs its sign.
_FLOAT = re.compile(
    r"[-+]?(?=[0-9.]*[.eE])"
    r"(?:\.[0-9]{1,17}(?:[eE][-+][0-9]{1,2})?|[0-9]{1,17}(?:\.[0-9]{0,17})?(?:[eE][-+]?[0-9]{1,2})?)"
)

WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
"""Words that are not text in YAML 1.2."""

NUMBER_STARTS = frozenset("0123456789-+.")

# Text to us, but not to the many readers of YAML 1.1: truth values, base-60 numbers, not-a-number, underscored numbers.
AMBIGUOUS = re.compile(
    r"yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|y|Y|n|N"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
    r"|[-+]?(?=[0-9.]*_)(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]*[0-9][0-9_]*)"
    r"|[-+]?[0-9]{16,}|0o[0-7]{16,}|0x[0-9a-fA-F]{13,}|[-+]?[0-9.]+[eE][-+]?[0-9]{3,}|[-+]?\.[0-9]+[eE][0-9]+"
)
"""Plain text that another reader of YAML takes for something else."""

ODD_WORDS = frozenset(WORDS) | frozenset("yes Yes YES no No NO on On ON off Off OFF y Y n N".split())
"""Words that to some reader are not text; any other text that does not begin like a number is text to all."""


def is_text(value: str) -> bool:
    """Whether a scalar without quotes is text to every reader of YAML; quick, and it may say no to some text."""
    return value not in ODD_WORDS and value[0] not in NUMBER_STARTS


def plain(value: str) -> Any:
    """What a scalar without quotes stands for: text, a number, true, false or nothing."""
    if value in WORDS:
        return WORDS[value]
    if value[0] in NUMBER_STARTS:
        if _INTEGER.fullmatch(value):
            number = int(value)
            return number if abs(number) <= _LARGEST else value
        if _FLOAT.fullmatch(value):
            return float(value)
        if _OTHER_INTEGER.fullmatch(value):
            return int(value, 0)
    return value


def ambiguous(value: str) -> bool:
    """Whether plain text would be something else to a reader of YAML 1.1."""
    return AMBIGUOUS.fullmatch(value) is not None
