"""The outbox: one row for each cause and channel, sent in order, claimed by one, never forgotten."""

from datetime import datetime, timedelta

import pytest

from domain.countdown import ReminderKind
from domain.delivery import LEASE, Delivery, DeliveryState
from domain.facts import CountdownReached, EventRef
from domain.missions import EventKind
from domain.when import exactly
from storage import outbox, workspaces
from storage.database import Database, Transaction
from storage.outbox import Claim, Posting
from tests.storage import rows

NOW = rows.NOW
AN_HOUR = timedelta(hours=1)


@pytest.fixture
async def house(database: Database) -> Database:
    await database.write(lambda tx: workspaces.insert(tx, rows.WORKSPACE, NOW, "0"))
    return database


async def post(house: Database, key: str, channel: int = 5) -> bool:
    made = await house.write(lambda tx: outbox.insert(tx, 1, Posting(channel, rows.FACTS, key, "en"), NOW))
    return made is not None


async def claim(house: Database, channel: int = 5, owner: str = "here", at: datetime = NOW) -> Claim | None:
    return await house.write(lambda tx: outbox.claim_next(tx, channel, owner, at))


async def claimed(house: Database, channel: int = 5, owner: str = "here", at: datetime = NOW) -> Claim:
    found = await claim(house, channel, owner, at)
    assert found is not None
    return found


async def settle(house: Database, delivery: Delivery, state: DeliveryState, message_id: int | None = None) -> None:
    await house.write(lambda tx: outbox.settle(tx, delivery, state, at=NOW, message_id=message_id))


async def lanes(house: Database, at: datetime = NOW) -> list[int]:
    return await house.read(lambda reader: outbox.open_lanes(reader, at))


async def test_the_same_cause_to_the_same_channel_is_one_delivery(house: Database) -> None:
    assert [await post(house, key) for key in ("a", "a", "b")] == [True, False, True]
    waiting = await house.read(lambda reader: outbox.counts(reader, 1, NOW))
    assert waiting == {DeliveryState.PENDING: 2}


async def test_many_deliveries_are_written_in_their_order_and_one_that_is_known_is_left_out(house: Database) -> None:
    await post(house, "b")
    many = [Posting(5, rows.FACTS, cause, "en") for cause in ("a", "b", "c", "a")]
    await house.write(lambda tx: outbox.insert_many(tx, 1, [*many, Posting(6, rows.FACTS, "a", "en")], NOW))
    written = await house.read(lambda reader: reader.fetch("SELECT channel_id, cause FROM outbox ORDER BY id"))
    assert [tuple(row) for row in written] == [(5, "b"), (5, "a"), (5, "c"), (6, "a")]
    assert await lanes(house) == [5, 6]


async def test_every_delivery_has_a_nonce_of_its_own_that_stays(house: Database) -> None:
    for number in range(5):
        await post(house, str(number), channel=number)
    nonces = [(await claimed(house, channel)).delivery.nonce for channel in range(5)]
    assert len(set(nonces)) == 5
    assert [(await claimed(house, channel)).delivery.nonce for channel in range(5)] == nonces


async def test_a_lane_is_sent_in_the_order_it_was_written(house: Database) -> None:
    for key in ("first", "second", "third"):
        await post(house, key)
    ids = []
    for message_id in (100, 101, 102):
        delivery = (await claimed(house)).delivery
        ids.append(delivery.id)
        assert (await claimed(house)).delivery.id == delivery.id, "the head stays the head until it is settled"
        await settle(house, delivery, DeliveryState.SENT, message_id)
    assert ids == sorted(ids)
    assert await claim(house) is None
    assert await lanes(house) == []


async def test_a_claim_belongs_to_one_until_its_lease_ends_and_is_ambiguous_then(house: Database) -> None:
    await post(house, "a")
    first = await claimed(house, owner="one")
    assert (first.ambiguous, first.delivery.attempts) == (False, 1)
    assert await claim(house, owner="two", at=NOW + LEASE - timedelta(microseconds=1)) is None
    second = await claimed(house, owner="two", at=NOW + LEASE)
    assert (second.ambiguous, second.delivery.attempts, second.delivery.nonce) == (True, 2, first.delivery.nonce)


