"""Sealed content opens for its recipient, with its envelope, unchanged, and for nobody else."""

import hmac

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from assessor_desk.errors import SealError, TamperedError
from assessor_desk.seals.sealing import (
    HEADER,
    INFO,
    LARGEST_DOUBLING,
    SealingKey,
    SealingPublic,
    padded_size,
    seal,
    seal_to_all,
)

KEY = SealingKey.from_bytes(bytes(range(32)))
SEALED = seal(KEY.public, b"level 3", b"envelope")
OWN = KEY.seal_own(b"level 3", b"envelope")

# RFC 7748, section 6.1: the private and public keys of Alice and of Bob.
RFC_7748 = [
    (
        "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
    ),
    (
        "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
    ),
]


@pytest.mark.parametrize(("private", "public"), RFC_7748)
def test_public_keys_are_those_of_rfc_7748(private: str, public: str) -> None:
    assert SealingKey.from_bytes(bytes.fromhex(private)).public.raw.hex() == public


@given(st.binary(max_size=3000), st.binary(max_size=60))
def test_any_content_comes_back(plaintext: bytes, associated: bytes) -> None:
    assert KEY.open(seal(KEY.public, plaintext, associated), associated) == plaintext
    assert KEY.open_own(KEY.seal_own(plaintext, associated), associated) == plaintext


@pytest.mark.parametrize("size", [LARGEST_DOUBLING - 5, LARGEST_DOUBLING, 3 * LARGEST_DOUBLING + 1])
def test_large_content_comes_back(size: int) -> None:
    plaintext = bytes(range(251)) * (size // 251 + 1)

    assert KEY.open(seal(KEY.public, plaintext[:size], b""), b"") == plaintext[:size]


@given(st.integers(0, len(SEALED) * 8 - 1))
def test_any_changed_bit_is_refused(bit: int) -> None:
    changed = bytearray(SEALED)
    changed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(SealError):
        KEY.open(bytes(changed), b"envelope")


@given(st.integers(0, len(SEALED) - 1))
def test_any_cut_is_refused(size: int) -> None:
    with pytest.raises(SealError):
        KEY.open(SEALED[:size], b"envelope")


def test_appended_bytes_are_refused() -> None:
    with pytest.raises(TamperedError):
        KEY.open(SEALED + b"\0", b"envelope")


@given(st.binary(max_size=40).filter(lambda data: data != b"envelope"))
def test_the_associated_data_binds(other: bytes) -> None:
    with pytest.raises(TamperedError):
        KEY.open(SEALED, other)
    with pytest.raises(TamperedError):
        KEY.open_own(OWN, other)


def test_another_person_cannot_open() -> None:
    with pytest.raises(TamperedError, match="for someone else"):
        SealingKey.generate().open(SEALED, b"envelope")


def test_content_that_others_sealed_is_not_taken_for_ones_own() -> None:
    with pytest.raises(TamperedError, match="does not come from its owner"):
        KEY.open_own(SEALED, b"envelope")


def test_sealing_twice_gives_other_bytes() -> None:
    assert seal(KEY.public, b"level 3", b"envelope") != SEALED


@given(st.integers(0, 200), st.integers(0, 200))
def test_short_contents_all_have_one_size(one: int, other: int) -> None:
    assert len(seal(KEY.public, bytes(one), b"")) == len(seal(KEY.public, bytes(other), b""))


@given(st.integers(0, 1 << 24))
def test_filling_up_neither_cuts_nor_more_than_doubles(size: int) -> None:
    assert size + 4 <= padded_size(size) <= max(256, 2 * (size + 4))


def test_each_of_several_recipients_can_open_and_nobody_else() -> None:
    people = [SealingKey.generate() for _ in range(3)]
    copies = seal_to_all([person.public for person in people], b"content key", b"package 1")

    assert {person.open_mine(copies, b"package 1") for person in people} == {b"content key"}
    with pytest.raises(SealError, match="for other people"):
        KEY.open_mine(copies, b"package 1")


def test_another_program_can_open_it_by_the_letter_of_rfc_9180() -> None:
    assert _opened_by_hand(KEY, SEALED, b"envelope") == b"\0\0\0\x07level 3".ljust(256, b"\0")


@pytest.mark.parametrize("raw", [bytes(32), b"\x01" + bytes(31)])
def test_a_key_that_gives_everyone_the_same_secret_is_refused(raw: bytes) -> None:
    with pytest.raises(SealError, match="cannot be sealed to"):
        seal(SealingPublic(raw), b"", b"")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_keys_of_another_length_are_refused(size: int) -> None:
    with pytest.raises(SealError):
        SealingKey.from_bytes(bytes(size))
    with pytest.raises(SealError):
        SealingPublic(bytes(size))


def test_a_key_survives_its_text() -> None:
    assert SealingPublic.from_text(KEY.public.text) == KEY.public
    assert SealingKey.from_bytes(KEY.to_bytes()).public.id == KEY.public.id


def _opened_by_hand(key: SealingKey, sealed: bytes, associated: bytes) -> bytes:
    encapsulated, ciphertext = sealed[len(HEADER) :][:32], sealed[len(HEADER) + 32 :]
    shared = X25519PrivateKey.from_private_bytes(key.to_bytes()).exchange(
        X25519PublicKey.from_public_bytes(encapsulated)
    )
    kem = b"KEM\x00\x20"
    pseudorandom = _extract(kem, b"", b"eae_prk", shared)
    secret = _expand(kem, pseudorandom, b"shared_secret", encapsulated + key.public.raw, 32)
    suite = b"HPKE\x00\x20\x00\x01\x00\x02"
    context = b"\0" + _extract(suite, b"", b"psk_id_hash", b"") + _extract(suite, b"", b"info_hash", INFO + associated)
    schedule = _extract(suite, secret, b"secret", b"")
    nonce = _expand(suite, schedule, b"base_nonce", context, 12)
    return AESGCM(_expand(suite, schedule, b"key", context, 32)).decrypt(nonce, ciphertext, b"")


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, size: int) -> bytes:
    labeled = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, labeled + b"\x01", "sha256")[:size]
