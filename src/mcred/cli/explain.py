"""`mcred explain`."""

from typing import Annotated

import typer

from mcred.cli.completing import words
from mcred.cli.options import Debug, no_rule
from mcred.cli.publishing import put
from mcred.diagnostic import RULES, rule_id
from mcred.errors import ExitCode, UsageError
from mcred.workspace import rule_page

_rules = words([rule.id for rule in RULES.values()], RULES)


def explain(
    rule: Annotated[
        str,
        typer.Argument(
            metavar="RULE", help="A rule by id or name, such as MC102 or unknown-field.", autocompletion=_rules
        ),
    ],
    debug: Debug = False,
) -> int:
    """Explain a rule: what, why, and how to put it right.

    \b
    mcred explain MC102
    mcred explain unknown-field
    mcred explain nzqcf.credits          a clause of a framework, under each edition
    """  # noqa: D301 - \b keeps click from filling the lines
    if "." in rule:
        from mcred.cli.rulebooks import clause_page, clauses_in_use

        put("".join(line + "\n" for line in clause_page(*clauses_in_use(rule))))
        return ExitCode.OK
    found = rule_id(rule)
    if found is None:
        raise UsageError(no_rule(rule))
    put(rule_page(found.id))
    return ExitCode.OK
