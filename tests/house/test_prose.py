"""Everything a member reads goes through the message catalogue."""

import pytest

from tests.house.prose import offenders
from tests.house.tree import ROOT


def test_every_sentence_a_member_can_read_is_translatable() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in sorted((ROOT / "cogs").rglob("*.py"))
        for line, text in offenders(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        'reply = "The pad is out of service"',
        'reply = f"{mission} launched"',
        'reply = f"Return of {mission} in {days} days"',
        'WORDS = {"held": "On hold"}',
        'card(title="Crew")',
        'button(label="Done")',
        '_(f"{name} is aboard")',
        'send(_("{name} moved"), note="because of weather")',
        'line = _("Aboard") + " since yesterday evening"',
        "line = f\"**{_('Aboard')}**\"",
        'line = locale.ngettext(N_("{number} day"), N_("{number} days"), number)',
        '@command(name="status", description="Show a mission")\nasync def status(): ...',
    ],
)
def test_a_sentence_outside_the_catalogue_is_found(source: str) -> None:
    assert list(offenders(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""Why this module exists."""',
        'def f() -> None:\n    """Say what it means."""',
        'reply = _("The pad is out of service")',
        'reply = text.ngettext("{n} launch blocked", "{n} launches blocked", n)',
        'WORDS = {"held": N_("On hold")}',
        'AGO = NN_("{n} day ago", "{n} days ago")',
        'card(title=_("Crew"))',
        '@command(name="status", description=T_("Show a mission"))\nasync def status(): ...',
        'log.warning("announcement parked", reason="missing access to it")',
        'self._log.info(f"command {name} took long")',
        'raise TypeError("a renderer must return a card")',
        'assert card, "a renderer must return a card"',
        'SQL = "SELECT name FROM missions"',
        'custom_id = f"gantry:dr:{number}"',
        'mark = f"<t:{seconds}:R>"',
        'line = f"**{name}** · {when}"',
        'button(label="◀")',
        'STAMP = "%d %b %Y UTC"  # not prose: a date format, the same in every language',
    ],
)
def test_what_is_not_for_members_or_is_translatable_is_accepted(source: str) -> None:
    assert not list(offenders(source))
