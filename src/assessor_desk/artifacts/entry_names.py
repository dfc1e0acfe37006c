"""Names inside an archive: which are refused, how the rest is written to a disk, and what is mere litter."""

import re
import unicodedata

from assessor_desk.errors import ArchiveError

_DEPTH = 32
_PART_BYTES = 240
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:[. ].*)?", re.IGNORECASE)
_NOT_ON_EVERY_DISK = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
_HIDDEN_SIGNS = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r", ".localized"})
_LITTER_FOLDERS = frozenset({"__macosx", ".spotlight-v100", ".trashes", ".fseventsd"})


def shown(name: str) -> str:
    """Return a name as a sentence may carry it: short, with signs that hide or turn text made visible."""
    plain = "".join(f"[{ord(c):04X}]" if unicodedata.category(c) in _HIDDEN_SIGNS else c for c in name)
    return plain if len(plain) <= 80 else f"{plain[:60]}…{plain[-15:]}"


def parts_of(name: str) -> tuple[str, ...]:
    """Return the folders and the file that a name spells, in composed form, or refuse the name."""
    composed = unicodedata.normalize("NFC", name.replace("\\", "/"))
    if "\0" in composed:
        raise refused(name, "has a name with a zero byte in it")
    if composed.startswith("/") or re.match(r"[A-Za-z]:", composed):
        raise refused(name, "names a place of its own on the disk")
    parts = tuple(part for part in composed.split("/") if part not in ("", "."))
    if ".." in parts:
        raise refused(name, "would be written outside of the folder it is unpacked to")
    if not parts or len(parts) > _DEPTH or any(len(part.encode("utf-8", "replace")) > _PART_BYTES for part in parts):
        raise refused(name, "has a name that is empty or longer than a disk can hold")
    if any(_RESERVED.fullmatch(part.rstrip(". ")) for part in parts):
        raise refused(name, "has a name that Windows keeps for a device")
    return parts


def on_disk(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parts as every disk can hold them: signs that some systems refuse become underscores."""
    return tuple(re.sub(r"[. ]+$", "_", _NOT_ON_EVERY_DISK.sub("_", part)) for part in parts)


def same_place(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return what two names share when some disk takes them for one."""
    return tuple(
        unicodedata.normalize("NFC", unicodedata.normalize("NFKC", part).casefold()) for part in on_disk(parts)
    )


def is_litter(parts: tuple[str, ...]) -> bool:
    """Return whether a file is something that a computer left behind, not a person."""
    folded = tuple(part.casefold() for part in parts)
    return folded[-1] in _LITTER or folded[-1].startswith(("._", "~$")) or bool(_LITTER_FOLDERS.intersection(folded))


def refused(name: str, why: str) -> ArchiveError:
    """Return the error that an entry of an archive is refused for."""
    return ArchiveError(
        f"The archive was not taken because its entry “{shown(name)}” {why}.",
        safe="Nothing was unpacked.",
        next="Ask for the files to be packed again, or for each file by itself.",
    )
