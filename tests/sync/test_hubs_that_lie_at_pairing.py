"""A hub that vouches for something else, or keeps something else, is not joined."""

from dataclasses import replace
from pathlib import Path

import pytest

from assessor_desk.domain.directory import DeviceEntry
from assessor_desk.domain.ids import DeviceId, PersonId
from assessor_desk.environment.paths import Home
from assessor_desk.errors import (
    HubProtocolError,
    SignatureError,
)
from assessor_desk.seals.signatures import Purpose, SigningKey
from assessor_desk.sync.pairing import pair
from assessor_desk.wire import codec
from assessor_desk.wire.pairing import PairingAnswer, PairingRequest
from tests.doubles.clocks import StandingClock
from tests.doubles.hub import FakeHub
from tests.sync.doorsteps import Door, left
from tests.sync.laptops import first_run, paired
from tests.sync.stages import FakeStage


@pytest.mark.parametrize(
    "changed",
    [
        {"public_key": bytes(32)},
        {"sealing_key": bytes(32)},
        {"device": DeviceId("another")},
        {"person": PersonId("another")},
        {"hub": "another"},
    ],
    ids=["signing key", "sealing key", "device", "person", "hub"],
)
def test_a_hub_that_vouches_for_something_else_is_not_joined(
    desk_home: Home, clock: StandingClock, changed: dict[str, object]
) -> None:
    hub = FakeHub(clock)
    stage = FakeStage(hub)

    class Lying(Door):
        def pair(self, request: PairingRequest) -> PairingAnswer:
            answer = super().pair(request)
            body = {**codec.to_members(codec.from_signed(answer.entry.body, DeviceEntry))}
            told = {name: codec.to_json(value) for name, value in changed.items()}
            return replace(answer, entry=hub.identity.sign(Purpose.DIRECTORY, {**body, **told}))

    with pytest.raises(HubProtocolError, match="vouches for another"):
        pair(desk_home, Lying(hub), first_run(stage, stage.invite("ana")), clock)

    assert desk_home.stores() == ()


@pytest.mark.parametrize("purpose", [Purpose.DIRECTORY, Purpose.DECISION])
def test_an_entry_that_the_hub_did_not_sign_for_that_is_not_believed(
    desk_home: Home, clock: StandingClock, purpose: Purpose
) -> None:
    hub = FakeHub(clock)
    stage = FakeStage(hub)
    signer = hub.identity if purpose is Purpose.DECISION else SigningKey.generate()

    class Lying(Door):
        def pair(self, request: PairingRequest) -> PairingAnswer:
            answer = super().pair(request)
            entry = codec.to_members(codec.from_signed(answer.entry.body, DeviceEntry))
            return replace(answer, entry=signer.sign(purpose, entry))

    with pytest.raises(SignatureError):
        pair(desk_home, Lying(hub), first_run(stage, stage.invite("ana")), clock)

    assert desk_home.stores() == ()


@pytest.mark.parametrize("lie", ["no escrow", "another key"])
def test_a_hub_that_keeps_something_else_than_the_sheet_opens_is_told(
    desk_home: Home, tmp_path: Path, clock: StandingClock, lie: str
) -> None:
    hub = FakeHub(clock)
    stage = FakeStage(hub)
    first = paired(stage, "ana", tmp_path / "first", clock)
    person = hub.state.people[first.membership.person]
    if lie == "no escrow":
        person.escrow = None
    else:
        person.sealing_key = bytes(32)

    with pytest.raises(HubProtocolError, match="The hub"):
        paired(stage, "ana", desk_home.root, clock, first.sheet.text())

    assert left(desk_home) == []
