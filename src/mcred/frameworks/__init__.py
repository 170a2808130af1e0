"""Frameworks as dated data: heads, instruments and editions, clauses, and the verdict of a clause on a record."""

from mcred.frameworks.bodies import bodies
from mcred.frameworks.checking import Known, allows_more, framework_faults, framework_references
from mcred.frameworks.findings import exceptions, judged
from mcred.frameworks.head import Framework, framework, typed
from mcred.frameworks.language import Clause, Edition, Instrument, Line, Rulebook, rulebook
from mcred.frameworks.terms import terms
from mcred.frameworks.unknowns import Unknown, unknowns
from mcred.frameworks.verdicts import Case, Counting, Judged, Subject, Verdict, counting, holds, judge

__all__ = [
    "Case",
    "Clause",
    "Counting",
    "Edition",
    "Framework",
    "Instrument",
    "Judged",
    "Known",
    "Line",
    "Rulebook",
    "Subject",
    "Unknown",
    "Verdict",
    "allows_more",
    "bodies",
    "counting",
    "exceptions",
    "framework",
    "framework_faults",
    "framework_references",
    "holds",
    "judge",
    "judged",
    "rulebook",
    "terms",
    "typed",
    "unknowns",
]
