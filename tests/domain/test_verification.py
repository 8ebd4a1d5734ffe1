"""Walking the journal's chain: what each way of tampering looks like, and what cannot be mistaken for it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.journal import (
    Entry,
    Fault,
    Finding,
    Linked,
    Point,
    PostedHead,
    digest_personal,
    heads_against,
    link,
    walk,
)

KEY = bytes(range(32))
AT = datetime(2025, 11, 27, 18, tzinfo=UTC)


def chain_of(length: int, key: bytes = KEY, word: str = "GO") -> list[Linked]:
    mac, entries = Point().mac, []
    for seq in range(1, length + 1):
        state = f'{{"decision":"{word}","n":{seq}}}'
        entry = Entry(
            1, seq, AT + timedelta(seq), 7, "move", "event", seq, state, None, digest_personal("s", f'{{"n":{seq}}}')
        )
        mac = link(key, mac, entry)
        entries.append(Linked(entry, mac))
    return entries


def swapped(entries: list[Linked], one: int, other: int) -> list[Linked]:
    """The rows exchanged, as if their numbers had been: each stands under the other's number, with its own seal."""
    changed = list(entries)
    first, second = entries[one - 1], entries[other - 1]
    changed[one - 1] = Linked(replace(second.entry, seq=one), second.mac)
    changed[other - 1] = Linked(replace(first.entry, seq=other), first.mac)
    return changed


def edited(entries: list[Linked], seq: int) -> list[Linked]:
    changed = list(entries)
    changed[seq - 1] = Linked(replace(entries[seq - 1].entry, state_json='{"decision":"NO GO"}'), entries[seq - 1].mac)
    return changed


def finding(entries: list[Linked]) -> tuple[Fault, int, int | None] | None:
    _, found = walk(KEY, Point(), entries)
    return None if found is None else (found.fault, found.seq, found.other_seq)


@given(length=st.integers(0, 12), cut=st.integers(0, 12))
def test_a_whole_chain_has_no_fault_however_it_is_cut_into_pages(length: int, cut: int) -> None:
    entries = chain_of(length)
    point, first = walk(KEY, Point(), entries[:cut])
    point, second = walk(KEY, point, entries[cut:])
    assert (first, second) == (None, None)
    assert point == (Point(length, entries[-1].mac) if entries else Point())


@given(length=st.integers(1, 12), data=st.data())
def test_an_edited_entry_is_the_one_that_is_named(length: int, data: st.DataObject) -> None:
    seq = data.draw(st.integers(1, length))
    assert finding(edited(chain_of(length), seq)) == (Fault.ALTERED, seq, None)


@given(length=st.integers(2, 12), data=st.data())
def test_a_deleted_entry_is_the_one_that_is_missing(length: int, data: st.DataObject) -> None:
    seq = data.draw(st.integers(1, length - 1))
    entries = chain_of(length)
    assert finding(entries[: seq - 1] + entries[seq:]) == (Fault.MISSING, seq, None)


@given(length=st.integers(2, 12), data=st.data())
def test_exchanged_entries_are_found_at_the_first_of_them(length: int, data: st.DataObject) -> None:
    one = data.draw(st.integers(1, length - 1))
    other = data.draw(st.integers(one + 1, length))
    assert finding(swapped(chain_of(length), one, other)) == (Fault.MISPLACED, one, other)


def test_deleting_an_entry_and_closing_the_gap_does_not_hide_it() -> None:
    entries = chain_of(6)
    closed = [*entries[:2], *(Linked(replace(e.entry, seq=e.entry.seq - 1), e.mac) for e in entries[3:])]
    found = finding(closed)
    assert found is not None
    assert found[1] == 3


@pytest.mark.parametrize("length", [1, 5])
def test_an_entry_sealed_with_another_key_does_not_fit(length: int) -> None:
    assert finding(chain_of(length, bytes(32))) == (Fault.ALTERED, 1, None)


def head(seq: int, mac: str, present: str | None, day: int = 1) -> PostedHead:
    return PostedHead(date(2025, 12, day), seq, mac, AT + timedelta(day), 900, None, present)


CASES: dict[str, tuple[Callable[[], list[PostedHead]], int, Fault | None, int]] = {
    "none": (list, 5, None, 0),
    "agree": (lambda: [head(2, "a", "a"), head(5, "b", "b", 2)], 5, None, 0),
    "shorter than was posted": (lambda: [head(2, "a", "a"), head(7, "b", None, 2)], 5, Fault.TRUNCATED, 5),
    "another seal": (lambda: [head(2, "a", "x"), head(5, "b", "y", 2)], 5, Fault.REWRITTEN, 2),
    "rewritten, then cut": (lambda: [head(2, "a", "x"), head(7, "b", None, 2)], 5, Fault.REWRITTEN, 2),
    # A gap in the middle is the chain's own finding.
    "missing": (lambda: [head(2, "a", None)], 5, None, 0),
}


@pytest.mark.parametrize("name", CASES)
def test_posted_heads_are_compared_with_the_chain(name: str) -> None:
    heads, last_seq, fault, seq = CASES[name]
    found = heads_against(heads(), last_seq)
    assert (found.fault, found.seq) == (fault, seq) if found else fault is None
    assert found is None or isinstance(found, Finding)
