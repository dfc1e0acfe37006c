"""Who signs with which device, as the hub vouches for it."""

from dataclasses import dataclass
from datetime import datetime

from assessor_desk.domain.ids import DeviceId, HubId, PersonId


@dataclass(frozen=True, slots=True)
class DeviceEntry:
    """One device of one person: its Ed25519 public key and how long its signatures count.

    Keys are 32 raw bytes. After `revoked_at` acts that arrive go to quarantine, whatever time they claim.
    """

    hub: HubId
    device: DeviceId
    person: PersonId
    person_name: str
    public_key: bytes
    sealing_key: bytes
    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime | None = None

    def signs_at(self, moment: datetime) -> bool:
        """Return whether a signature received at that moment counts."""
        return self.valid_from <= moment < self.valid_until and (self.revoked_at is None or moment < self.revoked_at)
