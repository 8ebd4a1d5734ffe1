"""Every refusal that can reach a member has its sentence, and every sentence gets what it names. Found by reading the sources."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import explain
from bot.channels import REFUSALS as REFUSALS_OF_DISCORD
from bot.channels import TOO_LARGE
from cogs.render.announcements import REASONS
from cogs.render.errors import SENTENCES, sentence
from cogs.text import Locale, load_catalogues
from domain.delivery import OF_THE_CHANNEL, TOO_LATE
from domain.errors import OpsError

ROOT = Path(__file__).resolve().parents[2]
REFUSALS = {"OpsError", "InvalidInput", "NotFound", "Conflict", "NotPermitted", "Unavailable"}
ROOMS = ("domain", "storage", "services", "cogs")
AT_START = ("storage/keys.py", "storage/lock.py", "storage/paths.py", "storage/seals.py", "storage/migrations/")
"""What runs before there is anyone to answer: its refusals are the operator's, in bot/explain.py."""
GIVEN_ALWAYS = {"forms"}
PASSED_ON = {("cogs/stale.py", "code"), ("cogs/reaching.py", "code"), ("domain/errors.py", "code")}
"""Places that hand on a code chosen in the lines above them, or by those who call them."""
CHOOSE = REFUSALS | {"reaching"}
"""Who is given a code: the refusals, and what makes them for its caller."""


@dataclass(frozen=True)
class Raised:
    """A place where a refusal is made."""

    code: str
    params: frozenset[str]
    place: str

    @property
    def at_start(self) -> bool:
        return self.place.startswith(AT_START)


def raised() -> list[Raised]:
    """Every refusal made anywhere below the process."""
    found: list[Raised] = []
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            found += _in_module(path)
    return found


def _in_module(path: Path) -> Iterator[Raised]:
    place = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]:
        for call in _own_calls(function):
            if isinstance(call.func, ast.Name) and call.func.id in CHOOSE and call.args:
                given = frozenset(keyword.arg for keyword in call.keywords if keyword.arg)
                yield from (
                    Raised(code, given | more, f"{place}:{call.lineno}")
                    for code, more in _codes(call.args[0], function, tree, place)
                )


def _own_calls(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Call]:
    """Calls in a function, those of functions inside it left to these."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting += ast.iter_child_nodes(node)


def _codes(
    node: ast.expr, function: ast.FunctionDef | ast.AsyncFunctionDef, tree: ast.Module, place: str
) -> Iterator[tuple[str, frozenset[str]]]:
    nothing: frozenset[str] = frozenset()
    match node:
        case ast.Constant(value=str(code)):
            yield code, nothing
        case ast.IfExp(body=ast.Constant(value=str(one)), orelse=ast.Constant(value=str(other))):
            yield one, nothing
            yield other, nothing
        case ast.JoinedStr(values=[ast.FormattedValue(value=ast.Name(id=name)), ast.Constant(value=str(rest))]):
            # f"{what}_unknown": once for every caller's own word, with what the caller adds.
            position = [argument.arg for argument in function.args.args].index(name)
            for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
                if isinstance(call.func, ast.Name) and call.func.id == function.name:
                    word = call.args[position]
                    assert isinstance(word, ast.Constant), f"{place}:{call.lineno}"
                    assert isinstance(word.value, str)
                    yield f"{word.value}{rest}", frozenset(keyword.arg for keyword in call.keywords if keyword.arg)
        case ast.Name(id=name) if (place, name) in PASSED_ON:
            return
        case _:
            pytest.fail(f"{place}:{node.lineno}: a code that cannot be read from the source")


def test_the_walk_finds_the_refusals_it_is_for() -> None:
    codes = {found.code for found in raised()}
    assert {"mission_unknown_near", "capability_missing", "port_occupied", "photo_too_large"} <= codes


def test_every_refusal_that_can_reach_a_member_has_its_sentence() -> None:
    missing = {found.code: found.place for found in raised() if not found.at_start and found.code not in SENTENCES}
    assert missing == {}


def test_every_refusal_of_a_start_is_explained_to_the_operator() -> None:
    missing = {found.code: found.place for found in raised() if found.at_start and found.code not in explain._WORDS}
    assert missing == {}


def test_every_sentence_is_given_what_it_names() -> None:
    lacking = {}
    for found in raised():
        if not found.at_start and found.code in SENTENCES:
            named = {name for _, name, _, _ in string.Formatter().parse(SENTENCES[found.code]) if name}
            if named - found.params - GIVEN_ALWAYS:
                lacking[found.place, found.code] = named - found.params
    assert lacking == {}


def test_no_sentence_is_left_of_a_refusal_that_is_never_made() -> None:
    # Written by the process, by the command line's and the courier's side, or chosen from two in one place.
    elsewhere = {"unexpected", "button_stale", "form_stale", "facts_from_newer_version", "process_stopping"}
    assert set(SENTENCES) - {found.code for found in raised()} - elsewhere == set()


@pytest.mark.parametrize("language", sorted(load_catalogues().languages))
@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_sentence_can_be_said_and_ends_as_one(code: str, language: str) -> None:
    named = {name for _, name, _, _ in string.Formatter().parse(SENTENCES[code]) if name} - GIVEN_ALWAYS
    said = sentence(OpsError(code, **dict.fromkeys(named, "X")), load_catalogues().locale(language))
    assert said[0].isupper() or said[0] in "“«`"
    assert said.endswith((".", "?", "`", "**."))
    assert len(said) < 600


def test_every_reason_for_giving_a_post_up_has_its_words() -> None:
    given = set(REFUSALS_OF_DISCORD.values()) | {TOO_LARGE}
    for path in (ROOT / "bot" / name for name in ("channels.py", "sending.py", "endings.py")):
        for call in (n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id in {"DeliveryRefused", "Ended"}:
                words = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "reason")]
                given |= {
                    word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str)
                }
    given |= {TOO_LATE, *OF_THE_CHANNEL}
    assert {"render_failed", "too_late", "history_hidden"} <= given
    assert given - REASONS.keys() == set()


def test_what_a_member_typed_is_quoted_inert_and_short(english: Locale) -> None:
    typed = "@everyone [x](https://evil.example)\u202e {what} {0}" + "y" * 4000
    said = sentence(OpsError("mission_unknown", raw_text=typed), english)
    assert "@\u200beveryone \\[x\\](https:\u200b//evil.example) {what} {0}y" in said
    assert "\u202e" not in said
    assert len(said) < 400
