"""What a person set for this laptop: typed, versioned, written whole or not at all."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from assessor_desk.environment.files import atomic_write, disk_failures
from assessor_desk.errors import InputError, StoreTooNewError

VERSION = 1

_NEXT = "Correct the file, or remove it to start with the settings as shipped."


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one home; every one has a default that is safe on a shared computer.

    Attributes:
        data_key_in_system_store: whether the system's key store keeps the data key, so that opening needs no typing
        default_store: which store commands mean where a home has several
        signing_minutes: how long signing stays unlocked after the passphrase
    """

    data_key_in_system_store: bool = False
    default_store: str | None = None
    signing_minutes: int = 30

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the settings; a file that is not there means the defaults."""
        try:
            with disk_failures():
                text = path.read_text(encoding="utf-8") if path.exists() else "{}"
            content = json.loads(text)
        except ValueError as fault:
            raise InputError(f"The settings in {path} cannot be read: {fault}.", next=_NEXT) from fault
        return cls._from_content(content, path)

    def save(self, path: Path) -> None:
        """Write the settings durably."""
        content = {"version": VERSION} | asdict(self)
        atomic_write(path, json.dumps(content, indent=2, sort_keys=True).encode() + b"\n")

    @classmethod
    def _from_content(cls, content: object, path: Path) -> Self:
        if not isinstance(content, dict):
            raise InputError(f"The settings in {path} are not an object.", next=_NEXT)
        version = content.pop("version", VERSION)
        if not isinstance(version, int) or version > VERSION:
            raise StoreTooNewError(
                f"A newer version of Assessor Desk wrote the settings in {path}.", next="Update Assessor Desk."
            )
        if faults := [name for name, value in content.items() if not _fits(name, value)]:
            raise InputError(f"The settings in {path} have a fault in {', '.join(sorted(faults))}.", next=_NEXT)
        return cls(**content)


def _fits(name: str, value: object) -> bool:
    return type(value) in _KINDS.get(name, ()) and not (type(value) is int and value < 1)


_KINDS: dict[str, tuple[type, ...]] = {
    "data_key_in_system_store": (bool,),
    "default_store": (str, type(None)),
    "signing_minutes": (int,),
}
