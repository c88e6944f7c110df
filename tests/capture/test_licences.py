"""Leads of a bought or rented file are approached only as long and in the ways it permits."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from capture.jobs import expire_licences
from capture.models import Import
from capture.queries import leads_usable_for
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.models import Lead, ProfileChange
from tests.builders import a_lead
from tests.imports import an_upload, run, settled

ON_IT = timezone.now() + timedelta(days=30)
AFTER = ON_IT + timedelta(days=1)
FILE = "Name,Email\nAnna,anna@b.example\nBo,bo@b.example\n"


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def rented(mara: Member) -> Import:
    made = an_upload(mara, FILE)
    return run(settled(made, origin="rented", expires_on=ON_IT.date(), uses=["email", "call"]))


def test_after_the_last_day_they_are_neither_emailed_nor_called(rented: Import) -> None:
    assert expire_licences(now=ON_IT) == 0
    bo = Lead.objects.get(name="Bo")
    fact = NewActivity("form_submitted", ON_IT, lead_id=bo.pk)
    record_activities([fact], now=ON_IT)
    assert expire_licences(now=AFTER) == 1
    anna = Lead.objects.get(name="Anna")
    assert (anna.do_not_email, anna.do_not_call) == (True, True)
    bo.refresh_from_db()
    assert not bo.do_not_email  # has written to us: no longer a name of that file
    assert ProfileChange.objects.filter(lead=anna, via_id=rented.pk).count() == 2
    assert expire_licences(now=AFTER) == 0


def test_whom_a_file_lets_us_approach(rented: Import) -> None:
    anna, own = Lead.objects.get(name="Anna"), a_lead(name="Own")
    both = [anna.pk, own.pk]
    assert leads_usable_for(both, "email", now=ON_IT) == set(both)
    assert leads_usable_for(both, "post", now=ON_IT) == {own.pk}
    assert leads_usable_for(both, "email", now=AFTER) == {own.pk}
