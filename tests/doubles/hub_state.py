"""What a fake hub holds, and what can go wrong between it and a desk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assessor_desk.domain.ids import AssignmentId, DeviceId, Digest, PersonId
from assessor_desk.domain.portfolio import Assignment
from assessor_desk.errors import DeskError
from assessor_desk.seals.signatures import Signed
from assessor_desk.wire.deeds import Receipt


@dataclass
class Faults:
    """What goes wrong from now on; nothing, until a test says so.

    Attributes:
        down: nothing is answered
        answers_to_lose: so many times the hub takes deeds, and the desk never hears
        no_entry: the refusal that everything gets
        stumbles: keys of deeds over which the hub fails, with the status
        refuses: keys of deeds that are refused, with the reason
        receipts: changes the receipts of a request
        cuts: so many artifact answers are cut, each after `cut_after` bytes
        flips: bytes of artifacts that arrive changed, by their place
        whole: ranges are ignored
        more: what each artifact is longer by than announced
        hide_size: the length of artifacts is not told
        hangs_up: lines for news end as soon as they are open
        head: changes the ledger's signed head
        before, after: called with the name of each call around its effect
    """

    down: bool = False
    answers_to_lose: int = 0
    no_entry: DeskError | None = None
    stumbles: dict[str, int] = field(default_factory=dict)
    refuses: dict[str, str] = field(default_factory=dict)
    receipts: Callable[[list[Receipt]], Sequence[Receipt]] = lambda receipts: receipts
    cuts: int = 0
    cut_after: int = 100_000
    flips: set[int] = field(default_factory=set)
    whole: bool = False
    more: bytes = b""
    hide_size: bool = False
    hangs_up: bool = False
    head: Callable[[Signed], Signed] = lambda signed: signed
    before: Callable[[str], None] = lambda _: None
    after: Callable[[str], None] = lambda _: None


@dataclass
class Person:
    name: str
    sealing_key: bytes | None = None
    escrow: bytes | None = None
    feed: dict[tuple[str, str], "Row"] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    number: int
    body: bytes
    device: DeviceId | None


@dataclass
class Device:
    person: PersonId
    public_key: bytes
    entry: Signed
    token: str
    revoked: bool = False


@dataclass
class Invitation:
    person: PersonId
    device: DeviceId | None = None
    tries: int = 0


@dataclass
class State:
    """All that a backup of the hub holds."""

    people: dict[PersonId, Person] = field(default_factory=dict)
    devices: dict[DeviceId, Device] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    given: dict[AssignmentId, tuple[PersonId, Assignment]] = field(default_factory=dict)
    files: dict[Digest, bytes] = field(default_factory=dict)
    receipts: dict[str, tuple[DeviceId, Receipt]] = field(default_factory=dict)
    effects: list[str] = field(default_factory=list)
    number: int = 0
    acts: int = 0
