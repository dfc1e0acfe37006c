"""Bytes as letters and digits that people can read aloud and type (Crockford's base32)."""

from assessor_desk.errors import InputError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_TYPED = {letter: value for value, letter in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}


def encode(data: bytes) -> str:
    """Return the bytes as letters, five bits each, filled up with zero bits at the end."""
    digits = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big") << (digits * 5 - len(data) * 8)
    return "".join(ALPHABET[number >> shift & 31] for shift in range((digits - 1) * 5, -1, -5))


def decode(text: str) -> bytes:
    """Read letters as typed: any case, O for zero, I and L for one, spaces and hyphens anywhere."""
    values = digits(text)
    number = 0
    for value in values:
        number = number << 5 | value
    spare = len(values) * 5 % 8
    if number & ((1 << spare) - 1):
        raise InputError("The code does not end as codes of this length do: a letter is wrong.")
    return (number >> spare).to_bytes(len(values) * 5 // 8, "big")


def digits(text: str) -> list[int]:
    """Return the five-bit values of the letters as typed; name the first that is none."""
    found = []
    for letter in "".join(text.split()).replace("-", "").upper():
        if letter not in _TYPED:
            raise InputError(f"“{letter}” does not occur in such a code.")
        found.append(_TYPED[letter])
    return found


def grouped(text: str, size: int = 4) -> str:
    """Return the text in groups with hyphens between."""
    return "-".join(text[at : at + size] for at in range(0, len(text), size))
