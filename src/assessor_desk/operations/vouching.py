"""Whose signature it is, as the directory of the hub that this laptop was paired with vouches for it."""

from datetime import datetime

from assessor_desk.domain.decision import Manifest, PartName, SignOff
from assessor_desk.domain.directory import DeviceEntry
from assessor_desk.domain.ids import DeviceId
from assessor_desk.errors import SignatureError
from assessor_desk.seals.digests import verify_part
from assessor_desk.seals.signatures import PublicKey, Purpose, Signed, verify
from assessor_desk.store import membership
from assessor_desk.store.transaction import Transaction
from assessor_desk.wire import codec
from assessor_desk.wire.records import DecisionRecord, RecordKind, SignOffRecord


def signer(tx: Transaction, device: DeviceId) -> DeviceEntry:
    """Return the directory's entry of a device, with the hub's own signature held against the key from pairing."""
    body = tx.records.body(RecordKind.DEVICE, device)
    if body is None:
        raise SignatureError("The hub has not told this laptop whose key signed this.", next="Sync, then look again.")
    signed, member = codec.from_bytes(body, Signed), membership.known(tx.meta)
    verify(signed, member.identity, Purpose.DIRECTORY)
    entry = codec.from_signed(signed.body, DeviceEntry)
    if (entry.device, entry.hub) != (device, member.hub):
        raise SignatureError("The hub's directory names another laptop than the one that signed this.")
    return entry


def manifest_of(tx: Transaction, record: DecisionRecord) -> tuple[Manifest, DeviceEntry]:
    """Return what an assessor signed and with which laptop, or raise what does not hold.

    A part that was erased is missing from the record, and the signature over the others still holds.
    """
    manifest = codec.from_signed(record.signed.body, Manifest)
    entry = _held(tx, record.signed, manifest.device, Purpose.DECISION, record.received_at)
    named = (manifest.id, manifest.assessment, manifest.assessor, manifest.hub)
    if named != (record.id, record.assessment, entry.person, entry.hub):
        raise SignatureError("This decision is not what the hub says it is: whose it is, or what it is about.")
    digests = {name.value: digest for name, digest in manifest.parts.items()}
    for part in record.parts:
        if part.name not in digests:
            raise SignatureError(f"This decision has a part “{part.name}” that was not signed.")
        verify_part(part, digests[PartName(part.name)])
    return manifest, entry


def sign_off_of(tx: Transaction, record: SignOffRecord) -> SignOff:
    """Return what an approver signed, or raise what does not hold."""
    sign_off = codec.from_signed(record.signed.body, SignOff)
    entry = _held(tx, record.signed, sign_off.device, Purpose.SIGN_OFF, record.received_at)
    if (sign_off.id, sign_off.decision, sign_off.approver) != (record.id, record.decision, entry.person):
        raise SignatureError("This sign-off is not what the hub says it is: whose it is, or what it is about.")
    return sign_off


def _held(tx: Transaction, signed: Signed, device: DeviceId, purpose: Purpose, received_at: datetime) -> DeviceEntry:
    entry = signer(tx, device)
    verify(signed, PublicKey(entry.public_key), purpose)
    if not entry.signs_at(received_at):
        raise SignatureError(f"This {purpose} reached the hub when the key of its laptop no longer counted.")
    return entry
