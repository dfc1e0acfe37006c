"""Pairing: a person's new desk proves its key, and the hub vouches for it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, update

from assessor_desk.domain.directory import DeviceEntry
from assessor_desk.domain.ids import DeviceId, PersonId
from assessor_desk.errors import InputError, InvitationError, RuleError, SealError, SignatureError
from assessor_desk.hub import acts, directory, invitations, tables, tokens
from assessor_desk.hub.acts import ActKind
from assessor_desk.hub.data import Hub
from assessor_desk.hub.invitations import Invited
from assessor_desk.seals.digests import sha256
from assessor_desk.seals.sealing import SealingPublic
from assessor_desk.seals.signatures import PublicKey, Purpose, Signed, verify
from assessor_desk.tables.transactions import writing
from assessor_desk.wire import codec
from assessor_desk.wire.pairing import PairingAnswer, PairingProof, PairingRequest, code_sha256

VALIDITY = timedelta(days=730)
LONGEST_NAME = 200
LARGEST_ESCROW = 4096


def pair(hub: Hub, request: PairingRequest) -> PairingAnswer:
    """Spend an invitation on a desk that proves its key; the same desk may ask again when the answer was lost."""
    proof = _proven(hub, request)
    at = hub.clock()
    with writing(hub.engine) as connection:
        found = invitations.attempt(connection, hub, request.code, at)
        if not isinstance(found, InvitationError):
            return _answer(connection, hub, found, proof, request.escrow, at)
    raise found


def _proven(hub: Hub, request: PairingRequest) -> PairingProof:
    proof = codec.from_signed(request.proof.body, PairingProof)
    verify(request.proof, PublicKey(proof.public_key), Purpose.PAIRING_PROOF)
    if (proof.hub, proof.code_sha256) != (hub.id, code_sha256(request.code)):
        raise SignatureError("The proof was made for another hub or another invitation.")
    _require_sound(proof, request.escrow)
    return proof


def _require_sound(proof: PairingProof, escrow: bytes | None) -> None:
    SealingPublic(proof.sealing_key)
    if len(proof.device_name) > LONGEST_NAME or len(escrow or b"") > LARGEST_ESCROW:
        raise InputError("The name of the laptop or the kept key is too long.")
    try:
        usual = str(UUID(proof.device))
    except ValueError as error:
        raise InputError("The laptop's id is not one that a desk makes.") from error
    if usual != proof.device:
        raise SealError("The laptop's id is not in its usual spelling.")


def _answer(
    connection: Connection, hub: Hub, invited: Invited, proof: PairingProof, escrow: bytes | None, at: datetime
) -> PairingAnswer:
    if invited.spent_at is None:
        signed = _admit(connection, hub, invited, proof, escrow, at)
        invitations.spend(connection, invited, proof.device, at)
    else:
        signed = _admitted_before(connection, invited, proof)
        tokens.end_all(connection, proof.device, at)
    person = PersonId(invited.person)
    return PairingAnswer(
        person=person,
        person_name=invited.name,
        device=proof.device,
        token=tokens.issue(connection, proof.device, at),
        roles=tuple(_roles(connection, person)),
        entry=signed,
        time=at,
        epoch=hub.epoch,
    )


def _admit(
    connection: Connection, hub: Hub, invited: Invited, proof: PairingProof, escrow: bytes | None, at: datetime
) -> Signed:
    _keep_sealing_key(connection, invited, proof, escrow)
    _require_new(connection, proof)
    entry = DeviceEntry(
        hub=hub.id,
        device=proof.device,
        person=invited.person,
        person_name=invited.name,
        public_key=proof.public_key,
        sealing_key=proof.sealing_key,
        valid_from=at,
        valid_until=at + VALIDITY,
    )
    signed = directory.vouch(hub, entry)
    connection.execute(
        tables.device.insert().values(
            id=entry.device,
            person=entry.person,
            name=proof.device_name,
            public_key=entry.public_key,
            key_id=PublicKey(entry.public_key).id,
            valid_from=entry.valid_from,
            valid_until=entry.valid_until,
            entry=codec.to_bytes(signed),
        )
    )
    directory.announce(connection, entry, signed)
    directory.present_hub(connection, hub, entry.person, at)
    acts.record(connection, ActKind.DEVICE_PAIRED, entry.device, sha256(signed.body), at)
    return signed


def _admitted_before(connection: Connection, invited: Invited, proof: PairingProof) -> Signed:
    row = _device(connection, proof.device)
    if row is None or invited.device != proof.device or row.public_key != proof.public_key or row.revoked_at:
        raise invitations.spent()
    return codec.from_bytes(row.entry, Signed)


def _keep_sealing_key(connection: Connection, invited: Invited, proof: PairingProof, escrow: bytes | None) -> None:
    if invited.sealing_key is None:
        connection.execute(
            update(tables.person)
            .where(tables.person.c.id == invited.person)
            .values(sealing_key=proof.sealing_key, escrow=escrow)
        )
    elif invited.sealing_key != proof.sealing_key:
        raise RuleError(
            "This desk does not have the key that your drafts are sealed with.",
            next="Type the recovery code, or bring the key from your other laptop.",
        )


def _require_new(connection: Connection, proof: PairingProof) -> None:
    device = tables.device
    taken = select(device.c.id).where((device.c.id == proof.device) | (device.c.public_key == proof.public_key))
    if connection.execute(taken).first() is not None:
        raise RuleError("This laptop's key was paired before.", next="Make a new store and pair that.")


def _device(connection: Connection, device: DeviceId) -> Row[*tuple[Any, ...]] | None:
    return connection.execute(select(tables.device).where(tables.device.c.id == device)).one_or_none()


def _roles(connection: Connection, person: PersonId) -> Iterable[str]:
    role = tables.person_role
    query = select(role.c.role).where(role.c.person == person).distinct().order_by(role.c.role)
    return connection.execute(query).scalars()
