"""Every private part of simcord that the demo leans on, in one place beside the version it was tried with.

simcord is a testing framework; a stage that people watch needs three things more than its public calls give. Each
is one assignment here, seen to work with `TRIED_WITH`. After an update of simcord look here first. Nothing else in the
project may touch a name of simcord that begins with an underscore, or its backend.
"""

import logging
from asyncio import Lock
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import discord
from simcord import Env, Preview
from simcord.preview import _markdown

TRIED_WITH = "3.2.1"

_MESSAGE_EVENTS = frozenset({"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"})
_TIMELINE = "/timeline.js"
_ON_SCROLL = 'if (!state.ready && state.scrollIntent?.policy === "target") return;'
_LEAVE_ONLY_UPWARDS = """
    const up = ui.timeline.scrollTop < (state.lastTop ?? 0);
    state.lastTop = ui.timeline.scrollTop;
    if (state.scrollIntent?.policy === "bottom" && (!up || !state.ready)) return;
    """
_AMENDMENTS = (
    # Without a message to focus, begin at the end ...
    ("state.scrollIntent || captureScrollIntent();", 'state.scrollIntent || { policy: "bottom" };'),
    # ... and stay there while messages and pictures come in: only a reader who scrolls up leaves it.
    (_ON_SCROLL, _LEAVE_ONLY_UPWARDS + _ON_SCROLL),
    ('if (state.scrollIntent?.policy !== "target") state', 'if (state.scrollIntent?.policy === "anchor") state'),
    # Draw a message anew at each publication when it counts from now, not only when it holds a poll.
    ("${message.poll ?", """${message.poll || JSON.stringify(message).includes('"style":"R"') ?"""),
)
_log = logging.getLogger(__name__)
_Action = Callable[[str | None, Mapping[str, Any]], Awaitable[dict[str, Any]]]


def start_clock_at(env: Env, instant: datetime) -> None:
    """Let the simulated Discord begin at `instant`; before `env.start()`, so that nobody sees another time."""
    env.backend.clock._epoch = instant  # simcord always starts in January 2026 and offers no other way


def observe_messages(env: Env, heard: Callable[[int], None]) -> None:
    """Call `heard` with the channel's id whenever a message is posted, edited or deleted, whoever did it and wherever."""

    def listen(event: str, payload: Mapping[str, Any]) -> None:
        if event in _MESSAGE_EVENTS:
            heard(int(payload["channel_id"]))

    env.backend.subscribers.append(listen)


def let_another_page_open(env: Env) -> None:
    """Let a second page be served beside the one there is: another channel, seen at the same time.

    simcord shows one channel and allows one page. What it keeps that page for is to note that an action of its own has reached the
    bot; a page notes that by itself as well.
    """
    env._preview = None


def queue_actions(preview: Preview, turn: Lock) -> None:
    """Make the page's actions take their `turn` instead of failing when something else is under way.

    Without it an action that meets a refresh is answered with status 400; the page then says "Action outcome
    uncertain. It will not be retried." and takes no further action until it is loaded again. The number of the
    publication the page has seen is brought up to date too, as in Discord, where a button is not void because another
    message came in while it was pressed; whether the control still exists and is allowed is checked after that as ever.
    """
    opened: Any = preview
    act: _Action = opened._action

    async def wait_and_act(context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        async with turn:
            return await act(context_id, _brought_up_to_date(preview, context_id, body))

    opened._action = wait_and_act


def follow_the_channel(preview: Preview) -> None:
    """Keep the page at the newest message, as Discord does, also after another member was chosen.

    simcord focuses one message and stops a few pixels short of the end; from then on new messages arrive unseen. And it
    draws a message once: "in 7 days" stays so while the clock goes on. Both are a few words in one of its scripts.
    """
    opened: Any = preview
    opened._initial_target = lambda _viewer, _channel_id: None
    server = opened._server
    serve = server._static

    async def serve_amended(request: Any) -> Any:
        response = await serve(request)
        if request.path == _TIMELINE:
            response.text = _amended(response.text)
        return response

    server._static = serve_amended


def _amended(script: str) -> str:
    for found, wanted in _AMENDMENTS:
        if found not in script:
            _log.warning("the page's script is not the one that was tried (simcord %s): %s", TRIED_WITH, found)
        script = script.replace(found, wanted)
    return script


def _brought_up_to_date(preview: Preview, context_id: str | None, body: Mapping[str, Any]) -> Mapping[str, Any]:
    page = preview._pages.get(context_id or "")
    if page is None or "published_revision" not in body or body.get("sequence") != page.last_sequence + 1:
        return body  # a page that is gone, and a repeated action, are answered by simcord itself
    return {**body, "published_revision": page.revision}


def show_mentions_in_embeds() -> None:
    """Let the page show roles, members and channels by name in embeds, as Discord does in descriptions and field values."""
    for field in ("embed_description", "embed_field_value"):
        _markdown._FIELD_POLICIES[field]["mentions"] = True


def refusals_are_no_failures(client: discord.Client, handler: Callable[..., Any] | None) -> None:
    """Give the command tree its own error handler back, after simcord wrapped it.

    The wrapper counts every error a command raises as a failure of the bot, also one that the tree answers properly:
    the page would say "Action was not completed" beside each polite refusal.
    """
    tree = getattr(client, "tree", None)
    if tree is not None and handler is not None:
        tree.on_error = handler
