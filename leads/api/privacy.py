"""Purposes and consents over the API."""

from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from leadmgmt.workspaces.models import Scope
from leads.actions.consents import (
    NewConsent,
    record_consents,
    restore_purpose,
    retire_purpose,
    save_purpose,
)
from leads.actions.disclosing import disclose_lead
from leads.actions.erasing import erase_leads
from leads.api.fields import OfWorkspace, by_member, one_of
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination
from leads.models import Consent, Lead, PrivacyRequest, Purpose


class PurposeSerializer(serializers.ModelSerializer[Purpose]):
    """What we ask leave for; conditions and imports name it by its `key`."""

    class Meta:
        model = Purpose
        fields = ("id", "key", "name", "wording", "created_at", "retired_at")


class PurposeChangesSerializer(StrictFields):
    """What to change; `is_retired` asks for it no more, or again."""

    name = serializers.CharField(max_length=80, required=False)
    wording = serializers.CharField(max_length=2_000, required=False, allow_blank=True)
    is_retired = serializers.BooleanField(required=False)


class NewPurposeSerializer(StrictFields):
    """A purpose."""

    name = serializers.CharField(max_length=80)
    wording = serializers.CharField(max_length=2_000, allow_blank=True, default="")


class PurposeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Purposes: what a workspace asks leave for."""

    queryset = Purpose._base_manager.none()
    serializer_class = PurposeSerializer
    pagination_class = KeysetPagination
    filter_backends = ()

    @extend_schema(request=NewPurposeSerializer, responses={201: PurposeSerializer})
    def create(self, request: Request) -> Response:
        """One more; its key is made of its name."""
        made = save_purpose(Purpose(), **self.told(NewPurposeSerializer))
        return self.answer(self.get_queryset().get(pk=made.pk), status.HTTP_201_CREATED)

    @extend_schema(request=PurposeChangesSerializer, responses=PurposeSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named; what people agreed to keeps its words."""
        found, asked = self.get_object(), self.told(PurposeChangesSerializer)
        is_retired = asked.pop("is_retired", None)
        save_purpose(found, **{"name": found.name, "wording": found.wording} | asked)
        if is_retired is True:
            retire_purpose(found, now=timezone.now())
        elif is_retired is False:
            restore_purpose(found)
        return self.answer(found)


class ConsentSerializer(serializers.ModelSerializer[Consent]):
    """A lead gave or withdrew leave for a purpose; the newest answer counts."""

    class Meta:
        model = Consent
        fields = (
            *("id", "lead", "purpose", "is_given", "source", "wording", "proof", "by"),
            *("occurred_at", "recorded_at"),
        )


class NewConsentSerializer(StrictFields):
    """What was said; without `wording` it is the purpose's, without `occurred_at` it is now."""

    lead = one_of(Lead)
    purpose = one_of(Purpose)
    is_given = serializers.BooleanField()
    source = serializers.CharField(max_length=100)  # type: ignore[assignment]  # a field of that name
    wording = serializers.CharField(max_length=2_000, required=False, allow_blank=True)
    proof = serializers.DictField(required=False)
    occurred_at = serializers.DateTimeField(required=False)
    by = by_member()


class NewestConsents(KeysetPagination):
    """The newest first."""

    order = ("-occurred_at", "-id")


class ConsentViewSet(mixins.ListModelMixin, OfWorkspace):
    """The ledger of consents; with `?lead=` those of a lead. Nothing in it is ever changed."""

    queryset = Consent._base_manager.none()
    serializer_class = ConsentSerializer
    pagination_class = NewestConsents

    @extend_schema(request=NewConsentSerializer, responses={201: ConsentSerializer})
    def create(self, request: Request) -> Response:
        """Write down what somebody said."""
        told: dict[str, Any] = self.told(NewConsentSerializer)
        by, lead, purpose = told.pop("by"), told.pop("lead"), told.pop("purpose")
        said = NewConsent(lead_id=lead.pk, purpose_id=purpose.pk, **told)
        (pk,) = record_consents([said], by=by, now=timezone.now())
        return self.answer(self.get_queryset().get(pk=pk), status.HTTP_201_CREATED)


class PrivacyRequestSerializer(serializers.ModelSerializer[PrivacyRequest]):
    """Somebody asked what we know (`access`) or to be forgotten (`erase`); in numbers."""

    lead = serializers.UUIDField(source="lead_id")

    class Meta:
        model = PrivacyRequest
        fields = ("id", "kind", "lead", "reason", "counts", "by", "requested_at", "done_at")


class ErasureSerializer(StrictFields):
    """Whom to erase for good, and why; there is no way back."""

    lead = one_of(Lead)
    reason = serializers.CharField(max_length=200)
    by = by_member()


class DisclosureSerializer(StrictFields):
    """Who wants to know."""

    lead = one_of(Lead)
    by = by_member()


class NewestRequests(KeysetPagination):
    """The newest first."""

    order = ("-requested_at", "-id")


class PrivacyRequestViewSet(mixins.ListModelMixin, OfWorkspace):
    """People who wanted to know, or to be forgotten."""

    scopes = {"read": Scope.PRIVACY_WRITE, "write": Scope.PRIVACY_WRITE}
    queryset = PrivacyRequest._base_manager.none()
    serializer_class = PrivacyRequestSerializer
    pagination_class = NewestRequests

    @extend_schema(request=ErasureSerializer, responses={201: PrivacyRequestSerializer})
    def create(self, request: Request) -> Response:
        """Erase somebody everywhere and for good; files cannot bring them back."""
        told = self.told(ErasureSerializer)
        lead, now = told.pop("lead"), timezone.now()
        erase_leads([lead.pk], **told, now=now)
        done = self.get_queryset().filter(lead_id=lead.pk).order_by("-requested_at", "-id")[0]
        return self.answer(done, status.HTTP_201_CREATED)

    @extend_schema(
        request=DisclosureSerializer, responses={(200, "application/zip"): OpenApiTypes.BINARY}
    )
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def disclose(self, request: Request) -> FileResponse:
        """Everything we hold about somebody, as a ZIP."""
        told = self.told(DisclosureSerializer)
        lead = told.pop("lead")
        content = disclose_lead(lead, **told, now=timezone.now())
        return FileResponse(content, as_attachment=True, filename=f"everything-{lead.pk}.zip")
