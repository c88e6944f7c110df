"""A new workspace scores from its first lead on, and the first scores have their effects."""

from typing import Any

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.drain import drain
from leadmgmt.workspaces.actions.workspaces import create_workspace
from leads.models import Lead
from scoring.models import ModelVersion
from tests.builders import a_lead, a_user, an_activity


def test_a_lead_that_came_before_the_first_scores_becomes_an_mql(db: Any) -> None:
    made = create_workspace("Initech", by=a_user())
    with inside(made.pk):
        lead = a_lead(job_title="Managing director", phone="+302101234567")
        for path in ("/pricing", "/demo"):
            an_activity(lead, kind="page_view", properties={"path": path})
        for _ in range(2):
            an_activity(lead, kind="form_submitted")
        drain()
        assert ModelVersion.objects.published().get().number == 1
        assert Lead.objects.get(pk=lead.pk).score >= 50
        assert Lead.objects.get(pk=lead.pk).stage == "mql"
