"""Two people of one company move at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import sleep

import pytest
from django.db import connection, transaction

from funnel.actions.stages import enter_stage
from leadmgmt.kernel.context import inside
from leads.models import Company, Lead
from tests.builders import a_company, a_lead
from tests.worlds import ACME, make_world

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def move(lead: Lead, stage: str) -> None:
    try:
        with inside(ACME):
            enter_stage([lead.pk], stage=stage, reason="x", now=NOW)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_who_moves_less_far_does_not_pull_the_company_back() -> None:
    make_world()
    with inside(ACME), ThreadPoolExecutor(1) as other:
        company = a_company()
        ahead, behind = a_lead(company=company), a_lead(company=company)
        with transaction.atomic():
            enter_stage([ahead.pk], stage="sql", reason="x", now=NOW)
            moving = other.submit(move, behind, "mql")
            sleep(0.3)  # the other one waits for the company by now
        moving.result()
        assert Company.objects.get().stage == "sql"
