"""Who a row is about, and what happens to people we know: a choice, tried before it is done."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from capture.actions import trying
from capture.actions.mapping import CannotStartImport
from capture.actions.trying import start_trial, try_chunk, try_first_rows
from capture.models import Import, ImportProblem, ImportStatus
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.actions.resolving import resolve_leads
from leads.models import Company, Lead
from leads.rows import NewLead
from tests.builders import a_key
from tests.clients import api_of, client_of
from tests.imports import an_import, an_upload, moved, run, settled

FILE = """Id,Name,Email,Phone
1,Anna Berg,anna@berg.example,+4930123456
2,Anna B.,anna@berg.example,+4930999999
3,Bo Lind,bo@lind.example,+4930123456
4,Bo again,,+4930999999
5,Cora,cora@sand.example,
"""
RULES = ("", "email", "phone", "external_id", "email_or_phone")
CHOICES = ("fill", "overwrite", "skip")


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def counts(each: Any) -> tuple[int, ...]:
    return (each.created, each.updated, each.skipped, each.rejected)


@pytest.mark.parametrize("known", CHOICES)
@pytest.mark.parametrize("rule", RULES)
def test_a_dry_run_says_what_the_import_does(mara: Member, rule: str, known: str) -> None:
    resolve_leads(
        [NewLead(name="Bo", email="bo@lind.example"), NewLead(name="C", external_id="5")],
        now=timezone.now(),
    )
    made = settled(an_upload(mara, FILE), identity=rule, known=known)
    tried = try_first_rows(made)
    assert Lead.objects.count() == 2
    assert counts(tried) == counts(run(made))
    assert sum(counts(tried)) == 5


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("email", (3, 1, 0, 1)), ("phone", (2, 1, 0, 2)), ("external_id", (4, 0, 0, 1)),
     ("email_or_phone", (3, 2, 0, 0)), ("", (4, 1, 0, 0))],
)  # fmt: skip
def test_the_rule_decides_who_is_the_same_person(
    mara: Member, rule: str, expected: tuple[int, ...]
) -> None:
    assert counts(an_import(mara, FILE, identity=rule)) == expected


def test_known_people_can_be_left_as_they_are(mara: Member) -> None:
    resolve_leads([NewLead(name="Bo", email="bo@lind.example")], now=timezone.now())
    made = an_import(mara, FILE, identity="email", known="skip")
    bo = Lead.objects.get(email="bo@lind.example")
    assert (bo.name, bo.phone) == ("Bo", "")
    assert counts(made) == (2, 0, 2, 1)
    reasons = dict(ImportProblem.objects.values_list("row", "reason"))
    assert "known already" in reasons[4]


def test_somebody_elses_email_is_not_taken_for_a_new_person(mara: Member) -> None:
    resolve_leads([NewLead(name="Anna", email="anna@berg.example")], now=timezone.now())
    made = an_import(mara, FILE, identity="phone")
    assert Lead.objects.filter(email="anna@berg.example").count() == 1
    assert "belongs to a lead that does not match" in ImportProblem.objects.get(row=2).reason
    assert made.rejected == 3


def test_a_big_file_is_tried_chunk_by_chunk(mara: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "CHUNK", 2)
    made = an_upload(mara, FILE)
    start_trial(made.pk, now=timezone.now())
    try_chunk(made.pk, now=timezone.now())
    page = client_of(mara).get(workspace_reverse("capture:import", id=made.pk)).content.decode()
    assert "2 of 5 rows tried" in page
    Import.objects.filter(pk=made.pk).update(trial={})  # a worker died: what it did is not known
    moved(made)
    assert made.status == ImportStatus.DRAFT
    assert (made.trial["is_done"], made.trial["created"], made.trial["updated"]) == (True, 4, 1)
    assert not Lead.objects.exists()
    assert counts(run(made)) == (4, 1, 0, 0)


def test_examples_say_what_would_change(mara: Member) -> None:
    resolve_leads([NewLead(name="Bo", email="bo@lind.example")], now=timezone.now())
    made = an_upload(mara, FILE)
    page = client_of(mara).get(
        workspace_reverse("capture:import_mapping", id=made.pk) + "?counts=1"
    )
    assert "Phone: – becomes +4930123456" in page.content.decode()


def test_a_dry_run_goes_by_the_api_too(mara: Member, ada: Member) -> None:
    made = an_upload(mara, FILE)
    api = api_of(a_key(ada))
    address = f"/api/v1/imports/{made.pk}/dry-run/"
    assert api.get(address).json()["created"] == 4
    assert api.post(address, {}).json()["status"] == "checking"
    moved(made)
    assert api.get(address).json()["is_done"] is True
    assert api.get(f"/api/v1/imports/{made.pk}/preview/").json()[0]["row"] == 2


def test_days_that_could_be_either_way_are_asked_for(mara: Member) -> None:
    made = an_upload(mara, "Email,First seen\na@b.example,03/04/2026\nc@d.example,05/06/2026\n")
    with pytest.raises(CannotStartImport, match="day or the month"):
        run(made)
    assert (
        "Month first"
        in (
            client_of(mara).get(workspace_reverse("capture:import_mapping", id=made.pk))
        ).content.decode()
    )
    run(settled(made, date_order="mdy"))
    assert Lead.objects.get(email="a@b.example").first_seen_at.date().isoformat() == "2026-03-04"


def test_days_that_tell_are_not_asked_for(mara: Member) -> None:
    an_import(mara, "Email,First seen\na@b.example,03/04/2026\nc@d.example,25/06/2026\n")
    assert Lead.objects.get(email="a@b.example").first_seen_at.date().isoformat() == "2026-04-03"


def test_leads_it_makes_are_not_approached_in_other_ways(mara: Member) -> None:
    resolve_leads([NewLead(name="Bo", email="bo@lind.example")], now=timezone.now())
    an_import(mara, FILE, uses=["call"])
    assert Lead.objects.get(email="cora@sand.example").do_not_email
    assert not Lead.objects.get(email="cora@sand.example").do_not_call
    assert not Lead.objects.get(email="bo@lind.example").do_not_email  # known before


def test_facts_about_companies_fill_what_is_blank(mara: Member) -> None:
    text = (
        "Email,Company,Industry,Employees,Website,Company country\n"
        "a@gmail.com,Firm,Energy,50,https://www.firm.example/x,Spain\n"
        "b@firm.example,Firm,Water,,,\n"
    )
    an_import(mara, text)
    firm = Company.objects.get()
    assert (firm.domain, firm.industry, firm.employees) == ("firm.example", "Energy", 50)
    assert (firm.website, firm.country) == ("https://www.firm.example/x", "Spain")
    assert firm.people.count() == 2
