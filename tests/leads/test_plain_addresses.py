"""Plain addresses are let through quickly, and only those the full look lets through unchanged."""

import pytest
from email_validator import validate_email
from hypothesis import example, given
from hypothesis import strategies as draw

from leads.normalising import PLAIN_ADDRESS, SPECIAL, WrongValue, email_address

PIECES = draw.text("abZ09._+-@", max_size=12)
ADDRESSES = draw.builds("{}@{}.{}".format, PIECES, PIECES, draw.text("abZ9-", max_size=4))


@given(ADDRESSES)
@example("a@b.example")
@example("a.b+c@x--y.com")
@example("a@ab--c.com")
@example("a" * 64 + "@" + "b" * 63 + ".com")
def test_the_short_look_says_what_the_full_look_says(address: str) -> None:
    if PLAIN_ADDRESS.fullmatch(address) and address.rpartition(".")[2].lower() not in SPECIAL:
        found = validate_email(address, check_deliverability=False, test_environment=True)
        assert found.normalized.lower() == address.lower()


def test_the_reason_goes_on_in_the_same_sentence() -> None:
    with pytest.raises(WrongValue, match="is not an email address: an email address must"):
        email_address("not-an-address")
