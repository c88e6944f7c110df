"""Numbers in addresses and forms, written as nobody writes them: read plainly, or not at all."""

import pytest

from leadmgmt.kernel.strict import whole_number
from leadmgmt.workspaces.models import Member
from tests.builders import a_key
from tests.clients import api_of, client_of

HIDDEN = "000000001999999"  # a small number as far as its first digits go
LONG = "000000001" + "9" * 5_000  # more digits than Python reads
ODD = [HIDDEN, LONG, "²", "١", "1e3", "+5", "5.0", "-0", "0"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("0007", 7), ("500", 500), ("0", 0), ("501", None), ("", None), (" 5", None)]
    + [(text, None) for text in ODD[:-1]],
)
def test_a_whole_number_is_plain_digits_up_to_its_most(text: str, number: int | None) -> None:
    assert whole_number(text, most=500) == number


@pytest.mark.parametrize("odd", ODD)
def test_no_page_is_larger_than_the_largest(ada: Member, odd: str) -> None:
    answer = api_of(a_key(ada)).get("/api/v1/companies/", {"limit": odd})
    assert answer.status_code in (400, 422), answer.content[:300]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("reports/funnel/", "days"),
        ("reports/journey/", "days"),
        ("scoring/predicting/train/", "like"),
    ],
)
def test_a_page_that_is_asked_oddly_is_shown(ada: Member, page: str, name: str, odd: str) -> None:
    assert client_of(ada).get(f"/w/acme/{page}", {name: odd}).status_code == 200


@pytest.mark.parametrize("odd", ODD)
def test_a_part_of_a_condition_that_is_none_is_not_dropped(ada: Member, odd: str) -> None:
    form = {
        "condition-part": ["r", "r.0"],
        "condition-r-kind": "all",
        "condition-r.0-kind": "test",
        "condition-r.0-about": "city",
        "condition-r.0-operator": "is",
        "condition-r.0-value": "Kiel",
        "condition-act": f"drop:r.{odd}",
    }
    answer = client_of(ada).post("/w/acme/leads/filter/", form)
    assert answer.status_code < 500
