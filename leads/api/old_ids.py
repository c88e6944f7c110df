"""Ids of leads that were merged: they lead to the lead that was kept."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from rest_framework.response import Response

from leads.queries.merging import current_id


class OldIds:
    """For views of one lead by `id`: what is not there, but was merged, is answered with 308."""

    kwargs: dict[str, Any]
    request: Any

    def handle_exception(self, problem: Exception) -> Response:
        """Where it is now, instead of nowhere."""
        lead_id = self.kwargs.get("id") if isinstance(problem, Http404) else None
        kept = current_id(lead_id) if isinstance(lead_id, UUID) else None
        if kept is None:
            answer: Response = super().handle_exception(problem)  # type: ignore[misc]
            return answer
        where = reverse(self.request.resolver_match.view_name, kwargs={"id": kept})
        return Response(status=308, headers={"Location": self.request.build_absolute_uri(where)})
