"""What makes a passphrase good enough, told in words."""

import math
import unicodedata
from dataclasses import dataclass

from assessor_desk.errors import InputError

SHORTEST = 12
FEWEST_DIFFERENT = 6
_BITS_A_WORD = 11.0
_OFTEN_TRIED = ("password", "passphrase", "assessor", "letmein", "welcome", "qwerty", "iloveyou", "abc123", "admin")
_POOLS = ((str.islower, 26), (str.isupper, 26), (str.isdigit, 10))
_OTHER_SIGNS = 33
_GOOD = 45
_WORDS = ((28, "weak"), (_GOOD, "fair"), (65, "good"))


@dataclass(frozen=True, slots=True)
class Strength:
    """How hard a passphrase is to guess: estimated bits, a word for it, and what would help."""

    bits: int
    word: str
    advice: str


def strength(passphrase: str) -> Strength:
    """Estimate how hard the passphrase is to guess; an estimate errs, so it advises and never refuses."""
    bits = int(min(_by_characters(passphrase), _by_words(passphrase)))
    word = next((word for limit, word in _WORDS if bits < limit), "strong")
    advice = "Four or more words that do not belong together are easy to keep in mind." if bits < _GOOD else ""
    return Strength(bits, word, advice)


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too short or nearly one single character."""
    typed = unicodedata.normalize("NFC", passphrase)
    if len(typed) < SHORTEST:
        raise InputError(
            f"The passphrase is shorter than {SHORTEST} characters.", next="Choose a longer one: four words will do."
        )
    if len(set(typed.lower())) < FEWEST_DIFFERENT:
        raise InputError(
            f"The passphrase has fewer than {FEWEST_DIFFERENT} different characters.", next="Choose several words."
        )


def _by_characters(passphrase: str) -> float:
    kept = _without_runs(_without_often_tried(passphrase))
    pool = sum(size for belongs, size in _POOLS if any(map(belongs, kept)))
    pool += _OTHER_SIGNS if any(not sign.isalnum() for sign in kept) else 0
    return len(kept) * math.log2(max(pool, 2))


def _by_words(passphrase: str) -> float:
    words = _without_often_tried(passphrase).split()
    if not all(word.isalpha() for word in words):
        return math.inf
    # Letters alone are read as words: a long one still counts for no more than what its letters weigh in a text.
    return sum(max(_BITS_A_WORD, 1.5 * len(word)) for word in set(map(str.lower, words)))


def _without_often_tried(passphrase: str) -> str:
    lowered = passphrase.lower()
    for often in _OFTEN_TRIED:
        while (at := lowered.find(often)) >= 0:
            passphrase = passphrase[:at] + passphrase[at + len(often) - 1 :]
            lowered = passphrase.lower()
    return passphrase


def _without_runs(text: str) -> str:
    pairs = zip(" " + text, text, strict=False)
    return "".join(here for before, here in pairs if abs(ord(here) - ord(before)) > 1)
