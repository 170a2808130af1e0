"""No operator, constant or branch of the arithmetic of reviews could be another one unnoticed.

Each is changed, one at a time, in a copy of the code that is run in place of it, and a case has to fail. Those that no
case notices stand in `tests/frameworks/reviews-survivors.yaml`, each with the reason why that is right.
"""

import ast
import builtins
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

import pytest

from tests.cases import load
from tests.mutations import check
from tests.review_cases import CASES, FRAMEWORKS, differs

REVIEWS, LEAD_TIME, ITEMS = "mcred.record.reviews", "mcred.review.lead_time", "mcred.review.items"

CHAIN = (REVIEWS, LEAD_TIME, ITEMS, "mcred.conformance")
"""From the arithmetic to what runs the cases: each of these modules uses those before it."""

ARITHMETIC = {
    REVIEWS: (
        *(
            "reviewed",
            "next_due",
            "Clock",
            "Start",
            "registered",
            "_by_then",
            "_rests_on",
            "_seen",
            "_counted",
            "_given",
            "plus_years",
            "_month",
        ),
        *("_is_further", "LONGEST"),
    ),
    LEAD_TIME: ("span", "start_by", "before", "after"),
    ITEMS: ("bucket", "Item.days", "Item.bucket"),
}
"""What is changed. The rest of these modules words an answer, or makes other items; other tests hold that."""

TOLD = ("Clock.period", "Clock.years", "Clock._undone")
"""What no date depends on: findings and explanations say it, and their own tests hold it."""

# --- changes ---------------------------------------------------------------------------------------------------------

COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv}
FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}
ENDS = {"first": "last", "last": "first"}


def other_operators(node: ast.AST) -> Iterator[ast.AST]:
    """A comparison, a sum or a condition with another operator, or without one of its parts."""
    match node:
        case ast.Compare(left, operators, comparators):
            for place, operator in enumerate(operators):
                for other in COMPARISONS[type(operator)]:
                    yield ast.Compare(left, [*operators[:place], other(), *operators[place + 1 :]], comparators)
        case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
            yield ast.BinOp(left, OPERATORS[type(operator)](), right)
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
            for place in range(len(values)):
                kept = values[:place] + values[place + 1 :]
                yield ast.BoolOp(operator, kept) if len(kept) > 1 else kept[0]
        case ast.UnaryOp(ast.Not(), operand):
            yield operand


def other_values(node: ast.AST) -> Iterator[ast.AST]:
    """A constant next to one, another word, another end of a range."""
    match node:
        case ast.UnaryOp(ast.USub(), ast.Constant(1)):
            yield ast.Constant(0)  # the first of a list, where the last was meant
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() as value):
            yield from (ast.Constant(value - 1), ast.Constant(value + 1))
        case ast.Constant(str() as value) if value and " " not in value:
            yield ast.Constant(f"other-{value}")
        case ast.Name(name) if name in FUNCTIONS:
            yield ast.Name(FUNCTIONS[name], ast.Load())
        case ast.Attribute(value, name) if name in ENDS:
            yield ast.Attribute(value, ENDS[name], ast.Load())


def other_branches(node: ast.AST) -> Iterator[ast.AST]:
    """A branch that is always taken or never, a choice that is left out, a step that is passed over."""
    match node:
        case ast.If(_, body, orelse):
            yield from (ast.If(ast.Constant(value), body, orelse) for value in (True, False))
        case ast.IfExp(_, body, orelse):
            yield from (body, orelse)
        case ast.comprehension(target, iterated, [_, *_]):
            yield ast.comprehension(target, iterated, [], 0)
        case ast.AugAssign() | ast.Continue():
            yield ast.Pass()


def others(node: ast.AST) -> Iterator[ast.AST]:
    """What else might stand where a piece of code stands."""
    yield from other_operators(node)
    yield from other_values(node)
    yield from other_branches(node)


class Change(NamedTuple):
    """A changed piece of a module: what it is called, the module, and its code."""

    name: str
    module: str
    code: CodeType


