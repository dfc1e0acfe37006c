"""The recovery sheet: what is printed at first run, kept in a drawer, and typed when all else is lost."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from assessor_desk.errors import InputError
from assessor_desk.seals.codes import RECOVERY_LINES, parse_recovery, recovery_lines

_TITLE = "ASSESSOR DESK RECOVERY SHEET"
_LABELS = ("Person", "Hub", "Store", "Made on")
_CODE_LINE = re.compile(r"\s*(?:[0-9A-Za-z]{4}[- ]){2}[0-9A-Za-z]\s*")

_TEXT = """\
{title}

Person:   {person}
Hub:      {hub}
Store:    {store}
Made on:  {made}

{code}

What this is. Whoever has this sheet can read the work on this person's laptop and the drafts kept at the hub.
It cannot sign decisions.

When you need it. You forgot your passphrase, or you set up a new laptop and the old one is gone.
Choose “Use the recovery sheet” and type the {lines} lines above. Small letters will do; O is read as zero, I and L
as one. Each line ends with a check letter, so the desk can tell which line has a typing fault.
Afterwards this laptop gets a new signing key, which your hub must accept once more.

Where to keep it. On paper, locked away, not beside the laptop, not as a photo, not in the mail.
If someone may have seen it, make a new sheet in the settings; this one then opens nothing new.
"""


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """What stands on a recovery sheet; printing the object shows no secret."""

    person: str
    hub: str
    store: str
    made: date
    secret: bytes = field(repr=False)

    def text(self) -> str:
        """Return the sheet as plain text, ready to print."""
        return _TEXT.format(
            title=_TITLE,
            person=_one_line(self.person),
            hub=_one_line(self.hub),
            store=_one_line(self.store),
            made=self.made.isoformat(),
            code="\n".join(f"    {line}" for line in recovery_lines(self.secret)),
            lines=RECOVERY_LINES,
        )

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a sheet that was saved as text."""
        person, hub, store, made = (_labeled(text, label) for label in _LABELS)
        try:
            day = date.fromisoformat(made)
        except ValueError as fault:
            raise InputError("The date on the recovery sheet cannot be read.") from fault
        return cls(person, hub, store, day, secret_in(text))


def secret_in(text: str) -> bytes:
    """Return the recovery secret from a whole sheet, or from its code lines alone however they were typed."""
    lines = [line for line in text.splitlines() if _CODE_LINE.fullmatch(line)]
    return parse_recovery("\n".join(lines) if _TITLE in text else text)


def _labeled(text: str, label: str) -> str:
    found = re.search(rf"^{label}:[ \t]*(.*)$", text, re.MULTILINE)
    if not found:
        raise InputError(f"The recovery sheet has no line that begins with “{label}:”.")
    return found.group(1).strip()


def _one_line(text: str) -> str:
    return " ".join(text.split())
