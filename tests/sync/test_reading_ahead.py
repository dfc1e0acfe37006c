"""While bytes are written the next ones are read; nothing that came is lost, whatever ends it."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_desk.errors import HubUnreachableError
from assessor_desk.sync.ahead import read_ahead


def then_cut(parts: list[bytes]) -> Iterator[bytes]:
    yield from parts
    raise HubUnreachableError("cut")


@given(st.lists(st.binary(min_size=1, max_size=9)), st.integers(1, 20))
def test_parts_come_whole_and_in_their_order(parts: list[bytes], together: int) -> None:
    assert list(read_ahead(iter(parts), together)) == parts


@given(st.lists(st.binary(min_size=1, max_size=9)), st.integers(1, 20))
def test_what_came_before_a_cut_is_not_lost(parts: list[bytes], together: int) -> None:
    reading = read_ahead(then_cut(parts), together)

    assert [next(reading) for _ in parts] == parts
    with pytest.raises(HubUnreachableError, match="cut"):
        next(reading)


def test_the_next_parts_are_read_while_the_last_are_written() -> None:
    asked = threading.Event()

    def parts() -> Iterator[bytes]:
        yield b"first"
        asked.set()
        yield b"second"

    reading = read_ahead(parts(), 1)
    first = next(reading)

    assert asked.wait(10)
    assert [first, *reading] == [b"first", b"second"]


def test_who_leaves_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()

    with closing(read_ahead(iter([b"part"] * 1_000), 1)) as reading:
        next(reading)

    assert threading.active_count() == before


def test_a_fault_of_our_own_stays_loud() -> None:
    def parts() -> Iterator[bytes]:
        yield b"first"
        raise KeyError("ours")

    with pytest.raises(KeyError):
        list(read_ahead(parts(), 1))
