"""Every error that Assessor Desk raises on purpose.

DeskError
├── RuleError        what was asked breaks a rule of the work (closed, not ready, not one's own to judge)
├── InputError       something that was handed in cannot be used (a faulty rubric file, a hostile zip)
├── StoreError       the local store cannot be opened, read or written
├── HubError         the hub is out of reach, refuses, or speaks another language
├── AccessError      the hub does not let this desk or person do this
├── SealError        a signature, a seal or a key does not hold
└── ArtifactError    an artifact cannot be shown

A `DeskError` is part of the job: its text is fit for an assessor to read. Anything else is our own fault, and loud.
"""

from typing import ClassVar


class DeskError(Exception):
    """Something that people must be told in one sentence.

    Attributes:
        detail: what happened, a full sentence
        safe: whether the work is safe, a full sentence
        next: what to do now, a full sentence
    """

    type: ClassVar[str] = "desk-error"
    title: ClassVar[str] = "This could not be done"
    default_safe: ClassVar[str] = "Nothing was changed."
    default_next: ClassVar[str] = ""

    def __init__(self, detail: str, *, safe: str | None = None, next: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.safe = self.default_safe if safe is None else safe
        self.next = self.default_next if next is None else next

    def __str__(self) -> str:
        return " ".join(part for part in (self.detail, self.safe, self.next) if part)

    def problem(self) -> dict[str, str]:
        """Return the members that describe this error to a program, as in `docs/cli.md`."""
        return {"type": self.type, "title": self.title, "detail": self.detail, "safe": self.safe, "next": self.next}


class RuleError(DeskError):
    """A rule of the work stands against what was asked."""

    type = "rule"
    title = "A rule stands against this"


class AssessmentClosedError(RuleError):
    """The assessment was closed by a decision, or was given to someone else."""

    type = "assessment-closed"
    title = "The assessment is closed"


class NotReadyError(RuleError):
    """Something that must be done before signing is still open."""

    type = "not-ready"
    title = "Not ready to sign"


class LevelOutOfScaleError(RuleError):
    """The rubric does not know the level."""

    type = "level-out-of-scale"
    title = "The rubric has no such level"


class TransitionError(RuleError):
    """The case's state does not allow the event."""

    type = "not-in-this-state"
    title = "Not possible in this state"


class ConflictOfInterestError(RuleError):
    """A person would judge or sign what is their own, or what they already judged."""

    type = "conflict-of-interest"
    title = "No one judges their own"


class InputError(DeskError):
    """Something that was handed in cannot be used."""

    type = "input"
    title = "This cannot be used as it is"


class ProgramFileError(InputError):
    """A program's file has faults; `faults` tells each with file, line and what to write instead."""

    type = "program-file"
    title = "The program's file has faults"

    def __init__(
        self, detail: str, *, safe: str | None = None, next: str | None = None, faults: tuple[str, ...] = ()
    ) -> None:
        super().__init__(detail, safe=safe, next=next)
        self.faults = faults


class ManifestError(InputError):
    """A `portfolio.yaml` cannot be used."""

    type = "portfolio-manifest"
    title = "The portfolio's manifest has faults"


class ArchiveError(InputError):
    """An archive is damaged, hostile or too large."""

    type = "archive"
    title = "The archive cannot be taken"


class PackageError(InputError):
    """A package is damaged, for someone else, or not signed by who it says."""

    type = "package"
    title = "The package cannot be opened"


class StoreError(DeskError):
    """The local store cannot be opened, read or written."""

    type = "store"
    title = "The store on this laptop"


class StoreMissingError(StoreError):
    """There is no store yet."""

    type = "store-missing"
    title = "This laptop is not paired yet"
    default_next = "Pair it with `assessor-desk pair URL CODE`."


class StoreTooNewError(StoreError):
    """A newer desk wrote the store."""

    type = "store-too-new"
    title = "The store is newer than this desk"


class StoreBusyError(StoreError):
    """Another process holds the store."""

    type = "store-busy"
    title = "The store is in use"


class StoreDamagedError(StoreError):
    """The database or an artifact's bytes do not hold together."""

    type = "store-damaged"
    title = "The store is damaged"


class DiskFullError(StoreError):
    """The disk has no room left."""

    type = "disk-full"
    title = "The disk is full"


class WrongPassphraseError(StoreError):
    """The passphrase does not open this store."""

    type = "wrong-passphrase"
    title = "Wrong passphrase"
    default_safe = "The work on this laptop is untouched."
    default_next = "Try again, or use the recovery sheet."


class HubError(DeskError):
    """Something about the hub."""

    type = "hub"
    title = "The hub"
    default_safe = "Everything you did is saved on this laptop."


class HubUnreachableError(HubError):
    """No answer from the hub."""

    type = "hub-unreachable"
    title = "The hub does not answer"
    default_next = "Carry on working; what waits is sent at the next sync."


class HubRefusedError(HubError):
    """The hub answered that it will not; `problem_type` is the hub's own name for the reason."""

    type = "hub-refused"
    title = "The hub did not accept this"

    def __init__(
        self,
        detail: str,
        *,
        safe: str | None = None,
        next: str | None = None,
        problem_type: str = "",
        status: int = 0,
    ) -> None:
        super().__init__(detail, safe=safe, next=next)
        self.problem_type = problem_type
        self.status = status


class HubProtocolError(HubError):
    """The hub's answer makes no sense to this desk, or comes from another version."""

    type = "hub-protocol"
    title = "This desk and the hub do not understand each other"


class HubBrakeError(HubError):
    """A sync would take away most of what is here, so it stopped to ask."""

    type = "sync-brake"
    title = "The sync stopped to ask"


class AccessError(DeskError):
    """The hub does not let this desk or person do this."""

    type = "not-allowed"
    title = "Not yours to do"
    default_safe = "Nothing was changed."


class NotPairedError(AccessError):
    """No token came, or one that the hub does not know."""

    type = "not-paired"
    title = "The hub does not know this laptop"
    default_safe = "Everything you did is saved on this laptop."
    default_next = "Ask the program office for an invitation and pair this laptop anew."


class DeviceRevokedError(AccessError):
    """The device was revoked."""

    type = "device-revoked"
    title = "This laptop was revoked"
    default_safe = "What is on this laptop stays; decisions that it still sends are set apart for staff to look at."
    default_next = "Ask the program office."


class NotFoundError(AccessError):
    """There is nothing at that address, or nothing that this person may know of."""

    type = "not-found"
    title = "Nothing here for you"


class InvitationError(AccessError):
    """The invitation is wrong, spent, out of date or used up."""

    type = "invitation"
    title = "The invitation does not open the hub"
    default_next = "Ask the program office for a new invitation."


class WireVersionError(AccessError):
    """The desk speaks a version that the hub does not."""

    type = "wire-version"
    title = "This desk and the hub do not understand each other"
    default_safe = "Everything you did is saved on this laptop."
    default_next = "Install the Assessor Desk that the program office names for this hub."


class WrongMediaError(AccessError):
    """What was sent is not of the kind that the address takes."""

    type = "wrong-media"
    title = "Not the kind of content that is taken here"


class TooLargeError(AccessError):
    """What was sent is larger than the hub takes."""

    type = "too-large"
    title = "Too large to be taken"


class SealError(DeskError):
    """A signature, a seal or a key does not hold."""

    type = "seal"
    title = "A seal does not hold"


class SignatureError(SealError):
    """A signature does not fit the content, the purpose or the signer."""

    type = "signature"
    title = "A signature does not hold"


class TamperedError(SealError):
    """Sealed bytes were changed, cut short or put in another order."""

    type = "tampered"
    title = "Sealed content was changed"


class ArtifactError(DeskError):
    """An artifact cannot be shown."""

    type = "artifact"
    title = "This file could not be shown"
    default_safe = "The file itself is kept unchanged and the rest of the portfolio can be used."
