"""Findings and diagnostics: what is wrong, where, and the one register of rule ids."""

from mcred.diagnostic.finding import Anchor, Finding, Fix, Pointer, Related, plain
from mcred.diagnostic.fingerprint import VERSION as FINGERPRINT_VERSION
from mcred.diagnostic.fingerprint import Named, digest, fingerprint, named, numbered
from mcred.diagnostic.register import RULES, RuleId, Severity, rule_id, rule_named
from mcred.diagnostic.report import (
    Checked,
    Diagnostic,
    Ignored,
    Located,
    NotChecked,
    PolicyChange,
    Report,
    Source,
    in_order,
)
from mcred.diagnostic.span import Span

__all__ = [
    "FINGERPRINT_VERSION",
    "RULES",
    "Anchor",
    "Checked",
    "Diagnostic",
    "Finding",
    "Fix",
    "Ignored",
    "Located",
    "Named",
    "NotChecked",
    "Pointer",
    "PolicyChange",
    "Related",
    "Report",
    "RuleId",
    "Severity",
    "Source",
    "Span",
    "digest",
    "fingerprint",
    "in_order",
    "named",
    "numbered",
    "plain",
    "rule_id",
    "rule_named",
]
