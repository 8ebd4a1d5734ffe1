"""Puts the Discord face on a client: command groups, buttons, and the answer to what is stale."""

import discord
from discord import app_commands

from cogs.announce import AnnounceGroup, press_approve, press_reject, press_withdraw
from cogs.board import BoardGroup
from cogs.crew import CrewGroup
from cogs.docking import DockingGroup
from cogs.face import Face
from cogs.lists import PAGE, turn_page
from cogs.mission import (
    MissionGroup,
    press_adopt,
    press_done,
    press_done_when,
    press_held,
    press_moved,
    press_shift,
    press_undo,
)
from cogs.ops import OpsGroup, press_drop, press_retry
from cogs.outage import press_acknowledge, press_confirm_return, press_decline_return, press_withdraw_return
from cogs.own_reminders import press_cancel, press_show, press_snooze, press_snooze_own, press_stop, press_stop_own
from cogs.pad import PadGroup
from cogs.remind import RemindGroup
from cogs.render.announcements import DONE, DONE_WHEN, HELD, MOVED
from cogs.render.flights import ADOPT
from cogs.render.member_reminders import CANCEL, SHOW, SNOOZE, SNOOZE_OWN, STOP, STOP_OWN
from cogs.render.missions import SHIFT, UNDO
from cogs.render.ops import DROP, RETRY
from cogs.render.pad_posts import ACKNOWLEDGE, CONFIRM, DECLINE
from cogs.render.pad_posts import WITHDRAW as WITHDRAW_RETURN
from cogs.render.statements import APPROVE, REJECT, WITHDRAW
from cogs.repair import RepairGroup
from cogs.stale import on_interaction
from cogs.tree import GantryTree
from cogs.views.buttons import ActionButton

__all__ = ["GROUPS", "PRESSES", "Face", "add_commands", "install"]

GROUPS: tuple[type[app_commands.Group], ...] = (
    MissionGroup,
    CrewGroup,
    DockingGroup,
    PadGroup,
    RepairGroup,
    RemindGroup,
    AnnounceGroup,
    BoardGroup,
    OpsGroup,
)
PRESSES = {
    ADOPT: press_adopt,
    SHIFT: press_shift,
    HELD: press_held,
    MOVED: press_moved,
    UNDO: press_undo,
    DONE: press_done,
    DONE_WHEN: press_done_when,
    PAGE: turn_page,
    APPROVE: press_approve,
    REJECT: press_reject,
    WITHDRAW: press_withdraw,
    RETRY: press_retry,
    DROP: press_drop,
    ACKNOWLEDGE: press_acknowledge,
    CONFIRM: press_confirm_return,
    DECLINE: press_decline_return,
    WITHDRAW_RETURN: press_withdraw_return,
    CANCEL: press_cancel,
    SNOOZE: press_snooze,
    SNOOZE_OWN: press_snooze_own,
    STOP_OWN: press_stop_own,
    STOP: press_stop,
    SHOW: press_show,
}


def add_commands(tree: GantryTree) -> None:
    """Add every command group; enough to list or synchronise the commands."""
    for group in GROUPS:
        tree.add_command(group())


def install(client: discord.Client, tree: GantryTree, face: Face) -> None:
    """Add everything a working client needs."""
    tree.face = face
    tree.presses = PRESSES
    add_commands(tree)
    client.add_dynamic_items(ActionButton)
    client.event(on_interaction)
