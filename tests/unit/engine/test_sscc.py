"""SSCC: 18 digits that check, every serial another number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inventory_wms.engine.sscc import check_digit, sscc

prefixes = st.integers(4, 12).flatmap(
    lambda size: st.text("0123456789", min_size=size, max_size=size)
)


def is_valid(code):
    """Weights 3 and 1 in turn from the left of 18 digits sum up to a multiple of ten."""
    total = sum(int(sign) * (3 if place % 2 == 0 else 1) for place, sign in enumerate(code))
    return len(code) == 18 and total % 10 == 0


@given(prefixes, st.integers(0, 9_999))
def test_valid_and_named_after_the_company(prefix, serial):
    code = sscc(prefix, serial)
    assert is_valid(code)
    assert code[1 : 1 + len(prefix)] == prefix


@given(prefixes, st.integers(0, 9_999), st.integers(0, 9_999))
def test_serials_differ(prefix, one, other):
    assert (sscc(prefix, one) == sscc(prefix, other)) == (one == other)


def test_published_examples():
    # GS1's own example of a check digit, and a GTIN-13 of a well known book label
    assert check_digit("37610425002123456") == "9"
    assert check_digit("400638133393") == "1"


def test_the_extension_digit_carries_on_and_then_no_number_is_left():
    assert sscc("401234567890", 9_999) == "0401234567890" + "9999" + check_digit(
        "04012345678909999"
    )
    assert sscc("401234567890", 10_000)[0] == "1"
    assert is_valid(sscc("401234567890", 99_999))
    with pytest.raises(ValueError, match="no number is left"):
        sscc("401234567890", 100_000)
    with pytest.raises(ValueError, match="no number is left"):
        sscc("4012345", -1)


@pytest.mark.parametrize("prefix", ["", "401", "4012345678901", "40123x5", "４０１２３４５"])
def test_bad_prefixes(prefix):
    with pytest.raises(ValueError, match="not a company prefix"):
        sscc(prefix, 1)


def test_check_digit_of_nothing():
    with pytest.raises(ValueError, match="not a number"):
        check_digit("")
