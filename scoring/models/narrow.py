"""Small rows, of which there are very many."""

from typing import Any

from django.db import models

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import Workspace, WorkspaceManager


def workspace_of_row(**given: Any) -> Any:
    return models.ForeignKey(
        Workspace,
        on_delete=models.CASCADE,
        default=current_workspace_id,
        editable=False,
        related_name="+",
        db_index=False,
        **given,
    )


class NarrowModel(models.Model):
    """A small row of one workspace without an id of its own: there are very many of them."""

    workspace = workspace_of_row()

    objects = WorkspaceManager()

    class Meta:
        abstract = True


class OfLead(NarrowModel):
    """What is remembered of a lead. The constraint of `lead` names the workspace as well.

    A second one would be checked for each row and say nothing more.
    """

    workspace = workspace_of_row(db_constraint=False)
    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="+")

    class Meta:
        abstract = True
