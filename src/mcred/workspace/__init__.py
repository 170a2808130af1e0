"""The only package that touches files: finds the catalogue, reads what lies in it, and writes, atomically."""

from mcred.workspace.catalogue import SCHEMA_FOLDER, Workspace, find
from mcred.workspace.files import alone, read_bytes, refuse_links, replace, write
from mcred.workspace.program import cache_folder, program_digest
from mcred.workspace.shipped import (
    CI_SERVICES,
    PRE_COMMIT,
    SHIPPED,
    TEMPLATES,
    ci_files,
    context,
    document_templates,
    editor_schemas,
    level_tables,
    rule_page,
    schema_text,
    schemas,
)
from mcred.workspace.walking import Walk, sort

__all__ = [
    "CI_SERVICES",
    "PRE_COMMIT",
    "SCHEMA_FOLDER",
    "SHIPPED",
    "TEMPLATES",
    "Walk",
    "Workspace",
    "alone",
    "cache_folder",
    "ci_files",
    "context",
    "document_templates",
    "editor_schemas",
    "find",
    "level_tables",
    "program_digest",
    "read_bytes",
    "refuse_links",
    "replace",
    "rule_page",
    "schema_text",
    "schemas",
    "sort",
    "write",
]
