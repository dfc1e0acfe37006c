"""Who is asking: a person at one of their devices, with their roles per program."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assessor_desk.domain.ids import DeviceId, HubId, PersonId, ProgramId


class Role(StrEnum):
    """What a person may do in a program."""

    ASSESSOR = "assessor"
    APPROVER = "approver"
    LEAD = "lead"
    STAFF = "staff"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at a device that holds a valid token."""

    hub: HubId
    person: PersonId
    device: DeviceId
    public_key: bytes
    roles: Mapping[ProgramId, frozenset[Role]] = field(default_factory=dict)
    revoked: bool = False

    def is_(self, role: Role, program: ProgramId | None = None) -> bool:
        """Return whether the person has the role, in the program or in any."""
        if program is not None:
            return role in self.roles.get(program, frozenset())
        return any(role in roles for roles in self.roles.values())
