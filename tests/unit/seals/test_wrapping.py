"""Secrets under keys, under a passphrase, under the recovery sheet."""

import contextlib
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_desk.errors import (
    InputError,
    SealError,
    StoreDamagedError,
    StoreTooNewError,
    TamperedError,
    WrongPassphraseError,
)
from assessor_desk.seals.keyfile import KeyRing, Keys
from assessor_desk.seals.passphrases import check_passphrase, strength
from assessor_desk.seals.wrapping import (
    RECOVERY_SIZE,
    Argon2Cost,
    WrappingKey,
    new_recovery_secret,
    passphrase_key,
    recovery_key,
)

CHEAP = Argon2Cost(memory_kib=8, passes=1, lanes=1)
KEYS = Keys.generate()
RECOVERY = bytes(range(RECOVERY_SIZE))
RING = KeyRing.create("store-1", KEYS, "four words in order", RECOVERY, CHEAP)
WRAPPED = WrappingKey(bytes(32)).wrap("blob 1", b"a blob's key")


def raws(keys: Keys) -> tuple[bytes, bytes, bytes]:
    return keys.data, keys.sealing.to_bytes(), keys.signing.to_bytes()


@given(st.binary(max_size=100), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_a_wrapped_secret_comes_back_under_its_name(secret: bytes, name: str) -> None:
    key = WrappingKey(bytes(32))

    assert key.unwrap(name, key.wrap(name, secret)) == secret


def test_the_name_and_the_key_bind() -> None:
    with pytest.raises(TamperedError, match="blob 2"):
        WrappingKey(bytes(32)).unwrap("blob 2", WRAPPED)
    with pytest.raises(TamperedError):
        WrappingKey(b"k" * 32).unwrap("blob 1", WRAPPED)


@given(st.integers(0, len(WRAPPED) * 8 - 1))
def test_any_changed_bit_of_a_wrap_is_refused(bit: int) -> None:
    changed = bytearray(WRAPPED)
    changed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(TamperedError):
        WrappingKey(bytes(32)).unwrap("blob 1", bytes(changed))


@pytest.mark.parametrize("size", range(len(WRAPPED)))
def test_any_cut_wrap_is_refused(size: int) -> None:
    with pytest.raises(TamperedError):
        WrappingKey(bytes(32)).unwrap("blob 1", WRAPPED[:size])


def test_the_passphrase_opens_a_ring_that_was_written_and_read() -> None:
    ring = KeyRing.from_bytes(RING.to_bytes())

    assert ring == RING
    assert raws(ring.unlock("four words in order")) == raws(KEYS)


@pytest.mark.parametrize("wrong", ["", "four words in orde", "Four words in order", "four words in order "])
def test_a_wrong_passphrase_is_told_in_words(wrong: str) -> None:
    with pytest.raises(WrongPassphraseError) as caught:
        RING.unlock(wrong)

    assert caught.value.problem()["type"] == "wrong-passphrase"
    assert "recovery sheet" in caught.value.next


def test_the_recovery_sheet_gives_back_all_but_the_signing_key() -> None:
    recovered = RING.recover(RECOVERY)

    assert (recovered.data, recovered.sealing.to_bytes()) == raws(KEYS)[:2]
    assert set(RING.by_recovery) == {"data", "sealing"}
    with pytest.raises(WrongPassphraseError, match="recovery sheet does not belong"):
        RING.recover(new_recovery_secret())


def test_a_new_passphrase_shuts_out_the_old_one_and_leaves_the_recovery_sheet_good() -> None:
    ring = RING.with_passphrase(KEYS, "quite another sentence", CHEAP)

    assert raws(ring.unlock("quite another sentence")) == raws(KEYS)
    assert ring.recover(RECOVERY).data == KEYS.data
    assert ring.salt != RING.salt
    with pytest.raises(WrongPassphraseError):
        ring.unlock("four words in order")


def test_a_new_recovery_sheet_shuts_out_the_old_one() -> None:
    secret = new_recovery_secret()
    ring = RING.with_recovery(KEYS, secret)

    assert ring.recover(secret).data == KEYS.data
    assert raws(ring.unlock("four words in order")) == raws(KEYS)
    with pytest.raises(WrongPassphraseError):
        ring.recover(RECOVERY)


def test_an_entry_cannot_stand_in_for_another_or_for_another_stores() -> None:
    content = json.loads(RING.to_bytes())
    content["passphrase"]["data"] = content["passphrase"]["sealing"]
    moved = json.loads(RING.to_bytes()) | {"store": "store-2"}

    for changed in (content, moved):
        with pytest.raises(WrongPassphraseError):
            KeyRing.from_bytes(json.dumps(changed).encode()).unlock("four words in order")


def test_no_key_shows_in_the_file_or_in_a_printed_ring() -> None:
    for secret in (*raws(KEYS), RECOVERY):
        assert secret not in RING.to_bytes()
        assert secret.hex() not in RING.to_bytes().decode()
        assert repr(secret) not in repr(KEYS) + repr(RING)


CHANGES: dict[str, dict[str, object]] = {
    "another format": {"format": "x"},
    "no version": {"version": None},
    "a cut salt": {"salt": "AAAA"},
    "an endless cost": {"argon2id": {"memory_kib": 2**40, "passes": 1, "lanes": 1}},
    "an unknown cost": {"argon2id": {"rounds": 1}},
    "a cost in words": {"argon2id": {"memory_kib": "64"}},
    "no wrapped keys": {"passphrase": {}},
    "wrapped keys of another kind": {"recovery": []},
    "a wrapped key that is no text": {"recovery": {"data": 1, "sealing": 1}},
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_damaged_key_file_is_told_in_words(name: str) -> None:
    content = json.loads(RING.to_bytes()) | CHANGES[name]

    with pytest.raises(StoreDamagedError, match="is damaged") as caught:
        KeyRing.from_bytes(json.dumps(content).encode())
    assert caught.value.next


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\0" * 900, RING.to_bytes()[:-1]])
def test_a_cut_key_file_is_told_in_words(data: bytes) -> None:
    with pytest.raises(StoreDamagedError):
        KeyRing.from_bytes(data)


def test_a_newer_key_file_is_refused_in_words() -> None:
    content = json.loads(RING.to_bytes()) | {"version": 2}

    with pytest.raises(StoreTooNewError, match="newer version"):
        KeyRing.from_bytes(json.dumps(content).encode())


def test_a_passphrase_is_the_same_however_its_letters_are_composed() -> None:
    salt = bytes(16)
    composed, apart = (unicodedata.normalize(form, "Größe über Größe") for form in ("NFC", "NFD"))
    wrapped = passphrase_key(composed, salt, CHEAP).wrap("a", b"secret")

    assert composed != apart
    assert passphrase_key(apart, salt, CHEAP).unwrap("a", wrapped) == b"secret"


@pytest.mark.parametrize(
    "other",
    [
        passphrase_key("pass phrase 2", bytes(16), CHEAP),
        passphrase_key("pass phrase 1", b"\1" * 16, CHEAP),
        passphrase_key("pass phrase 1", bytes(16), Argon2Cost(memory_kib=16, passes=1, lanes=1)),
        passphrase_key("pass phrase 1", bytes(16), Argon2Cost(memory_kib=8, passes=2, lanes=1)),
    ],
)
def test_passphrase_salt_and_cost_all_make_the_key(other: WrappingKey) -> None:
    wrapped = passphrase_key("pass phrase 1", bytes(16), CHEAP).wrap("a", b"secret")

    with pytest.raises(TamperedError):
        other.unwrap("a", wrapped)


def test_the_shipped_cost_is_64_mebibytes_three_times() -> None:
    assert Argon2Cost() == Argon2Cost(memory_kib=65536, passes=3, lanes=4)


@pytest.mark.parametrize(
    "cost", [(7, 1, 1), (8, 0, 1), (8, 1, 0), (31, 1, 4), (2**22, 1, 1), (64, 1000, 1), (65536, 1, 17)]
)
def test_a_cost_out_of_bounds_is_refused(cost: tuple[int, int, int]) -> None:
    with pytest.raises(SealError, match="out of bounds"):
        Argon2Cost(*cost)


@pytest.mark.parametrize("size", [0, 16, 32])
def test_secrets_of_another_length_are_refused(size: int) -> None:
    with pytest.raises(SealError):
        recovery_key(bytes(size))
    with pytest.raises(SealError):
        WrappingKey(bytes(size + 1))


@pytest.mark.parametrize("passphrase", ["", "short", "elevensigns", "aaaaaaaaaaaaaaaa", "ababababababab"])
def test_a_short_or_single_toned_passphrase_is_refused_with_advice(passphrase: str) -> None:
    with pytest.raises(InputError) as caught:
        check_passphrase(passphrase)

    assert caught.value.next


@pytest.mark.parametrize(
    ("passphrase", "word"),
    [
        ("passwordpassword", "weak"),
        ("abcdefghijklmnop", "weak"),
        ("111111111111", "weak"),
        ("coaching notes", "weak"),
        ("copper lantern violin", "fair"),
        ("copper lantern violin Thursday", "good"),
        ("copper lantern violin Thursday glove seven", "strong"),
        ("gT7#kQ9!vB2$xM", "strong"),
    ],
)
def test_strength_is_told_in_a_word(passphrase: str, word: str) -> None:
    found = strength(passphrase)

    assert found.word == word
    assert bool(found.advice) == (word in {"weak", "fair"})


@given(st.text(max_size=60))
def test_any_text_can_be_judged(passphrase: str) -> None:
    assert strength(passphrase).bits >= 0
    with contextlib.suppress(InputError):
        check_passphrase(passphrase)
