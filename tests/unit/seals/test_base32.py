"""Letters and digits that people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_desk.errors import InputError
from assessor_desk.seals import base32


@given(st.binary(max_size=40))
def test_any_bytes_come_back_however_they_are_typed(data: bytes) -> None:
    letters = base32.encode(data)
    typed = base32.grouped(letters.replace("0", "o").replace("1", "l")).lower().replace("-", " - ")

    assert base32.decode(letters) == base32.decode(typed) == data


def test_known_letters_stand_for_known_bytes() -> None:
    assert base32.encode(b"\x00") == "00"
    assert base32.encode(b"\xff") == "ZW"
    assert base32.encode(b"foobar") == "CSQPYRK1E8"


@pytest.mark.parametrize("typed", ["CSQPU", "12!4", "ümlt"])
def test_a_letter_that_does_not_occur_is_named(typed: str) -> None:
    with pytest.raises(InputError, match="does not occur"):
        base32.decode(typed)


@pytest.mark.parametrize("typed", ["01", "0", "CSQPYRK1E9"])
def test_a_wrong_last_letter_is_noticed_where_spare_bits_show_it(typed: str) -> None:
    if typed == "0":
        assert base32.decode(typed) == b""
        return
    with pytest.raises(InputError, match="a letter is wrong"):
        base32.decode(typed)
