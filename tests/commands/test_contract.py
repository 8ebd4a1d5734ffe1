"""The command contract: none missing, none renamed, each described, each group within Discord's limits, and told in the docs."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import discord
import pytest
from discord import app_commands

from cogs.descriptions import CommandTranslator
from cogs.install import add_commands
from cogs.text import load_catalogues
from cogs.tree import GantryTree
from tests.house.tree import ROOT

SLICE = """
/mission status [mission] [as_of]
/mission create name vehicle [kind] [spacecraft] [pad] [station] [launch] [duration_days] [seats]
/mission plan mission event when [port] [name]
/mission move mission event when reason [cause] [source]
/mission done mission event [when] [note]
/mission list [phase]
/mission edit mission [name] [vehicle] [spacecraft] [pad] [station] [duration_days] [seats] [reason]
/mission claim mission event when source tier [link]
/mission correct mission event when reason
/mission hold mission reason
/mission resume mission [when]
/mission scrub mission reason [when]
/mission drop mission event reason
/mission fail mission event reason [outcome] [when]
/mission cancel mission reason
/mission clear mission state reason [source]
/mission timeline mission
/mission history mission [as_of]
/crew list [mission] [as_of]
/crew assign mission person role [agency]
/crew aboard [station] [as_of]
/crew edit person [name] [agency] [also]
/crew remove mission person reason
/crew return person [mission]
/crew health person status [note]
/crew coverage [station]
/docking ports [station] [as_of]
/docking station name [short] [ports]
/docking confirm mission [when] [port]
/docking plan mission port when
/docking undock mission [when]
/docking relocate mission port [when]
/pad status [pad] [as_of]
/pad history pad [as_of]
/pad list
/pad add name site vehicles [kinds] [components] [operator] [lifecycle]
/pad report [pad] [component] [severity] [summary] [photo] [observed]
/pad edit pad
/pad update report state [severity] [reason]
/pad assess report severity tier source [stated] [link] [confidence] [note]
/pad adopt assessment reason
/pad forecast pad source tier [earliest] [latest] [stated] [note]
/pad restrict pad reason
/pad lift pad reason
/pad inspect pad result [note] [photo]
/pad return-to-service pad
/pad impact [pad]
/repair list [pad]
/repair plan report title [owner] [due] [after] [days]
/repair progress repair percent [note]
/repair complete repair [note]
/repair edit repair
/repair start repair
/repair block repair reason
/repair unblock repair
/repair material repair item state [quantity] [expected]
/repair verify repair [note]
/repair cancel repair reason
/remind list
/remind countdown event [offsets]
/announce subscribe topic [channel] [mission] [pad] [severity] [mention] [language]
/announce list
/announce unsubscribe subscription
/announce post text [channel] [mission]
/announce correct announcement text reason
/announce digest time [timezone] [channel]
/announce mute mission
/announce unmute mission
/board pin kind
/board unpin kind
/ops setup
/ops grant capability role
/ops revoke capability role
/ops set key value
/ops explain member
/ops verify
/ops status
"""
LATER = """
/remind me when text [repeat]
/remind here when text [repeat]
/remind cancel reminder
/gonogo call question [stations] [closes]
/gonogo status [poll]
/gonogo close poll
/log add text [mission] [pad]
/log search [text] [mission] [pad] [since]
/shift handover
/shift accept
/ops export
"""
OPEN_ENDED = {"pad edit", "repair edit"}
"""The contract leaves their options open."""
EXTRA = {
    "ops setup": {"channel": False, "timezone": False, "morning": False},
    "announce digest": {"quiet_days": False, "language": False},
    "board pin": {"channel": False, "language": False},
    "board unpin": {"channel": False},
}
"""Options beyond the contract, and why they are there: a set-up has to say where, in which zone, and when morning is; a digest
says in which language it speaks, and whether it speaks with nothing to say; a board may stand in a channel where nobody types
commands, and speaks that channel's language."""

PAGE_ROW = re.compile(r"^\| `/(\w[^`]*)` \| (.+) \|$", re.MULTILINE)
README_ROW = re.compile(r"^\| `/(\w+)` \| (`.+`) \|$", re.MULTILINE)
GROUP_CHARACTERS_MAX = 8_000
DESCRIPTION_MAX = 100


@cache
def tree() -> GantryTree:
    made = GantryTree(discord.Client(intents=discord.Intents.none()))
    add_commands(made)
    return made


