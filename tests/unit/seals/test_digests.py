"""Digests of bytes, pieces and parts."""

import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_desk.errors import SealError, TamperedError
from assessor_desk.seals.digests import PIECE_SIZE, Part, part_digest, pieces, sha256, sha256_file, verify_part

SALT = bytes(range(16))


class Dribble(io.RawIOBase):
    """A stream that never gives as much as was asked for."""

    def __init__(self, data: bytes, step: int) -> None:
        self._data = io.BytesIO(data)
        self._step = step

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(size, self._step))


def test_the_digest_is_the_published_one(tmp_path: Path) -> None:
    file = tmp_path / "abc"
    file.write_bytes(b"abc")

    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256(b"abc") == sha256_file(file) == expected


@pytest.mark.parametrize("size", [0, 1, PIECE_SIZE - 1, PIECE_SIZE, PIECE_SIZE + 1, 3 * PIECE_SIZE])
def test_each_mebibyte_has_its_digest(size: int) -> None:
    data = bytes(size)

    found = pieces(io.BytesIO(data))

    assert (found.sha256, found.size) == (sha256(data), size)
    assert found.pieces == tuple(sha256(data[at : at + PIECE_SIZE]) for at in range(0, size, PIECE_SIZE))


def test_a_stream_that_gives_little_at_a_time_has_the_same_pieces() -> None:
    data = bytes(range(256)) * 5000

    assert pieces(Dribble(data, 300_001)) == pieces(io.BytesIO(data))  # type: ignore[arg-type]  # read() is all it needs


def test_a_part_digest_is_the_hash_of_its_canonical_form() -> None:
    written = b'{"name":"score/1","salt":"000102030405060708090a0b0c0d0e0f","value":3}'

    assert part_digest(Part("score/1", SALT, 3)) == hashlib.sha256(written).hexdigest()


@given(st.sampled_from([Part("a", SALT, 1), Part("b", SALT, 2), Part("a", bytes(16), 2), Part("a", SALT, "2")]))
def test_a_part_with_another_name_salt_or_value_is_refused(changed: Part) -> None:
    digest = part_digest(Part("a", SALT, 2))

    verify_part(Part("a", SALT, 2), digest)
    with pytest.raises(TamperedError, match="not the one that was signed"):
        verify_part(changed, digest)


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(SealError, match="16 bytes"):
        Part("a", b"short", 1)
