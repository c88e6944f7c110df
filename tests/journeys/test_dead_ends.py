"""No page leads anybody to one they may not open, or that is not there."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.workspaces.models import Member
from tests.clients import client_of
from tests.journeys.everything import make_everything, starts
from tests.journeys.forms import walk

pytestmark = pytest.mark.timeout(300)


def test_links_lead_to_what_one_may_open(
    ada: Member, mara: Member, max: Member, rita: Member, ana: Member, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    make_everything(ada, timezone.now())
    dead, pages = {}, {}
    for member in (mara, max, rita, ana):
        visits = list(walk(client_of(member), starts()))
        opened = {each.address for each in visits if each.status == 200}
        pages[member.name] = len(opened)
        dead[member.name] = [(each.origin, each.address, each.status) for each in visits
                             if each.origin in opened and each.status >= 400]  # fmt: skip
    assert not any(dead.values()), dead
    assert min(pages.values()) > 80, pages
