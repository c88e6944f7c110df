"""Which lead a row is about: the same one for the same identity, and never two at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.refusals import Refusal
from leads.actions.resolving import CannotResolveLead, Resolved, resolve_leads
from leads.models import Activity, Company, Identity, Lead
from leads.rows import NewLead
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def resolve(*rows: NewLead, **rest: Any) -> list[Resolved]:
    return resolve_leads(rows, now=NOW, **rest)


@pytest.fixture(autouse=True)
def in_acme(world: World) -> Any:
    with inside(world.acme.id):
        yield


@pytest.mark.django_db
def test_the_same_email_is_the_same_lead_however_it_is_written() -> None:
    first, second = resolve(NewLead(email="Ann@Firm.example"), NewLead(email=" ann@firm.EXAMPLE "))
    (third,) = resolve(NewLead(email="ANN@firm.example"))
    assert first.is_new
    assert (second, third) == (Resolved(first.lead_id, False),) * 2
    assert Lead.objects.get().email == "ann@firm.example"


@pytest.mark.django_db
def test_the_strongest_identity_decides_and_leads_are_never_merged() -> None:
    by_email, by_external = resolve(NewLead(email="a@one.example"), NewLead(external_id="B-7"))
    (both,) = resolve(NewLead(email="a@one.example", external_id="B-7", city="Athens"))
    assert both.lead_id == by_external.lead_id
    assert Lead.objects.get(id=by_external.lead_id).email == ""
    assert Identity.objects.get(value="a@one.example").lead_id == by_email.lead_id


@pytest.mark.django_db
def test_colleagues_sharing_a_telephone_stay_two_leads() -> None:
    ann, bob = resolve(
        NewLead(email="ann@firm.example", phone="+30 210 1234567"),
        NewLead(email="bob@firm.example", phone="+30 210 1234567"),
    )
    (caller,) = resolve(NewLead(phone="+302101234567"))
    assert ann.lead_id != bob.lead_id
    assert caller.lead_id == ann.lead_id


@pytest.mark.django_db
def test_who_shares_a_telephone_can_be_called_all_the_same() -> None:
    resolve(NewLead(email="ann@firm.example", phone="+30 210 1234567"))
    resolve(NewLead(email="bob@firm.example", phone="+30 210 1234567"))
    assert list(Lead.objects.values_list("phone", flat=True)) == ["+302101234567"] * 2


@pytest.mark.django_db
def test_an_email_given_later_belongs_to_the_lead_known_by_telephone() -> None:
    (first,) = resolve(NewLead(phone="+302101234567"))
    (second,) = resolve(NewLead(phone="+302101234567", email="ann@firm.example"))
    assert second.lead_id == first.lead_id
    assert Lead.objects.get().email == "ann@firm.example"


@pytest.mark.django_db
def test_blanks_are_filled_and_values_kept() -> None:
    resolve(NewLead(email="ann@firm.example", name="Ann", attributes={"size": "10"}))
    resolve(
        NewLead(email="ann@firm.example", name="X", city="Oslo", attributes={"size": "9", "a": 1})
    )
    lead = Lead.objects.get()
    assert (lead.name, lead.city, lead.attributes) == ("Ann", "Oslo", {"size": "10", "a": 1})


@pytest.mark.django_db
def test_overwriting_replaces_with_what_is_not_blank() -> None:
    resolve(NewLead(email="ann@firm.example", name="Ann", city="Oslo", source="fair"))
    row = NewLead(email="ann@firm.example", name="Ann Lee", source="web", attributes={"a": ""})
    resolve(row, overwrite=True)
    lead = Lead.objects.get()
    assert (lead.name, lead.city, lead.attributes) == ("Ann Lee", "Oslo", {})
    assert lead.source == "fair", "the first touch stays the first"


@pytest.mark.django_db
def test_an_opt_out_is_never_taken_back_by_a_row() -> None:
    resolve(NewLead(email="ann@firm.example", do_not_email=True))
    resolve(NewLead(email="ann@firm.example", do_not_email=False), overwrite=True)
    assert Lead.objects.get().do_not_email


@pytest.mark.django_db
def test_people_of_one_business_domain_share_a_company() -> None:
    resolve(
        NewLead(email="ann@sales.firm.co.uk", company_name="Firm Ltd"),
        NewLead(email="bob@firm.co.uk"),
        NewLead(email="cat@gmail.com"),
        NewLead(email="dan@gmail.com", company_name="Corner shop"),
        NewLead(email="eve@gmail.com", company_name="Corner shop"),
    )
    assert sorted(Company.objects.values_list("name", "domain")) == [
        ("Corner shop", None),
        ("Firm Ltd", "firm.co.uk"),
    ]
    assert Lead.objects.filter(company__name="Firm Ltd").count() == 2
    assert Lead.objects.filter(company__name="Corner shop").count() == 2


@pytest.mark.django_db
def test_a_new_lead_tells_its_timeline_how_it_came() -> None:
    resolve(NewLead(name="Ann"), kind="imported", properties={"file": "a.csv"})
    activity = Activity.objects.get()
    assert (activity.kind, activity.properties) == ("imported", {"file": "a.csv"})
    assert activity.lead_id == Lead.objects.get().id


@pytest.mark.django_db
def test_local_numbers_are_read_in_the_country_of_the_workspace(world: World) -> None:
    world.acme.time_zone = "Europe/Athens"
    world.acme.save()
    resolve(NewLead(phone="210 123 4567"))
    assert Lead.objects.get().phone == "+302101234567"


@pytest.mark.django_db
def test_a_local_number_of_an_unknown_country_identifies_nobody(world: World) -> None:
    world.acme.time_zone = "UTC"
    world.acme.save()
    first, second = resolve(NewLead(phone="210 123 4567"), NewLead(phone="210 123 4567"))
    assert first.lead_id != second.lead_id


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "field"),
    [
        (NewLead(email="no at sign"), "email"),
        (NewLead(email="a\0b@firm.example"), "email"),
        (NewLead(phone="call me"), "phone"),
        (NewLead(name="A\ud800"), "name"),
        (NewLead(name="A" * 201), "name"),
        (NewLead(name="A", attributes={"x": [1]}), "attributes"),
    ],
)
def test_values_that_cannot_be_right_are_refused(row: NewLead, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        resolve(row)
    assert refused.value.field == field


@pytest.mark.django_db
def test_a_row_about_nobody_is_refused() -> None:
    with pytest.raises(CannotResolveLead, match="A lead needs a name"):
        resolve(NewLead(city="Oslo"))


@pytest.mark.django_db
def test_a_batch_costs_as_many_queries_as_a_row(django_assert_max_num_queries: Any) -> None:
    rows = [NewLead(email=f"a{n}@firm{n}.example", name=str(n)) for n in range(50)]
    with django_assert_max_num_queries(9):  # with tombstones, the outbox and a savepoint
        resolve(*rows)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_at_once_make_one_lead(world: World) -> None:
    def create(number: int) -> Resolved:
        try:
            with inside(world.acme.id), transaction.atomic():
                city = f"City {number}"
                return resolve(NewLead(email="one@firm.example", name="One", city=city))[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(create, range(100)))
    assert len({each.lead_id for each in found}) == 1
    assert sum(each.is_new for each in found) == 1
    assert Lead.objects.count() == Identity.objects.count() == Company.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_is_known_by_one_of_several_identities_is_found_at_once(world: World) -> None:
    def create(number: int) -> Resolved:
        try:
            with inside(world.acme.id):
                row = NewLead(email="one@firm.example", external_id=f"crm-{number % 5}")
                return resolve(row)[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(create, range(60)))
    made = {each.lead_id for each in found if each.is_new}
    assert (
        made == {each.lead_id for each in found} == set(Lead.objects.values_list("pk", flat=True))
    )
    assert Identity.objects.filter(kind="email").count() == 1
    assert Identity.objects.filter(kind="external").count() == 5


@pytest.mark.django_db(transaction=True)
def test_overlapping_batches_in_different_order_neither_deadlock_nor_double(world: World) -> None:
    def create(number: int) -> None:
        emails = [f"p{(n * 7 + number) % 40}@firm{n % 5}.example" for n in range(40)]
        try:
            with inside(world.acme.id):
                resolve(*(NewLead(email=email, name=email) for email in emails))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(create, range(24)))
    assert Lead.objects.count() == Identity.objects.count()
    assert Lead.objects.values("email").distinct().count() == Lead.objects.count()


@pytest.mark.django_db
def test_another_workspace_knows_nothing_of_it(world: World) -> None:
    (here,) = resolve(NewLead(email="ann@firm.example"))
    with inside(world.globex.id):
        (there,) = resolve(NewLead(email="ann@firm.example"))
    assert there.is_new
    assert there.lead_id != here.lead_id
    assert NOW - timedelta(1) < Lead.objects.get().first_seen_at
