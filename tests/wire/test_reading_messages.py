import pytest

from assessor_desk.domain.decision import Reason
from assessor_desk.errors import HubProtocolError, SignatureError
from assessor_desk.seals.canonical import canonical
from assessor_desk.wire import codec
from assessor_desk.wire.problems import Problem
from assessor_desk.wire.records import FeedItem

DEEP = b"[" * 200_000 + b"]" * 200_000
REASON = {"about": "letter", "text": "Name who acts.", "purpose": "any"}


@pytest.mark.parametrize("shape", [Problem, FeedItem])
def test_a_message_that_is_nested_without_end_is_told_and_no_fault(shape: type[object]) -> None:
    for message in (DEEP, b'{"unknown":' + DEEP + b"}", b'{"kind":"any","id":"any","body":' + DEEP + b"}"):
        with pytest.raises(HubProtocolError):
            codec.from_bytes(message, shape)


@pytest.mark.parametrize("schema", [0, 2, "1", None, True])
def test_a_signed_body_of_another_form_is_not_read_as_this_one(schema: object) -> None:
    body = canonical({**REASON, "schema": schema})  # type: ignore[dict-item]

    with pytest.raises(SignatureError, match="form"):
        codec.from_signed(body, Reason)


def test_a_signed_body_without_its_form_is_not_read() -> None:
    with pytest.raises(SignatureError, match="form"):
        codec.from_signed(canonical(REASON), Reason)


def test_a_signed_body_of_this_form_is_read() -> None:
    body = canonical({**REASON, "schema": codec.SIGNED_SCHEMA})

    assert codec.from_signed(body, Reason) == Reason("letter", "Name who acts.")
