"""Blobs read the same as their plain bytes from anywhere, and any changed byte is refused."""

import io
from collections.abc import Callable
from functools import cache

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from assessor_desk.errors import SealError, TamperedError
from assessor_desk.seals.streams import (
    CHUNK,
    STEP,
    TAG,
    EncryptedReader,
    EncryptedWriter,
    encrypted_size,
    new_blob_key,
    whole_chunks,
)

KEY = bytes(range(32))
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 12345]
LARGE = 3 * CHUNK + 12345


@cache
def plain(size: int) -> bytes:
    return (b"evidence of practice " * (size // 21 + 1))[:size]


@cache
def encrypted(size: int, blob: str = "blob") -> bytes:
    return written(plain(size), blob)


def written(content: bytes, blob: str = "blob", key: bytes = KEY) -> bytes:
    file = io.BytesIO()
    writer = EncryptedWriter(file, key, blob)
    writer.write(content)
    assert writer.finish() == len(content)
    return file.getvalue()


def reader(data: bytes, blob: str = "blob", key: bytes = KEY) -> EncryptedReader:
    return EncryptedReader(io.BytesIO(data), key, blob)


def read_whole(data: bytes) -> bytes:
    with reader(data) as opened:
        return opened.readall()


@pytest.mark.parametrize("size", SIZES)
def test_a_blob_reads_back_whole_and_has_the_foretold_size(size: int) -> None:
    assert read_whole(encrypted(size)) == plain(size)
    assert len(encrypted(size)) == encrypted_size(size)


@given(st.sampled_from(SIZES), st.lists(st.integers(1, CHUNK * 2), min_size=1, max_size=5))
def test_the_size_of_the_writes_does_not_show(size: int, steps: list[int]) -> None:
    file, source = io.BytesIO(), io.BytesIO(plain(size))
    writer = EncryptedWriter(file, KEY, "blob")
    for step in steps:
        writer.write(source.read(step))
    writer.take(source)

    assert writer.size == writer.finish() == size
    assert file.getvalue() == encrypted(size)


@given(
    st.sampled_from(SIZES),
    st.lists(st.tuples(st.integers(0, LARGE + 9), st.integers(0, 2 * CHUNK)), max_size=12),
    st.integers(1, 4),
)
def test_any_position_and_size_read_as_the_plain_bytes_do(
    size: int, reads: list[tuple[int, int]], cached_chunks: int
) -> None:
    ours = EncryptedReader(io.BytesIO(encrypted(size)), KEY, "blob", cached_chunks=cached_chunks)
    theirs = io.BytesIO(plain(size))

    for position, count in reads:
        assert ours.seek(position) == theirs.seek(position)
        assert ours.read(count) == theirs.read(count)
        assert ours.tell() == theirs.tell()
        assert ours.read_at(position, count) == plain(size)[position : position + count]


@pytest.mark.parametrize(("offset", "whence"), [(-5, io.SEEK_END), (-3, io.SEEK_CUR), (7, io.SEEK_CUR)])
def test_positions_count_from_anywhere(offset: int, whence: int) -> None:
    ours, theirs = reader(encrypted(LARGE)), io.BytesIO(plain(LARGE))
    ours.seek(CHUNK)
    theirs.seek(CHUNK)

    assert ours.seek(offset, whence) == theirs.seek(offset, whence)
    assert ours.read(4) == theirs.read(4)


def test_a_buffered_reader_may_stand_before_it() -> None:
    with io.BufferedReader(reader(encrypted(LARGE))) as buffered:
        assert buffered.read() == plain(LARGE)


def test_a_position_before_the_beginning_is_refused() -> None:
    with pytest.raises(ValueError, match="before the beginning"):
        reader(encrypted(1)).seek(-2, io.SEEK_END)


@given(st.sampled_from([0, 1, CHUNK, LARGE]), st.data())
def test_any_flipped_bit_is_refused(size: int, data: st.DataObject) -> None:
    bit = data.draw(st.integers(0, len(encrypted(size)) * 8 - 1))
    changed = bytearray(encrypted(size))
    changed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(TamperedError):
        read_whole(bytes(changed))


@given(st.integers(0, len(encrypted(LARGE)) - 1))
def test_any_cut_is_refused_at_opening(size: int) -> None:
    with pytest.raises(TamperedError):
        reader(encrypted(LARGE)[:size])


@pytest.mark.parametrize("chunks", [1, 2, 3])
def test_a_cut_between_chunks_is_refused_at_opening(chunks: int) -> None:
    with pytest.raises(TamperedError):
        reader(encrypted(LARGE)[: chunks * STEP])


MOVES: dict[str, Callable[[bytes], bytes]] = {
    "two chunks exchanged": lambda data: data[STEP : 2 * STEP] + data[:STEP] + data[2 * STEP :],
    "a chunk twice": lambda data: data[:STEP] + data,
    "a chunk left out": lambda data: data[STEP:],
    "the last chunk first": lambda data: data[3 * STEP :] + data[: 3 * STEP],
    "bytes appended": lambda data: data + b"\0",
    "a tag's length appended": lambda data: data + bytes(TAG),
    "a whole blob appended": lambda data: data + data,
    "a chunk of another blob": lambda data: encrypted(LARGE, "other")[:STEP] + data[STEP:],
    "a last chunk in the middle": lambda data: data[:STEP] + encrypted(2 * CHUNK)[STEP:] + data[2 * STEP :],
    "nothing": lambda data: data[:0],
}


@pytest.mark.parametrize("name", MOVES)
def test_chunks_in_another_order_are_refused(name: str) -> None:
    with pytest.raises(TamperedError):
        read_whole(MOVES[name](encrypted(LARGE)))


def test_an_empty_last_chunk_is_no_second_spelling_of_a_full_one() -> None:
    file = io.BytesIO()
    full = encrypted(2 * CHUNK + 1)[: 2 * STEP]
    writer = EncryptedWriter(file, KEY, "blob", chunks=2)
    writer.finish()

    with pytest.raises(TamperedError):
        reader(full + file.getvalue()[2 * STEP :])


def test_the_blob_and_the_key_bind() -> None:
    with pytest.raises(TamperedError):
        reader(encrypted(10), blob="other")
    with pytest.raises(TamperedError):
        reader(encrypted(10), key=new_blob_key())
    with pytest.raises(SealError, match="32 bytes"):
        reader(encrypted(10), key=b"short")


def test_another_program_can_read_a_chunk() -> None:
    place = b"assessor-desk blob 1\0blob" + (1).to_bytes(8, "big") + b"\x01"
    nonce = (1).to_bytes(11, "big") + b"\x01"

    assert AESGCM(KEY).decrypt(nonce, encrypted(CHUNK + 1)[STEP:], place) == plain(CHUNK + 1)[CHUNK:]


@pytest.mark.parametrize("kept", [0, 5, STEP - 1, STEP, STEP + 7, 3 * STEP, 3 * STEP + 100])
def test_a_cut_download_goes_on_after_its_whole_chunks(kept: int) -> None:
    file = io.BytesIO(encrypted(LARGE)[:kept])
    seen = bytearray()

    chunks = whole_chunks(file, KEY, "blob", seen.extend)
    writer = EncryptedWriter(file, KEY, "blob", chunks=chunks)
    assert writer.size == len(seen)
    writer.write(plain(LARGE)[writer.size :])
    writer.finish()

    assert chunks == kept // STEP
    assert seen == plain(LARGE)[: len(seen)]
    assert file.getvalue() == encrypted(LARGE)


def test_a_resumed_blob_ends_where_it_ends_however_much_lay_behind() -> None:
    file = io.BytesIO(encrypted(LARGE))
    writer = EncryptedWriter(file, KEY, "blob", chunks=1)
    writer.write(plain(LARGE)[CHUNK : CHUNK + 10])
    writer.finish()

    assert read_whole(file.getvalue()) == plain(CHUNK + 10)


def test_only_good_chunks_count_as_whole() -> None:
    changed = bytearray(encrypted(LARGE))
    changed[STEP + 1] ^= 1

    assert whole_chunks(io.BytesIO(changed), KEY, "blob") == 1
    assert whole_chunks(io.BytesIO(encrypted(2 * CHUNK)), KEY, "blob") == 1


def test_closing_closes_the_file_and_ends_reading() -> None:
    file = io.BytesIO(encrypted(10))
    opened = EncryptedReader(file, KEY, "blob")
    opened.close()
    opened.close()

    assert file.closed
    with pytest.raises(ValueError, match="closed"):
        opened.read_at(0, 1)


def test_a_new_key_is_new() -> None:
    assert new_blob_key() != new_blob_key()
