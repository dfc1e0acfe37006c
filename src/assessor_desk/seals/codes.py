"""Codes that people read from a screen or a sheet and type: invitations, recovery, portfolios."""

from assessor_desk.errors import InputError, SealError
from assessor_desk.seals import base32
from assessor_desk.seals.wrapping import RECOVERY_SIZE

INVITATION_BITS = 60
RECOVERY_LINES = 4

_INVITATION_LETTERS = INVITATION_BITS // 5
_LINE = RECOVERY_SIZE * 8 // 5 // RECOVERY_LINES
# No 0 1 2 5 8 beside O I Z S B, no vowels that would spell words, and no P, which is the prefix.
_PORTFOLIO = "34679CDFGHJKMNQRTVWXY"
_PORTFOLIO_LENGTHS = (4, 5)
_FIELD = 0b100101


def invitation_code(random: bytes) -> str:
    """Return the invitation code that eight random bytes stand for: 60 bits, three groups of four."""
    _need(random, 8)
    return base32.grouped(base32.encode(random[:8])[:_INVITATION_LETTERS])


def parse_invitation(typed: str) -> str:
    """Return the invitation code as it was given out, however it was typed."""
    values = base32.digits(typed)
    if len(values) != _INVITATION_LETTERS:
        raise InputError(
            f"An invitation code has {_INVITATION_LETTERS} letters and digits, this one has {len(values)}.",
            next="Copy the whole code from the invitation.",
        )
    return base32.grouped("".join(base32.ALPHABET[value] for value in values))


def portfolio_code(random: bytes, length: int = 4) -> str:
    """Return the portfolio code that eight random bytes stand for, such as P-7F3K."""
    _need(random, 8)
    if length not in _PORTFOLIO_LENGTHS:
        raise SealError("A portfolio code has four or five characters.")
    number = int.from_bytes(random[:8], "big")
    base = len(_PORTFOLIO)
    return "P-" + "".join(_PORTFOLIO[number // base**place % base] for place in range(length))


def parse_portfolio_code(typed: str) -> str:
    """Return the portfolio code as it was given out, however it was typed."""
    letters = "".join(typed.split()).replace("-", "").upper().removeprefix("P")
    wrong = [letter for letter in letters if letter not in _PORTFOLIO]
    if len(letters) not in _PORTFOLIO_LENGTHS or wrong:
        raise InputError(f"“{typed}” is no portfolio code.", next="A code looks like P-7F3K.")
    return f"P-{letters}"


def recovery_lines(secret: bytes) -> tuple[str, ...]:
    """Return the recovery secret as lines of two groups of four and a check letter."""
    _need(secret, RECOVERY_SIZE)
    letters = base32.encode(secret[:RECOVERY_SIZE])
    lines = [letters[at : at + _LINE] for at in range(0, len(letters), _LINE)]
    return tuple(base32.grouped(line + _check_letter(number, line)) for number, line in enumerate(lines, 1))


def parse_recovery(typed: str) -> bytes:
    """Return the recovery secret as typed, or name the line with the fault."""
    lines = [line for line in typed.splitlines() if line.strip()]
    if len(lines) != RECOVERY_LINES:
        lines = _even_lines("".join(lines))
    return base32.decode("".join(_checked(number, line) for number, line in enumerate(lines, 1)))


def _even_lines(typed: str) -> list[str]:
    letters = "".join(typed.split()).replace("-", "")
    size = _LINE + 1
    if len(letters) != size * RECOVERY_LINES:
        raise InputError(
            f"A recovery code has {RECOVERY_LINES} lines of {size} letters and digits, "
            f"this one has {len(letters)} in all.",
            next="Type the lines one below the other, so that the fault can be found.",
        )
    return [letters[at : at + size] for at in range(0, len(letters), size)]


def _checked(number: int, line: str) -> str:
    try:
        letters = "".join(base32.ALPHABET[value] for value in base32.digits(line))
    except InputError as fault:
        raise _faulty(number, fault.detail) from fault
    if len(letters) != _LINE + 1:
        raise _faulty(number, f"It has {len(letters)} letters and digits instead of {_LINE + 1}.")
    if _check_letter(number, letters[:_LINE]) != letters[_LINE]:
        raise _faulty(number, "A letter is wrong, two are exchanged, or the line belongs elsewhere.")
    return letters[:_LINE]


def _faulty(number: int, why: str) -> InputError:
    return InputError(
        f"Line {number} of the recovery code has a typing fault. {why}", next="Compare it with the sheet."
    )


def _check_letter(number: int, letters: str) -> str:
    """Damm's method over the field of 32: finds any one wrong letter and any two neighbors exchanged."""
    check = number
    for value in base32.digits(letters):
        check = (check ^ value) << 1
        check ^= _FIELD if check & 32 else 0
    return base32.ALPHABET[check]


def _need(random: bytes, size: int) -> None:
    if len(random) < size:
        raise SealError(f"The code needs {size} random bytes.")
