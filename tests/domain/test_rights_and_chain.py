"""Who may do what, and the chain that cannot be rewritten without its key."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.capabilities import Because, Capability, Grants, Standing, explain, holds, require
from domain.errors import NotPermitted
from domain.journal import GENESIS, Entry, canonical_json, digest_personal, link

ROLE = {capability: 100 + number for number, capability in enumerate(Capability)}
GRANTS: dict[Capability, set[int]] = {
    capability: {role} for capability, role in ROLE.items() if capability is not Capability.READ
}
CHANGING = [Capability.OPERATE, Capability.PAD, Capability.APPROVE]


def member(*capabilities: Capability, manages_server: bool = False) -> Standing:
    return Standing(frozenset(ROLE[capability] for capability in capabilities), manages_server)


@pytest.mark.parametrize("held", Capability)
@pytest.mark.parametrize("asked", Capability)
def test_a_role_gives_its_own_capability_and_only_admin_gives_others(held: Capability, asked: Capability) -> None:
    by_admin = held is Capability.ADMIN and asked is not Capability.MEDICAL
    expected = asked in {held, Capability.READ} or by_admin
    assert holds(member(held), asked, GRANTS) is expected


@pytest.mark.parametrize("asked", Capability)
def test_manage_server_makes_an_admin_who_sees_nothing_medical(asked: Capability) -> None:
    assert holds(member(manages_server=True), asked, {}) is (asked is not Capability.MEDICAL)


@pytest.mark.parametrize("asked", Capability)
def test_without_grants_a_member_may_only_read(asked: Capability) -> None:
    assert holds(member(), asked, {}) is (asked is Capability.READ)


def test_reading_is_narrowed_by_granting_it() -> None:
    narrowed = {Capability.READ: {ROLE[Capability.READ]}}
    assert not holds(member(), Capability.READ, narrowed)
    assert holds(member(Capability.READ), Capability.READ, narrowed)
    assert holds(member(manages_server=True), Capability.READ, narrowed)


@pytest.mark.parametrize("asked", CHANGING)
def test_a_refusal_names_the_missing_capability(asked: Capability) -> None:
    with pytest.raises(NotPermitted) as refusal:
        require(member(), asked, GRANTS)
    assert refusal.value.params == {"capability": asked.value}


# --- the same, explained ----------------------------------------------------------------------------------------------

SOME_ROLES = st.frozensets(st.integers(1, 6))
SOME_GRANTS = st.dictionaries(st.sampled_from(Capability), SOME_ROLES)


@given(roles=SOME_ROLES, manages_server=st.booleans(), grants=SOME_GRANTS)
def test_what_is_explained_is_what_is_decided(roles: frozenset[int], manages_server: bool, grants: Grants) -> None:
    standing = Standing(roles, manages_server)
    holdings = explain(standing, grants)
    assert [holding.capability for holding in holdings] == list(Capability)
    for holding in holdings:
        assert holding.held is holds(standing, holding.capability, grants)
        assert set(holding.granted_to) == set(grants.get(holding.capability, ()))


@given(roles=SOME_ROLES, manages_server=st.booleans(), grants=SOME_GRANTS)
def test_the_rule_is_the_one_that_the_documentation_states(
    roles: frozenset[int], manages_server: bool, grants: Grants
) -> None:
    admin = manages_server or bool(roles & set(grants.get(Capability.ADMIN, ())))
    for capability in Capability:
        own = bool(roles & set(grants.get(capability, ())))
        everyone = capability is Capability.READ and not grants.get(Capability.READ)
        expected = own or everyone or (admin and capability is not Capability.MEDICAL)
        assert holds(Standing(roles, manages_server), capability, grants) is expected


@given(roles=SOME_ROLES, manages_server=st.booleans(), grants=SOME_GRANTS)
def test_each_reason_alone_would_do(roles: frozenset[int], manages_server: bool, grants: Grants) -> None:
    for holding in explain(Standing(roles, manages_server), grants):
        for reason in holding.reasons:
            only_role = frozenset({reason.role_id} if reason.role_id is not None else set())
            alone = Standing(only_role, manages_server=reason.because is Because.MANAGE_SERVER)
            assert holds(alone, holding.capability, grants)


# --- the chain --------------------------------------------------------------------------------------------------------

KEY = bytes(range(32))
ENTRY = Entry(
    workspace_id=1,
    seq=1,
    recorded_at=datetime(2025, 11, 27, 18, tzinfo=UTC),
    actor_id=5,
    action="report_damage",
    subject_kind="report",
    subject_id=1,
    state_json='{"decision":"NO GO"}',
    event_at=datetime(2025, 11, 27, 15, tzinfo=UTC),
    personal_digest=digest_personal("salt", '{"actor":"pad chief"}'),
)
ALTERED = {
    "workspace_id": 2,
    "seq": 2,
    "recorded_at": ENTRY.recorded_at + timedelta(microseconds=1),
    "actor_id": 6,
    "action": "report_damages",
    "subject_kind": "reports",
    "subject_id": 2,
    "state_json": '{"decision":"GO"}',
    "event_at": None,
    "personal_digest": digest_personal("salt", '{"actor":"someone else"}'),
}


@pytest.mark.parametrize("field", [field.name for field in fields(Entry)])
def test_changing_any_field_breaks_the_link(field: str) -> None:
    altered = replace(ENTRY, **{field: ALTERED[field]})  # type: ignore[arg-type]
    assert link(KEY, GENESIS, altered) != link(KEY, GENESIS, ENTRY)


def test_another_predecessor_or_another_key_breaks_the_link() -> None:
    right = link(KEY, GENESIS, ENTRY)
    assert link(KEY, right, ENTRY) != right
    assert link(bytes(32), GENESIS, ENTRY) != right


def test_fields_cannot_be_pushed_into_each_other() -> None:
    one = replace(ENTRY, action="report", subject_kind="damage")
    other = replace(ENTRY, action="reportdamage", subject_kind="")
    assert link(KEY, GENESIS, one) != link(KEY, GENESIS, other)


def test_the_link_holds_a_digest_of_personal_text_and_not_the_text() -> None:
    assert len(ENTRY.personal_digest) == 64
    assert digest_personal("other salt", '{"actor":"pad chief"}') != ENTRY.personal_digest
    # The entry is all the link is made of: with the text gone, it is still the same link.
    assert "pad chief" not in canonical_json(
        [getattr(ENTRY, field.name) for field in fields(Entry) if "at" not in field.name]
    )


def test_one_value_has_one_spelling() -> None:
    assert canonical_json({"b": 1, "a": "é"}) == canonical_json({"a": "é", "b": 1}) == '{"a":"é","b":1}'
