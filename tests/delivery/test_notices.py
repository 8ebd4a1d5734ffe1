"""What the ops channel hears of posts that were given up, in the words of the real catalogue."""

from datetime import timedelta

from cogs.outgoing import announcement
from cogs.text import load_catalogues
from domain.delivery import Delivery
from tests.delivery.test_courier import question
from tests.delivery.world import OPERATIONS, OPS, PUBLIC, Sheet, World, refused


async def test_both_notices_name_the_channel_and_the_reason(world: World) -> None:
    catalogues = load_catalogues()

    def render(delivery: Delivery) -> Sheet:
        return Sheet(delivery.reference, str(announcement(delivery, catalogues).embed.description))

    await world.write(OPERATIONS, "launch")
    await world.write(PUBLIC, "question", facts=question())
    world.clock.move_by(timedelta(days=2))
    world.channels.faults[OPERATIONS].append(refused("missing_access"))
    # The row itself is worded by the stand-in's rule; what matters is that the notices about it can be.
    courier = world.start(render=lambda delivery: render(delivery) if delivery.channel_id == OPS else Sheet("", "x"))
    await courier.drained()
    assert await world.states(OPS) == ["sent", "sent"]
    words = world.channels.words(OPS)
    assert any(f"<#{OPERATIONS}>" in said and "parked" in said for said in words)
    assert any(f"<#{PUBLIC}>" in said and "too late" in said for said in words)
