"""What a stranger or a paired person may send to stop the hub for everyone else, or to make it stumble."""

import os
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
import pytest

from assessor_desk.domain.decision import Manifest
from assessor_desk.errors import HubProtocolError
from assessor_desk.hub import bodies
from assessor_desk.hub.actors import Role
from assessor_desk.hub.data import Hub
from assessor_desk.seals.signatures import Purpose
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DecisionDeed
from assessor_desk.wire.pairing import InvitationLook
from tests.hub.casework import Draft, assignments, decision, desk, refused, salted, scene
from tests.hub.people_here import client, deed

JSON = {"Content-Type": "application/json"}
QUOTES = b'"' + b'\\"' * 30_000
"""A text of many quotes that never ends; looked through once for each of them, it would take most of a minute."""


def test_a_stranger_cannot_keep_the_hub_busy_with_quotes(url: str) -> None:
    began = perf_counter()
    with client(url) as door:
        answer = door.post("/v1/invitation", content=QUOTES, headers=JSON)

    assert answer.status_code == 400
    assert perf_counter() - began < 5


@pytest.mark.parametrize(
    "body", [b'"', b'"\\', b'"a\\"', b'{"a":"\\\\"}', b'{"a":"[[[\\"' + b"[" * 100 + b'"}', b"[[]]"]
)
def test_brackets_within_texts_are_not_counted_even_in_texts_without_end(body: bytes) -> None:
    with pytest.raises(HubProtocolError, match="shape"):
        bodies.read(body, InvitationLook)


@pytest.mark.parametrize("before", [b"", b'"text"', b'"\\\\"', b'"\\""'])
def test_brackets_outside_texts_are_counted(before: bytes) -> None:
    with pytest.raises(HubProtocolError, match="deeply"):
        bodies.read(before + b"[" * (bodies.DEEPEST + 1), InvitationLook)


@pytest.mark.parametrize("number", ["9223372036854775808", "9" * 19])
def test_a_cursor_beyond_what_the_database_counts_is_none(hub: Hub, url: str, number: str) -> None:
    with client(url, desk(hub, "ana").marks) as door:
        whole = door.get("/v1/feed").content
        for cursor in (f"{hub.epoch}.{number}.1", f"{hub.epoch}.0.{number}"):
            answer = door.get("/v1/feed", params={"after": cursor})

            assert answer.status_code == 200
            assert answer.json()["items"] == httpx.Response(200, content=whole).json()["items"]


@pytest.mark.parametrize("number", ["000001" + "9" * 5_000, "0", "10001", "1.5", "-1", "9" * 40])
def test_a_round_that_is_no_number_of_a_round_is_refused_in_words(
    hub: Hub, url: str, tmp_path: Path, number: str
) -> None:
    scene(hub, tmp_path)
    asked = {"micro_credential": "lead.planning", "round": number}
    with client(url, desk(hub, "platform", Role.PLATFORM).marks) as door:
        answer = door.post("/v1/portfolios", params=asked, content=b"PK", headers={"Content-Type": "application/zip"})

    assert answer.status_code == 422
    assert "number of a round" in answer.json()["detail"]


@pytest.mark.parametrize("schema", [2, 0])
def test_a_decision_in_a_form_that_the_hub_does_not_read_is_refused(hub: Hub, tmp_path: Path, schema: int) -> None:
    made = scene(hub, tmp_path)
    sound = codec.from_bytes(decision(made.first).body, DecisionDeed)
    manifest = codec.from_signed(sound.signed.body, Manifest)
    signed = made.first.keys.signing.sign(Purpose.DECISION, codec.to_members(manifest), schema)

    told = refused(made.first, deed("decision", DecisionDeed(signed, sound.parts), manifest.id))

    assert "form" in told
    assert made.state == "assessing"


@pytest.mark.parametrize("change", ["salt", "swapped", "doubled", "left out"])
def test_the_parts_that_come_are_those_that_were_signed(hub: Hub, tmp_path: Path, change: str) -> None:
    made = scene(hub, tmp_path)
    (given,) = assignments(made.first)
    sound = codec.from_bytes(decision(made.first).body, DecisionDeed)
    others = salted(Draft().parts(given.round.artifacts[0].sha256))
    first, *rest = sound.parts
    parts: dict[str, tuple[Any, ...]] = {
        "salt": (replace(first, salt=os.urandom(16)), *rest),
        "swapped": (others[0], *rest),
        "doubled": (first, first, *rest),
        "left out": tuple(rest),
    }

    told = refused(made.first, deed("decision", DecisionDeed(sound.signed, parts[change])))

    assert "signed" in told
    assert made.state == "assessing"
