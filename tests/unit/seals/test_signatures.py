"""Signatures hold for one body, one purpose, one key."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_desk.errors import SealError, SignatureError
from assessor_desk.seals.canonical import canonical
from assessor_desk.seals.signatures import (
    PublicKey,
    Purpose,
    Signed,
    SigningKey,
    fingerprint,
    from_base64,
    key_id,
    to_base64,
    verify,
)

STANDARDS = Path(__file__).resolve().parents[4] / "shared" / "standards"
KEY = SigningKey.from_bytes(bytes(range(32)))
SIGNED = KEY.sign(Purpose.DECISION, {"case": "c1", "outcome": "earned"})

# RFC 8032, section 7.1: seed and public key of the first three tests.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    ),
]


@pytest.mark.parametrize(("seed", "public"), RFC_8032)
def test_public_keys_are_those_of_rfc_8032(seed: str, public: str) -> None:
    assert SigningKey.from_bytes(bytes.fromhex(seed)).public.raw.hex() == public


def test_the_signature_of_a_known_body_never_changes() -> None:
    assert SIGNED.body == b'{"case":"c1","outcome":"earned","purpose":"decision","schema":1}'
    assert SIGNED.key == "56475aa75463474c0285df5dbf2bcab7"
    assert SIGNED.signature.hex() == (
        "b579b668f28ba877c62e987f4a719386c79ca3d9256304938f542eee1a94b949"
        "e9360a7f59cafe066ee63d262a2970f0db67cf4f27a0f0b88be28d783b1caa0b"
    )


def test_a_verified_body_comes_back_with_purpose_and_schema() -> None:
    body = verify(KEY.sign(Purpose.FLAG, {"a": [1, None]}, schema=3), KEY.public, Purpose.FLAG)

    assert body == {"a": [1, None], "purpose": "flag", "schema": 3}


@pytest.mark.parametrize("other", [purpose for purpose in Purpose if purpose is not Purpose.DECISION])
def test_a_signature_holds_for_no_other_purpose(other: Purpose) -> None:
    with pytest.raises(SignatureError, match="signed for another purpose"):
        verify(SIGNED, KEY.public, other)


@given(st.integers(0, len(SIGNED.body) * 8 - 1))
def test_any_changed_bit_of_the_body_is_refused(bit: int) -> None:
    with pytest.raises(SignatureError):
        verify(replace(SIGNED, body=_flipped(SIGNED.body, bit)), KEY.public, Purpose.DECISION)


@given(st.integers(0, 511))
def test_any_changed_bit_of_the_signature_is_refused(bit: int) -> None:
    with pytest.raises(SignatureError):
        verify(replace(SIGNED, signature=_flipped(SIGNED.signature, bit)), KEY.public, Purpose.DECISION)


@pytest.mark.parametrize("signature", [b"", SIGNED.signature[:-1], SIGNED.signature + b"\0"])
def test_a_signature_of_another_length_is_refused(signature: bytes) -> None:
    with pytest.raises(SignatureError):
        verify(replace(SIGNED, signature=signature), KEY.public, Purpose.DECISION)


def test_another_key_is_named_and_refused() -> None:
    other = SigningKey.generate().public

    with pytest.raises(SignatureError, match=f"{KEY.public.id}, not with the key {other.id}"):
        verify(SIGNED, other, Purpose.DECISION)
    with pytest.raises(SignatureError, match="does not fit"):
        verify(replace(SIGNED, key=other.id), other, Purpose.DECISION)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"purpose": "decision","schema":1}', "canonical"),
        (b'{"schema":1,"purpose":"decision"}', "canonical"),
        (b'{"purpose":"decision","purpose":"decision"}', "twice"),
        (b'{"purpose":"flag","schema":1}', "says that it is a flag"),
        (b'{"schema":1}', "says that it is a None"),
        (b'["decision"]', "not a JSON object"),
    ],
)
def test_a_rightly_signed_but_wrong_body_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    signature = KEY._private.sign(b"assessor-desk\0decision\0" + body)

    with pytest.raises(SignatureError, match=reason):
        verify(Signed(body, KEY.public.id, signature), KEY.public, Purpose.DECISION)


@pytest.mark.parametrize("name", ["purpose", "schema"])
def test_a_body_cannot_name_its_own_purpose_or_schema(name: str) -> None:
    with pytest.raises(SealError, match=name):
        KEY.sign(Purpose.DECISION, {name: "x"})


def test_a_public_key_survives_its_text() -> None:
    assert PublicKey.from_text(KEY.public.text) == KEY.public
    assert SigningKey.from_bytes(KEY.to_bytes()).public == KEY.public


def test_a_fingerprint_is_six_groups_of_four_and_tells_keys_apart() -> None:
    groups = KEY.public.fingerprint.split("-")

    assert [len(group) for group in groups] == [4] * 6
    assert fingerprint(bytes(32)) != KEY.public.fingerprint
    assert key_id(KEY.public.raw) == KEY.public.id


@pytest.mark.parametrize("text", ["AA==", "AB", "A", "A+B/", "AA\n", "AA AA"])
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(SealError):
        from_base64(text)


@given(st.binary(max_size=70))
def test_base64_brings_back_any_bytes(data: bytes) -> None:
    assert from_base64(to_base64(data)) == data


@pytest.mark.parametrize("size", [0, 31, 33])
def test_keys_of_another_length_are_refused(size: int) -> None:
    with pytest.raises(SealError):
        SigningKey.from_bytes(bytes(size))
    with pytest.raises(SealError):
        PublicKey(bytes(size))


def _published_jcs_documents() -> list[tuple[Path, Path]]:
    folder = STANDARDS / "vectors" / "w3c-vc-di-eddsa" / "eddsa-jcs-2022"
    pairs = [(folder.parent / "unsigned.json", path) for path in sorted(folder.glob("canonDoc*.txt"))]
    return [(unsigned, written) for unsigned, written in pairs if unsigned.exists()]


def test_the_published_jcs_vectors_come_out_byte_for_byte() -> None:
    for unsigned, written in _published_jcs_documents():
        assert canonical(json.loads(unsigned.read_bytes())) == written.read_bytes().strip()


def _flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
