"""Whose store this is, and how the hub knows it."""

from dataclasses import asdict, dataclass

from assessor_desk.domain.ids import DeviceId, HubId, PersonId
from assessor_desk.errors import StoreDamagedError
from assessor_desk.seals.canonical import canonical, parse_object
from assessor_desk.seals.signatures import PublicKey
from assessor_desk.store.meta import Meta

NAME = "membership"


@dataclass(frozen=True, slots=True)
class Membership:
    """One person at one device of one hub; `identity_key` is the hub's public key as text, pinned at pairing."""

    hub: HubId
    hub_name: str
    address: str
    identity_key: str
    person: PersonId
    person_name: str
    device: DeviceId
    token: str
    roles: tuple[str, ...] = ()

    @property
    def identity(self) -> PublicKey:
        """Return the key that the hub signs with."""
        return PublicKey.from_text(self.identity_key)


def keep(meta: Meta, membership: Membership) -> None:
    """Keep the membership in the encrypted store."""
    meta.put(NAME, canonical(asdict(membership)).decode())


def known(meta: Meta) -> Membership:
    """Return the store's membership."""
    text = meta.get(NAME)
    if text is None:
        raise StoreDamagedError("This store does not know which hub it belongs to.", next="Pair this laptop anew.")
    held = parse_object(text.encode())
    roles = held.pop("roles")
    return Membership(**held, roles=tuple(roles))  # type: ignore[arg-type]
