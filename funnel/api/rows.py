"""What every part of the funnel's API shares: its scopes."""

from leadmgmt.workspaces.models import Scope
from leads.api import fields

SCOPES = {"read": Scope.LEADS_READ, "write": Scope.SALES_WRITE}


class OfWorkspace(fields.OfWorkspace):
    """Rows of the key's workspace that selling may change."""

    scopes = SCOPES
