"""Records as plain data: kinds, accessors, what decisions and corrections come to, and the facts that others need."""

from mcred.record.catalogue import Catalogue
from mcred.record.decisions import in_effect
from mcred.record.derived import TABLE, derive
from mcred.record.facts import Facts, Reference, facts
from mcred.record.kinds import FOLDERS, FRAMEWORK, KINDS, article, folder_kind, stem
from mcred.record.record import Record
from mcred.record.view import Derived, View
from mcred.record.words import chosen, forms, other_word, word

__all__ = [
    "FOLDERS",
    "FRAMEWORK",
    "KINDS",
    "TABLE",
    "Catalogue",
    "Derived",
    "Facts",
    "Record",
    "Reference",
    "View",
    "article",
    "chosen",
    "derive",
    "facts",
    "folder_kind",
    "forms",
    "in_effect",
    "other_word",
    "stem",
    "word",
]
