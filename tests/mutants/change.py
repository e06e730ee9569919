"""One small wrong in a module's source: chosen by number, the same every time."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}

TWINS = {"or_": "and_", "and_": "or_", "any_of": "all_of", "all_of": "any_of", "min": "max", "max": "min"}
"""Functions that are each other's opposite."""


SURE = ("strict", "slots", "frozen", "cache_ok", "init", "repr", "compare", "nullable", "index", "autoincrement")
"""Arguments that only guard or tell: without them nothing decides otherwise."""


@dataclass(frozen=True)
class Mutant:
    """The whole source with one change, the line it is on, and the change in words; `called`: inside a function."""

    source: str
    line: int
    change: str
    called: bool


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its text."""
    whole = ast.parse(source)
    functions = [n for n in ast.walk(whole) if isinstance(n, ast.FunctionDef | ast.Lambda)]
    count = sum(1 for _ in _sites(whole))
    for n in range(count):
        tree = ast.parse(source)
        line, words, apply = list(_sites(tree))[n]
        apply()
        called = any(each.lineno <= line <= (each.end_lineno or 0) for each in functions)
        yield Mutant(ast.unparse(tree), line, words, called)


def _sites(tree: ast.Module) -> Iterator[tuple[int, str, Callable[[], None]]]:
    asserted = {
        id(k.value) for node in ast.walk(tree) if isinstance(node, ast.Call) for k in node.keywords if k.arg in SURE
    }
    # What is written down for readers and never evaluated (PEP 563).
    asserted |= {id(node) for each in ast.walk(tree) for node in _annotated(each)}
    for node in ast.walk(tree):
        if id(node) in asserted:
            continue
        match node:
            case ast.Compare(ops=[op]) if type(op) in SWAPPED:
                yield _swap(node, op, lambda n, new: setattr(n, "ops", [new]))
            case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in SWAPPED:
                yield _swap(node, op, lambda n, new: setattr(n, "op", new))
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                yield node.lineno, "not dropped", _set(node, "operand", ast.UnaryOp(ast.Not(), inner))
            case ast.Call(func=ast.Attribute(attr=name) as called) if name in TWINS:
                yield node.lineno, f"{name} → {TWINS[name]}", _set(called, "attr", TWINS[name])
            case ast.Call(func=ast.Name(id=name) as called) if name in TWINS:
                yield node.lineno, f"{name} → {TWINS[name]}", _set(called, "id", TWINS[name])
            case ast.Call(func=ast.Attribute(attr="not_"), args=[_]):
                yield node.lineno, "not_ dropped", _set(node, "func", ast.parse("(lambda e: e)", mode="eval").body)
            case ast.Constant(value=bool() as value):
                yield node.lineno, f"{value} → {not value}", _set(node, "value", not value)
            case ast.Constant(value=int() as value):
                yield node.lineno, f"{value} → {value + 1}", _set(node, "value", value + 1)


def _annotated(node: ast.AST) -> Iterator[ast.AST]:
    """Everything in a node's annotations."""
    for name in ("annotation", "returns"):
        if isinstance(said := getattr(node, name, None), ast.AST):
            yield from ast.walk(said)


def _swap(node: ast.expr, op: ast.AST, put: Callable[[ast.expr, ast.AST], None]) -> tuple[int, str, Callable[[], None]]:
    new = SWAPPED[type(op)]
    return node.lineno, f"{type(op).__name__} → {new.__name__}", lambda: put(node, new())


def _set(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(node, name, value)
