"""The keys of a new desk: all new on a person's first laptop, the sealing key brought along on a later one."""

from dataclasses import dataclass

from assessor_desk.domain.ids import PersonId
from assessor_desk.errors import HubProtocolError, InputError, TamperedError
from assessor_desk.seals.keyfile import Keys
from assessor_desk.seals.recovery import secret_in
from assessor_desk.seals.sealing import SealingKey
from assessor_desk.seals.signatures import SigningKey
from assessor_desk.seals.wrapping import new_key, new_recovery_secret, recovery_key
from assessor_desk.wire.pairing import InvitationFound

SAFE = "Nothing was changed on this laptop."


@dataclass(frozen=True, slots=True, repr=False)
class NewKeys:
    """What a desk is paired with; `escrow` goes to the hub, which cannot open it, and only with the first laptop."""

    keys: Keys
    recovery: bytes
    escrow: bytes = b""


def first(person: PersonId) -> NewKeys:
    """Return the keys of a person's first laptop."""
    keys, recovery = Keys.generate(), new_recovery_secret()
    return NewKeys(keys, recovery, recovery_key(recovery).wrap(_name(person), keys.sealing.to_bytes()))


def beside(earlier: NewKeys) -> NewKeys:
    """Return new keys with the sealing key of a pairing that was begun here."""
    return NewKeys(Keys(new_key(), earlier.keys.sealing, SigningKey.generate()), earlier.recovery)


def later(found: InvitationFound, sheet: str) -> NewKeys:
    """Return the keys of a later laptop: the person's sealing key comes from the hub, opened by the recovery sheet."""
    if not sheet:
        raise InputError(
            f"{found.person_name} has a paired laptop already; this one needs the recovery sheet.",
            safe=SAFE,
            next="Give the sheet with --recovery-sheet.",
        )
    recovery = secret_in(sheet)
    if not found.escrow:
        raise HubProtocolError(
            "The hub does not have what the recovery sheet opens.", safe=SAFE, next="Ask the program office."
        )
    try:
        sealing = SealingKey.from_bytes(recovery_key(recovery).unwrap(_name(found.person), found.escrow))
    except TamperedError as fault:
        raise InputError(
            f"This is not the recovery sheet of {found.person_name}'s first laptop with this hub.",
            safe=SAFE,
            next="Look for the sheet that names this hub and was made with the first laptop.",
        ) from fault
    if sealing.public.raw != found.sealing_key:
        raise HubProtocolError("The hub keeps another key than the recovery sheet opens.", safe=SAFE)
    return NewKeys(Keys(new_key(), sealing, SigningKey.generate()), recovery)


def _name(person: PersonId) -> str:
    return f"sealing key of {person}"
