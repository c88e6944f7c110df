"""A file does not bring back people who were erased."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from capture.models import ImportProblem
from leadmgmt.workspaces.models import Member
from leads.actions.erasing import erase_leads
from leads.models import Lead
from tests.builders import a_lead
from tests.imports import an_upload, run, settled


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("identity", ["", "email"])
def test_rows_of_the_erased_are_skipped_with_a_sentence(mara: Member, identity: str) -> None:
    text = "Name,Email\nAnn,ann@firm.example\nBo,bo@firm.example\n"
    run(settled(an_upload(mara, text), mapping=["name", "email"], identity=identity))
    ann = Lead.objects.get(email="ann@firm.example")
    erase_leads([ann.pk], reason="asked us", by=mara, now=timezone.now())
    again = run(settled(an_upload(mara, text), mapping=["name", "email"], identity=identity))
    assert (again.created, again.updated, again.skipped, again.rejected) == (0, 1, 1, 0)
    problem = ImportProblem.objects.get(of=again)
    assert "was erased at their wish" in problem.reason
    assert not Lead.objects.filter(email="ann@firm.example").exists()
    assert a_lead()