async def test_after_a_crash_the_claims_of_the_dead_are_open_at_once(house: Database) -> None:
    await post(house, "a")
    await claimed(house, owner="dead")
    assert await house.write(lambda tx: outbox.end_leases_of_others(tx, "alive")) == 1
    assert (await claimed(house, owner="alive")).ambiguous
    assert await house.write(lambda tx: outbox.end_leases_of_others(tx, "alive")) == 0


async def test_a_post_raises_its_lanes_floor_and_never_lowers_it(house: Database) -> None:
    await house.write(lambda tx: outbox.ensure_lane(tx, 1, 5, 50))
    await house.write(lambda tx: outbox.ensure_lane(tx, 1, 5, 10))
    floors = []
    for key, message_id in (("a", 100), ("b", 90), ("c", 110)):
        await post(house, key)
        found = await claimed(house)
        floors.append(found.floor_message_id)
        await settle(house, found.delivery, DeliveryState.SENT, message_id)
    assert floors == [50, 100, 100]


async def test_a_held_lane_rests_until_its_time_and_no_other_lane_waits_for_it(house: Database) -> None:
    await post(house, "a", channel=5)
    await post(house, "b", channel=6)
    delivery = (await claimed(house, 5)).delivery
    await house.write(lambda tx: outbox.release(tx, delivery, NOW + AN_HOUR))
    assert await lanes(house) == [6]
    assert await house.read(lambda reader: outbox.next_resume_at(reader, NOW)) == NOW + AN_HOUR
    assert await lanes(house, NOW + AN_HOUR) == [5, 6]
    assert not (await claimed(house, 5)).ambiguous, "given back as definitely not sent"


async def test_a_held_lane_keeps_the_claim_that_may_have_been_sent(house: Database) -> None:
    await post(house, "a")
    await claimed(house)
    await house.write(lambda tx: outbox.hold_lane(tx, 5, NOW + AN_HOUR))
    assert await lanes(house) == []
    assert (await claimed(house, at=NOW + AN_HOUR)).ambiguous


@pytest.mark.parametrize("end", [DeliveryState.PARKED, DeliveryState.EXPIRED, DeliveryState.DELIVERED_DELETED])
async def test_every_other_end_also_lets_the_lane_go_on(house: Database, end: DeliveryState) -> None:
    for key in ("a", "b"):
        await post(house, key)
    first = (await claimed(house)).delivery
    await house.write(lambda tx: outbox.hold_lane(tx, 5, NOW + AN_HOUR))
    await settle(house, first, end)
    assert await lanes(house) == [5]
    assert (await claimed(house)).delivery.id > first.id
    counts = await house.read(lambda reader: outbox.counts(reader, 1, NOW))
    assert counts == {end: 1, DeliveryState.SENDING: 1}


async def test_a_row_that_cannot_be_read_is_parked_and_stops_nobody_behind_it(house: Database) -> None:
    for key in ("a", "b"):
        await post(house, key)
    await house.write(lambda tx: tx.execute("UPDATE outbox SET facts_version = 99 WHERE cause = 'a'"))
    await claimed(house)
    counts = await house.read(lambda reader: outbox.counts(reader, 1, NOW))
    assert counts == {DeliveryState.PARKED: 1, DeliveryState.SENDING: 1}


async def test_ids_are_not_used_again_after_a_row_is_gone(house: Database) -> None:
    await post(house, "a")
    first = (await claimed(house)).delivery.id
    await house.write(lambda tx: tx.execute("DELETE FROM outbox"))
    await post(house, "b")
    assert (await claimed(house)).delivery.id > first


async def test_a_countdown_carries_the_time_after_which_it_is_pointless(house: Database) -> None:
    landing = exactly(NOW + AN_HOUR)
    facts = CountdownReached(
        EventRef(1, "Soyuz MS-28", 2, EventKind.LANDING), landing, ReminderKind.COUNTDOWN, AN_HOUR, NOW
    )

    async def insert(tx: Transaction) -> None:
        await outbox.insert(tx, 1, Posting(5, facts, "a", "en"), NOW)

    await house.write(insert)
    assert (await claimed(house)).delivery.expires_at == landing.at + AN_HOUR  # type: ignore[operator]


async def test_the_oldest_open_row_tells_how_far_behind_delivery_is(house: Database) -> None:
    assert await house.read(outbox.oldest_open_at) is None
    await post(house, "a")
    assert await house.read(outbox.oldest_open_at) == NOW