def wording(node: ast.AST) -> bool:
    """Whether a piece of code says something to people, or to a type checker."""
    match node:
        case ast.JoinedStr() | ast.Call(ast.Name("Step")) | ast.Expr(ast.Constant()):
            return True
    return False


def pieces(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """The pieces of a piece of code, each with where it hangs: its parent, the field, and the place in a list."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "args") and not isinstance(node, ast.Call):
            continue
        for place, each in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(each, ast.AST) and not wording(each):
                yield node, field, place, each
                yield from pieces(each)


def put(parent: ast.AST, field: str, place: int | None, node: ast.AST) -> None:
    """Hang a piece of code where another was."""
    if place is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[place] = node


def said(node: ast.AST) -> str:
    """A piece of code in one line; of a statement with a body its head."""
    return f"if {ast.unparse(node.test)}" if isinstance(node, ast.If) else " ".join(ast.unparse(node).split())


def defined(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """The functions, classes and constants of a module by their names, those of a class as `Class.name`."""
    for node in tree.body:
        match node:
            case ast.FunctionDef(name) | ast.ClassDef(name):
                yield name, node
            case ast.Assign([ast.Name(name)]):
                yield name, node
        if isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{each.name}", each) for each in node.body if isinstance(each, ast.FunctionDef))


def changes() -> Iterator[Change]:
    """Every piece of the arithmetic as another that might stand there."""
    for module, names in ARITHMETIC.items():
        tree = ast.parse(source(module).read_text(encoding="utf-8"))
        found = dict(defined(tree))
        for name in names:
            methods = [each for each in found if each.startswith(f"{name}.") and each not in TOLD]
            for each in methods or [name]:
                yield from changed(module, tree, each, found[each])


def changed(module: str, tree: ast.Module, name: str, within: ast.AST) -> Iterator[Change]:
    """The module with one piece of one function changed."""
    times: dict[str, int] = {}
    for parent, field, place, node in [*pieces(within)]:
        for other in others(node):
            called = f"{name}: {said(node)} > {said(other)}"
            times[called] = times.get(called, 0) + 1
            put(parent, field, place, ast.fix_missing_locations(ast.copy_location(other, node)))
            code = compile(tree, str(source(module)), "exec")
            put(parent, field, place, node)
            yield Change(called if times[called] == 1 else f"{called} ({times[called]})", module, code)


# --- running what was changed ----------------------------------------------------------------------------------------


@cache
def source(module: str) -> Path:
    """The file of a module."""
    return Path(str(importlib.import_module(module).__file__))


@cache
def original(module: str) -> CodeType:
    """The code of a module as it is."""
    return compile(source(module).read_text(encoding="utf-8"), str(source(module)), "exec")


def world(module: str, code: CodeType) -> dict[str, Any]:
    """What runs cases, made anew from the chain of modules with the code of one of them in place of its own."""
    anew: dict[int, Any] = {}
    space: dict[str, Any] = {}
    for each in CHAIN:
        space = {"__name__": each, "__builtins__": builtins}
        exec(code if each == module else original(each), space)  # noqa: S102 - our own code, changed
        shipped = vars(importlib.import_module(each))
        space |= {name: anew[id(value)] for name, value in space.items() if id(value) in anew}
        anew |= {id(value): space[name] for name, value in shipped.items() if getattr(value, "__module__", "") == each}
    return space


def noticed(change: Change) -> bool:
    """Whether a case fails with a change, or cannot be run."""
    try:
        return any(differs(CASES, world(change.module, change.code)["run_reviews"]))
    except Exception:  # whatever it is, it was noticed
        return True


def test_the_code_as_it_is_passes_in_place_of_itself():
    for module in ARITHMETIC:
        assert list(differs(CASES, world(module, original(module))["run_reviews"])) == []


@pytest.mark.slow
def test_no_piece_of_the_arithmetic_could_be_another_unnoticed():
    survivors = load(FRAMEWORKS / "reviews-survivors.yaml")["survivors"]
    check(changes(), noticed, {each["change"]: each["because"] for each in survivors}, least=600)
