"""Ids of leads and companies that were merged: they lead to the one that was kept."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from rest_framework.response import Response

from leads.queries.merging import current_company_id, current_id


class OldIds:
    """For views of one lead by `id`: what is not there, but was merged, is answered with 308."""

    current: Callable[[UUID], UUID | None] = staticmethod(current_id)
    kwargs: dict[str, Any]
    request: Any

    def handle_exception(self, problem: Exception) -> Response:
        """Where it is now, instead of nowhere."""
        lead_id = self.kwargs.get("id") if isinstance(problem, Http404) else None
        kept = self.current(lead_id) if isinstance(lead_id, UUID) else None
        if kept is None:
            answer: Response = super().handle_exception(problem)  # type: ignore[misc]
            return answer
        where = reverse(self.request.resolver_match.view_name, kwargs={"id": kept})
        return Response(status=308, headers={"Location": self.request.build_absolute_uri(where)})


class OldCompanyIds(OldIds):
    """The same for companies."""

    current = staticmethod(current_company_id)
