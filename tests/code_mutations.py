"""Changes of code for mutation tests: each operator, constant and branch as another that might stand there."""

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType
from typing import NamedTuple

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


@cache
def source(module: str) -> Path:
    """The file of a module."""
    return Path(str(importlib.import_module(module).__file__))


@cache
def original(module: str) -> CodeType:
    """The code of a module as it is."""
    return compile(source(module).read_text(encoding="utf-8"), str(source(module)), "exec")
