"""Codes survive the way people type, and a typing fault is found where it is."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_desk.errors import InputError, SealError
from assessor_desk.seals import base32
from assessor_desk.seals.codes import (
    invitation_code,
    parse_invitation,
    parse_portfolio_code,
    parse_recovery,
    portfolio_code,
    recovery_lines,
)
from assessor_desk.seals.recovery import RecoverySheet, secret_in

EIGHT = st.binary(min_size=8, max_size=8)
SECRETS = st.binary(min_size=20, max_size=20)
SECRET = bytes(range(20))
SHEET = RecoverySheet("Dana Ortiz", "https://hub.example.org", "store-1", date(2026, 11, 21), SECRET)


def badly_typed(code: str) -> str:
    return f"  {code.lower().replace('0', 'o').replace('1', 'i').replace('-', ' ')} "


@given(EIGHT)
def test_an_invitation_code_reads_the_same_however_it_is_typed(random: bytes) -> None:
    code = invitation_code(random)

    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert parse_invitation(code) == parse_invitation(badly_typed(code)) == code


def test_an_invitation_code_carries_sixty_of_the_bits() -> None:
    codes = {invitation_code((1 << bit).to_bytes(8, "big")) for bit in range(64)}

    assert len(codes) == 61


@pytest.mark.parametrize("typed", ["", "7F3K-9QXR", "7F3K-9QXR-2MTBX", "7F3K-9QXR-2MT!", "7F3K-9QXR-2MTU"])
def test_what_is_no_invitation_code_is_refused(typed: str) -> None:
    with pytest.raises(InputError):
        parse_invitation(typed)


@given(EIGHT, st.sampled_from([4, 5]))
def test_a_portfolio_code_reads_the_same_however_it_is_typed(random: bytes, length: int) -> None:
    code = portfolio_code(random, length)
    bare = code.removeprefix("P-")

    assert len(bare) == length
    assert not set(bare) & set("0O1IL2Z5S8BUAEP")
    for typed in (code, code.lower(), f" p {bare} ", bare, f"P{bare}"):
        assert parse_portfolio_code(typed) == code


def test_all_portfolio_codes_occur() -> None:
    codes = {portfolio_code(number.to_bytes(8, "big")) for number in range(21**4)}

    assert len(codes) == 21**4


@pytest.mark.parametrize("typed", ["", "P-", "P-7F3", "P-7F3KXX", "P-7F30", "P-7F3Ö", "Q-7F3KX"])
def test_what_is_no_portfolio_code_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match="no portfolio code"):
        parse_portfolio_code(typed)


@given(SECRETS)
def test_a_recovery_secret_reads_the_same_however_it_is_typed(secret: bytes) -> None:
    lines = recovery_lines(secret)

    assert [len(line) for line in lines] == [11] * 4
    for typed in ("\n".join(lines), " ".join(lines), badly_typed("\n\n".join(lines)), "".join(lines)):
        assert parse_recovery(typed) == secret


@given(SECRETS, st.integers(0, 3), st.integers(0, 8), st.sampled_from(base32.ALPHABET))
def test_any_one_wrong_letter_is_found_in_its_line(secret: bytes, line: int, place: int, letter: str) -> None:
    lines = [each.replace("-", "") for each in recovery_lines(secret)]
    changed = lines[line][:place] + letter + lines[line][place + 1 :]
    if changed == lines[line]:
        return

    with pytest.raises(InputError, match=f"Line {line + 1} "):
        parse_recovery("\n".join([*lines[:line], changed, *lines[line + 1 :]]))


@given(SECRETS, st.integers(0, 3), st.integers(0, 7))
def test_any_two_neighbors_exchanged_are_found_in_their_line(secret: bytes, line: int, place: int) -> None:
    lines = [each.replace("-", "") for each in recovery_lines(secret)]
    old = lines[line]
    new = old[:place] + old[place + 1] + old[place] + old[place + 2 :]
    if new == old:
        return

    with pytest.raises(InputError, match=f"Line {line + 1} "):
        parse_recovery("\n".join([*lines[:line], new, *lines[line + 1 :]]))


@given(SECRETS, st.permutations(range(4)).filter(lambda order: order != [0, 1, 2, 3]))
def test_lines_in_another_order_are_refused_where_they_differ(secret: bytes, order: list[int]) -> None:
    lines = recovery_lines(secret)
    moved = [lines[each] for each in order]

    with pytest.raises(InputError, match="Line"):
        parse_recovery("\n".join(moved))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[:3], "27 in all"),
        (lambda lines: [lines[0], lines[1][:-2], *lines[2:]], "Line 2 .* has 8 letters"),
        (lambda lines: [*lines[:3], lines[3].replace(lines[3][0], "?", 1)], "Line 4 .* does not occur"),
    ],
)
def test_a_missing_or_foreign_letter_is_told_with_its_line(change: Callable[[list[str]], list[str]], said: str) -> None:
    lines = list(recovery_lines(SECRET))

    with pytest.raises(InputError, match=said):
        parse_recovery("\n".join(change(lines)))


def test_too_little_randomness_is_refused() -> None:
    for make in (invitation_code, portfolio_code, recovery_lines):
        with pytest.raises(SealError, match="random bytes"):
            make(b"1234567")
    with pytest.raises(SealError, match="four or five"):
        portfolio_code(bytes(8), 6)


def test_the_sheet_says_whose_it_is_what_it_is_and_what_to_do() -> None:
    text = SHEET.text()

    for said in ("Dana Ortiz", "https://hub.example.org", "store-1", "2026-11-21", *recovery_lines(SECRET)):
        assert said in text
    for said in ("When you need it", "Where to keep it", "It cannot sign decisions"):
        assert said in text


@given(SECRETS)
def test_a_saved_sheet_reads_back(secret: bytes) -> None:
    sheet = RecoverySheet("Dana\nOrtiz", "https://hub.example.org", "store-1", date(2026, 11, 21), secret)

    read = RecoverySheet.from_text(sheet.text())
    assert read.secret == secret_in(sheet.text()) == secret_in("\n".join(recovery_lines(secret))) == secret
    assert (read.person, read.made) == ("Dana Ortiz", sheet.made)


def test_a_sheet_typed_with_a_fault_names_the_line() -> None:
    first = recovery_lines(SECRET)[0]

    with pytest.raises(InputError, match="Line 1 "):
        secret_in(SHEET.text().replace(first, first[:-1] + "Z"))


@pytest.mark.parametrize("change", [("Made on", "Made in"), ("2026-11-21", "yesterday"), ("Store:", "Shop:")])
def test_a_sheet_that_is_not_whole_is_refused(change: tuple[str, str]) -> None:
    with pytest.raises(InputError, match="recovery sheet"):
        RecoverySheet.from_text(SHEET.text().replace(*change))


def test_a_printed_sheet_object_shows_no_secret() -> None:
    assert repr(SECRET) not in repr(SHEET)
