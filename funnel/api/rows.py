"""What every part of the funnel's API shares: its scopes."""

from typing import Any

from django.db.models import QuerySet

from funnel.queries.listing_deals import id_in
from leadmgmt.workspaces.models import Scope
from leads.api import fields

SCOPES = {"read": Scope.LEADS_READ, "write": Scope.SALES_WRITE}


class OfWorkspace(fields.OfWorkspace):
    """Rows of the key's workspace that selling may change."""

    scopes = SCOPES


class OfCustomer(OfWorkspace):
    """Rows of customers: `?customer=` those of one, `?state=` those that stand so."""

    filter_backends = ()

    def get_queryset(self) -> QuerySet[Any]:
        """All, or those asked for; what names nobody finds nothing."""
        rows, query = super().get_queryset(), self.request.query_params
        if (customer := query.get("customer")) is not None:
            rows = rows.filter(customer=id_in(customer))
        if (state := query.get("state")) is not None:
            rows = rows.filter(state=state.replace("\0", "")[:20])
        return rows
