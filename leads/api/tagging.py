"""Putting a tag on one lead or company over the API; on many by a bulk action."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from leads.actions.profiles import Door
from leads.actions.tagging import (
    known_tag,
    tag_called,
    tag_companies,
    tag_leads,
    untag_companies,
    untag_leads,
)
from leads.api.shapes import StrictFields
from leads.models import Company, Lead, Via

PLAIN: dict[str, Any] = {"detail": True, "methods": ["post"], "filter_backends": []}


class TagNameSerializer(StrictFields):
    """A tag by its name; capitals make no other tag."""

    tag = serializers.CharField()


class TagsOfLead:
    """For the view of leads: put a tag on one, take it off."""

    @extend_schema(request=TagNameSerializer)
    @action(**PLAIN, pagination_class=None)
    def tag(self, request: Request, id: UUID) -> Response:
        """Put a tag on the lead; a name nobody has used yet makes a new tag."""
        name = _asked(request, Lead, id)
        tag_leads([id], tag=tag_called(name), by=None, now=timezone.now())
        return self.retrieve(request, id)  # type: ignore[attr-defined]

    @extend_schema(request=TagNameSerializer)
    @action(**PLAIN, pagination_class=None)
    def untag(self, request: Request, id: UUID) -> Response:
        """Take a tag off the lead."""
        if worn := known_tag(_asked(request, Lead, id)):
            untag_leads([id], tag=worn)
        return self.retrieve(request, id)  # type: ignore[attr-defined]


class TagsOfCompany:
    """For the view of companies: put a tag on one, take it off."""

    @extend_schema(request=TagNameSerializer)
    @action(**PLAIN, pagination_class=None)
    def tag(self, request: Request, id: UUID) -> Response:
        """Put a tag on the company; a name nobody has used yet makes a new tag."""
        name = _asked(request, Company, id)
        tag_companies([id], tag=tag_called(name), door=Door(Via.API), now=timezone.now())
        return self.retrieve(request, id)  # type: ignore[attr-defined]

    @extend_schema(request=TagNameSerializer)
    @action(**PLAIN, pagination_class=None)
    def untag(self, request: Request, id: UUID) -> Response:
        """Take a tag off the company."""
        if worn := known_tag(_asked(request, Company, id)):
            untag_companies([id], tag=worn, door=Door(Via.API), now=timezone.now())
        return self.retrieve(request, id)  # type: ignore[attr-defined]


def _asked(request: Request, model: type[Lead | Company], id: UUID) -> str:
    if not model.objects.filter(pk=id).exists():
        raise Http404
    given = TagNameSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    return str(given.validated_data["tag"])
