"""Canonical bytes: the vectors of RFC 8785, and what is refused."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_desk.errors import SealError
from assessor_desk.seals.canonical import Json, canonical, parse, parse_object

INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)

NUMBERS = [
    (0x0000000000000000, b"0"),
    (0x8000000000000000, b"0"),
    (0x0000000000000001, b"5e-324"),
    (0x8000000000000001, b"-5e-324"),
    (0x7FEFFFFFFFFFFFFF, b"1.7976931348623157e+308"),
    (0xFFEFFFFFFFFFFFFF, b"-1.7976931348623157e+308"),
    (0x4340000000000000, b"9007199254740992"),
    (0xC340000000000000, b"-9007199254740992"),
    (0x4430000000000000, b"295147905179352830000"),
    (0x44B52D02C7E14AF5, b"9.999999999999997e+22"),
    (0x44B52D02C7E14AF6, b"1e+23"),
    (0x44B52D02C7E14AF7, b"1.0000000000000001e+23"),
    (0x444B1AE4D6E2EF4E, b"999999999999999700000"),
    (0x444B1AE4D6E2EF4F, b"999999999999999900000"),
    (0x444B1AE4D6E2EF50, b"1e+21"),
    (0x3EB0C6F7A0B5ED8C, b"9.999999999999997e-7"),
    (0x3EB0C6F7A0B5ED8D, b"0.000001"),
    (0x41B3DE4355555553, b"333333333.3333332"),
    (0x41B3DE4355555554, b"333333333.33333325"),
    (0x41B3DE4355555555, b"333333333.3333333"),
    (0x41B3DE4355555556, b"333333333.3333334"),
    (0x41B3DE4355555557, b"333333333.33333343"),
    (0xBECBF647612F3696, b"-0.0000033333333333333333"),
    (0x43143FF3C1CB0959, b"1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "expected"), NUMBERS)
def test_numbers_are_written_as_the_appendix_of_rfc_8785_lists_them(bits: int, expected: bytes) -> None:
    number = memoryview(bits.to_bytes(8, "little")).cast("d")[0]

    assert canonical(number) == expected


def test_the_sample_object_of_rfc_8785_comes_out_as_printed_there() -> None:
    value = json.loads(
        r"""{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"""
    )

    assert canonical(value) == (
        b'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        b'"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_members_are_sorted_by_their_utf_16_units() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]

    written = json.loads(canonical(dict.fromkeys(names)))

    assert list(written) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@given(VALUES)
def test_what_was_written_reads_back_and_writes_the_same(value: Json) -> None:
    written = canonical(value)

    assert canonical(parse(written, require_canonical=True)) == written


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, 2**53, -(2**53), "\ud800", {"\udfff": 1}, {1: "a"}, {"a": b"bytes"}, {"a": {1, 2}}],
)
def test_what_has_no_canonical_form_is_refused(value: Json) -> None:
    with pytest.raises(SealError):
        canonical(value)


def test_endless_nesting_is_refused_in_words() -> None:
    deep: Json = []
    for _ in range(100_000):
        deep = [deep]

    with pytest.raises(SealError, match="nested too deeply"):
        canonical(deep)
    with pytest.raises(SealError, match="nested too deeply"):
        parse(b"[" * 100_000)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":2}',
        b'{"b":{"a":1,"a":1}}',
        b"NaN",
        b"[Infinity]",
        b"1e400",
        b"9007199254740993",
        b"-90071992547409931",
        b"1" + b"0" * 400,
        b"1" * 5000,
        rb'"\ud800"',
        b"\xff",
        b"\xef\xbb\xbf{}",
        '"a"'.encode("utf-16"),
        b"{'a': 1}",
        b"[1,]",
        b"",
    ],
)
def test_what_is_not_strict_json_is_refused(data: bytes) -> None:
    with pytest.raises(SealError):
        parse(data)


@pytest.mark.parametrize("data", [b'{"b":1,"a":2}', b"{ }", b"1.0", b"1e2", b'"\\u0061"', b"-0", b'{"a":1}\n'])
def test_another_spelling_of_the_same_value_is_refused_where_the_canonical_one_is_asked(data: bytes) -> None:
    parse(data)

    with pytest.raises(SealError, match="canonical"):
        parse(data, require_canonical=True)


def test_a_great_round_number_is_read_as_the_double_it_stands_for() -> None:
    assert parse(b"100000000000000000000", require_canonical=True) == 1e20


@pytest.mark.parametrize("data", [b"[]", b"null", b'"a"', b"1"])
def test_only_an_object_is_an_object(data: bytes) -> None:
    with pytest.raises(SealError, match="not a JSON object"):
        parse_object(data)
