"""The optional `portfolio.yaml` that comes with a portfolio: what it is, whose, and which file is what."""

from typing import TypeAlias

import msgspec

from assessor_desk.errors import ManifestError
from assessor_desk.programs.forms import Form, read_form

NAME = "portfolio.yaml"


# A member that nobody reads is refused, so that a typing fault in a name is told and not passed over.
class Participant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who hands in."""

    name: str
    external_id: str = ""


class ArtifactEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One file of the folder and the slot that it fills."""

    file: str
    slot: str
    title: str = ""
    shared: bool = False


class PointerEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A place that the participant names for a criterion."""

    criterion: str
    file: str
    place: str
    words: str = ""


class PortfolioFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a `portfolio.yaml` says; options of the import win over it."""

    external_id: str = ""
    micro_credential: str = ""
    round: int = 0
    participants: tuple[Participant, ...] = ()
    team: str = ""
    organization: str = ""
    consent: str = ""
    context_note: str = ""
    artifacts: tuple[ArtifactEntry, ...] = ()
    pointers: tuple[PointerEntry, ...] = ()


Manifest: TypeAlias = Form[PortfolioFile]


def read_manifest(data: bytes) -> Manifest:
    """Return what the file says, or raise one sentence with the line and what to write instead."""
    return read_form(data, NAME, PortfolioFile, ManifestError)


def no_manifest() -> Manifest:
    """Return what is known of a portfolio that came without the file."""
    return read_manifest(b"{}")
