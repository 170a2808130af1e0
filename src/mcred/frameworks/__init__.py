"""Frameworks as dated data: heads, instruments and editions, clauses, and the verdict of a clause on a record.

What is wrong in the file of a framework itself says `checking`, which is imported for such a file alone.
"""

from mcred.frameworks.bodies import bodies
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
    "Line",
    "Rulebook",
    "Subject",
    "Unknown",
    "Verdict",
    "bodies",
    "counting",
    "exceptions",
    "framework",
    "holds",
    "judge",
    "judged",
    "rulebook",
    "terms",
    "typed",
    "unknowns",
]
