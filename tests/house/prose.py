"""Finds sentences for members that do not go through the message catalogue.

A literal is prose when two words stand beside each other in it, or when it is text given to a Discord field such as
`title` or `label`. It may stand in a docstring, in a log call, in a `raise` (refusals for members carry codes), in an
`assert`, in SQL, and as what `_`, `N_`, `T_`, `ngettext` or `NN_` translate. A line that is none of these and yet not
for members says so: `# not prose: <why>`.
"""

import ast
import re
from collections.abc import Iterator

TRANSLATED = {"_": 1, "N_": 1, "T_": 1, "ngettext": 2, "NN_": 2}
SHOWN_FIELDS = {"title", "label", "placeholder", "content", "description", "footer"}
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log", "bind"}
TWO_WORDS = re.compile(r"[^\W\d_][,;:.!?]? +[^\W\d_]")
WORD_BESIDE_A_GAP = re.compile(r"(^|\s)[^\W\d_]{2,}[,;:.!?]?(\s|$)")
A_WORD = re.compile(r"[^\W\d_]{2,}")
SQL = re.compile(r"^\s*(--|SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|PRAGMA)\b")
EXCUSE = re.compile(r"# not prose: \S+")


def offenders(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each sentence that no translator would ever see."""
    tree = ast.parse(source)
    excused = {number for number, line in enumerate(source.splitlines(), 1) if EXCUSE.search(line)}
    yield from ((line, text) for line, text in visit(tree) if line not in excused)


def visit(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Walk down, leaving out what is not for members."""
    if isinstance(node, ast.Raise | ast.Assert):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring, of a module, a class, a function or an attribute
    if isinstance(node, ast.Call):
        yield from visit_call(node)
        return
    if isinstance(node, ast.JoinedStr):
        yield from visit_fstring(node)
        return
    if is_prose(node):
        yield text_of(node)
    for child in ast.iter_child_nodes(node):
        yield from visit(child)


def visit_call(call: ast.Call) -> Iterator[tuple[int, str]]:
    """Look at what a call is given; what it translates or logs is left out."""
    name = called_name(call)
    if name in LOG_METHODS and "log" in ast.unparse(call.func).lower():
        return
    translated = TRANSLATED.get(name, 0)
    for position, argument in enumerate(call.args):
        if position < translated and isinstance(argument, ast.Constant):
            continue
        if position < translated == 2 and isinstance(argument, ast.Call) and called_name(argument) in TRANSLATED:
            yield argument.lineno, f"a plural marked word by word is never found: {ast.unparse(argument)}"
            continue
        if position < translated and isinstance(argument, ast.JoinedStr):
            yield argument.lineno, f"an f-string cannot be translated: {ast.unparse(argument)}"
            continue
        yield from visit(argument)
    for keyword in call.keywords:
        value = keyword.value
        if keyword.arg in SHOWN_FIELDS and isinstance(value, ast.Constant) and isinstance(value.value, str):
            if A_WORD.search(value.value):
                yield text_of(value)
            continue
        yield from visit(value)
    yield from visit(call.func)


def visit_fstring(node: ast.JoinedStr) -> Iterator[tuple[int, str]]:
    """An f-string is prose when a word stands in it beside a gap or beside another word."""
    parts = [part.value for part in node.values if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if not SQL.match("".join(parts)) and any(
        WORD_BESIDE_A_GAP.search(part) or TWO_WORDS.search(part) for part in parts
    ):
        yield node.lineno, ast.unparse(node)
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            yield from marked_inside(part)
            yield from visit(part.value)


def marked_inside(part: ast.FormattedValue) -> Iterator[tuple[int, str]]:
    """Sentences marked inside an f-string: before Python 3.12 it is one piece of text, and they are never collected."""
    for call in (node for node in ast.walk(part) if isinstance(node, ast.Call)):
        if called_name(call) in TRANSLATED and any(isinstance(argument, ast.Constant) for argument in call.args):
            yield call.lineno, f"cannot be collected from inside an f-string: {ast.unparse(call)}"


def is_prose(node: ast.AST) -> bool:
    """Whether a literal has two words beside each other, and is not SQL."""
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and TWO_WORDS.search(node.value) is not None
        and not SQL.match(node.value)
    )


def text_of(node: ast.AST) -> tuple[int, str]:
    """Return a literal's line and text."""
    assert isinstance(node, ast.Constant)
    return node.lineno, str(node.value)


def called_name(call: ast.Call) -> str:
    """Return the last name of what is called."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""