def commands() -> dict[str, app_commands.Command[Any, ..., Any]]:
    return {c.qualified_name: c for c in tree().walk_commands() if isinstance(c, app_commands.Command)}


def contract(table: str) -> dict[str, dict[str, bool]]:
    """Command name to its options, True for those that are required."""
    rows = (line[1:].split() for line in table.split("\n") if line)
    return {
        f"{group} {name}": {option.strip("[]"): not option.startswith("[") for option in options}
        for group, name, *options in rows
    }


def test_every_command_of_the_slice_is_there() -> None:
    assert contract(SLICE).keys() - commands().keys() == set()


def test_no_command_exists_that_the_contract_does_not_name() -> None:
    assert commands().keys() - contract(SLICE + LATER).keys() == set()


@pytest.mark.parametrize("name", sorted(commands()))
def test_a_command_has_exactly_the_contracts_options(name: str) -> None:
    wanted = contract(SLICE + LATER)[name] | EXTRA.get(name, {})
    offered = {parameter.display_name: parameter.required for parameter in commands()[name].parameters}
    if name in OPEN_ENDED:
        offered = {option: required for option, required in offered.items() if option in wanted}
    assert offered == wanted


def test_the_page_of_commands_tells_every_command_and_option_as_built() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert sorted(PAGE_ROW.findall(page)) == sorted(
        (usage(name), command.description) for name, command in commands().items()
    )


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = [
        f"{group} {name}" for group, names in README_ROW.findall(readme) for name in names.strip("`").split("` · `")
    ]
    assert sorted(named) == sorted(commands())


def usage(name: str) -> str:
    """A command as the contract writes it: optional options in brackets."""
    options = (p.display_name if p.required else f"[{p.display_name}]" for p in commands()[name].parameters)
    return " ".join([name, *options])


@pytest.mark.parametrize("name", sorted(commands()))
def test_everything_a_member_reads_while_typing_is_described_within_discords_limits(name: str) -> None:
    command = commands()[name]
    described = [command.description, *(str(parameter.description) for parameter in command.parameters)]
    assert all(len(text) <= DESCRIPTION_MAX for text in described)
    # discord.py puts an ellipsis where nobody said anything.
    assert all(text.strip() not in {"", "…", "..."} for text in described)


@pytest.mark.parametrize("group", [command.name for command in tree().get_commands()])
async def test_a_group_stays_below_discords_eight_thousand_characters(group: str) -> None:
    command = tree().get_command(group)
    assert isinstance(command, app_commands.Group)
    assert command.guild_only
    assert sum(len(text) for text in _counted(await translated(group))) <= GROUP_CHARACTERS_MAX


@pytest.mark.parametrize("language", sorted(load_catalogues().languages - {"en"}))
@pytest.mark.parametrize("group", [command.name for command in tree().get_commands()])
async def test_descriptions_in_every_language_are_within_discords_limits_and_names_stay(
    group: str, language: str
) -> None:
    nodes = list(_nodes(await translated(group)))
    # A choice is its name: only the meaning behind the name that is typed may be translated.
    described = [node["description_localizations"][language] for node in nodes if "description" in node]
    offered = [
        (node["value"], node["name_localizations"][language])
        for node in nodes
        if "value" in node and node.get("name_localizations")
    ]
    assert described
    assert all(1 <= len(text) <= DESCRIPTION_MAX for text in [*described, *(name for _, name in offered)])
    assert all(name.startswith(f"{value} — ") for value, name in offered)
    assert not [node["name"] for node in nodes if "value" not in node and node.get("name_localizations")]


async def translated(group: str) -> dict[str, Any]:
    """A group as it is given to Discord, in every language."""
    command = tree().get_command(group)
    assert isinstance(command, app_commands.Group)
    translator = CommandTranslator()
    await translator.load()
    return await command.get_translated_payload(tree(), translator)


def _counted(node: Mapping[str, Any]) -> Iterator[str]:
    """What Discord counts: names, descriptions and values of a command, its options and their choices.

    Of a text in several languages it counts the longest.
    """
    for each in _nodes(node):
        for key in ("name", "description", "value"):
            said = [str(each.get(key, "")), *(each.get(f"{key}_localizations") or {}).values()]
            yield max(said, key=len)


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A command, its options and their choices."""
    yield node
    for child in [*node.get("options", ()), *node.get("choices", ())]:
        yield from _nodes(child)
