"""Indicators over the API: the list that holds with its win rates, its versions, the draft."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadmgmt.workspaces.actions.versions import LONGEST_REASON
from leadmgmt.workspaces.models import Scope
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination, StrictJSONParser
from leads.models import Lead
from scoring.api.indicator_serializers import (
    IndicatorListSerializer,
    IndicatorVersionSerializer,
    LeadIndicatorsSerializer,
)
from scoring.cases.studies import LONGEST
from scoring.indicators.drafting import (
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_INDICATORS,
    IndicatorWords,
    discard_draft,
    replace_indicators,
    start_draft,
)
from scoring.indicators.measuring import start_measurement
from scoring.indicators.publishing import publish_list
from scoring.indicators.telling import indicators_of, list_told
from scoring.indicators.terms import LONGEST_WINDOW, Terms
from scoring.models import IndicatorList

SCOPES = {"read": Scope.LEADS_READ, "write": Scope.SCORING_WRITE}


class IndicatorWordsSerializer(StrictFields):
    """One indicator; with the `key` of a published one it goes on being that one."""

    key = serializers.UUIDField(required=False, allow_null=True)
    name = serializers.CharField(max_length=LONGEST_NAME)
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    condition = serializers.DictField()


class IndicatorDraftSerializer(StrictFields):
    """All indicators of the next list, in their order."""

    indicators = serializers.ListField(child=IndicatorWordsSerializer(), max_length=MOST_INDICATORS)


class PublishIndicatorsSerializer(StrictFields):
    """Why the list changes."""

    reason = serializers.CharField(max_length=LONGEST_REASON)


class MeasureIndicatorsSerializer(StrictFields):
    """What is not said stays as it was; `draft`: the draft rather than the published list."""

    draft = serializers.BooleanField(default=False)
    outcome = serializers.CharField(max_length=20, required=False)
    window_days = serializers.IntegerField(min_value=1, max_value=LONGEST_WINDOW, required=False)
    wait_days = serializers.IntegerField(min_value=0, max_value=LONGEST, required=False)
    within_days = serializers.IntegerField(min_value=0, max_value=LONGEST, required=False)


class IndicatorsView(APIView):
    """The indicators that hold."""

    scopes = SCOPES

    @extend_schema(responses=IndicatorListSerializer, operation_id="indicators_retrieve")
    def get(self, request: Request) -> Response:
        """Return the published list with its win rates; 404 while none is published."""
        return _told(_published())


class VersionPagination(KeysetPagination):
    """Newest first."""

    order = ("-number", "-id")


class IndicatorVersionsView(ListAPIView[IndicatorList]):
    """Every list that was ever published."""

    scopes = SCOPES
    queryset = IndicatorList._base_manager.none()
    serializer_class = IndicatorVersionSerializer
    pagination_class = VersionPagination

    def get_queryset(self) -> Any:
        """Newest first."""
        return IndicatorList.objects.exclude(number=None)


class IndicatorVersionView(APIView):
    """One list that was published."""

    scopes = SCOPES

    @extend_schema(responses=IndicatorListSerializer, operation_id="indicator_version_retrieve")
    def get(self, request: Request, id: UUID) -> Response:
        """Return it with its last win rates."""
        return _told(get_object_or_404(IndicatorList.objects.exclude(number=None), pk=id))


class IndicatorDraftView(APIView):
    """The next list."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)

    @extend_schema(responses=IndicatorListSerializer, operation_id="indicator_draft_retrieve")
    def get(self, request: Request) -> Response:
        """Return the draft; 404 while there is none."""
        return _told(_draft())

    @extend_schema(
        request=IndicatorDraftSerializer,
        responses=IndicatorListSerializer,
        operation_id="indicator_draft_replace",
    )
    def put(self, request: Request) -> Response:
        """Make these the indicators of the draft, which is started if there is none."""
        sent = _sent(IndicatorDraftSerializer, request)
        draft = start_draft(by=None, now=timezone.now())
        replace_indicators(draft, [IndicatorWords(**each) for each in sent["indicators"]])
        return _told(draft)

    @extend_schema(responses={204: None}, operation_id="indicator_draft_discard")
    def delete(self, request: Request) -> Response:
        """Throw the draft away."""
        discard_draft(_draft())
        return Response(status=status.HTTP_204_NO_CONTENT)


class IndicatorPublishView(APIView):
    """From draft to the list that holds."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)

    @extend_schema(
        request=PublishIndicatorsSerializer,
        responses=IndicatorListSerializer,
        operation_id="indicator_draft_publish",
    )
    def post(self, request: Request) -> Response:
        """Publish the draft; its leads and win rates are found in the background."""
        reason = _sent(PublishIndicatorsSerializer, request)["reason"]
        return _told(publish_list(_draft(), by=None, reason=reason, now=timezone.now()))


class IndicatorMeasureView(APIView):
    """Win rates, worked out anew."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)

    @extend_schema(
        request=MeasureIndicatorsSerializer,
        responses={202: IndicatorListSerializer},
        operation_id="indicators_measure",
    )
    def post(self, request: Request) -> Response:
        """Measure in the background; `measuring` says how far it is."""
        sent = _sent(MeasureIndicatorsSerializer, request)
        measured = _draft() if sent.pop("draft") else _published()
        terms = Terms.from_json(measured.terms | sent)
        start_measurement(measured, now=timezone.now(), terms=terms)
        return _told(measured, status.HTTP_202_ACCEPTED)


class LeadIndicatorsView(APIView):
    """Which indicators a lead has."""

    scopes = SCOPES

    @extend_schema(responses=LeadIndicatorsSerializer, operation_id="lead_indicators_retrieve")
    def get(self, request: Request, id: UUID) -> Response:
        """Return those it has and those it has not; 404 while no list is published."""
        found = indicators_of(get_object_or_404(Lead, pk=id))
        if found is None:
            raise NotFound(_("No list of indicators is published."))
        return Response(LeadIndicatorsSerializer(found).data)


def _published() -> IndicatorList:
    found: IndicatorList | None = IndicatorList.objects.published().first()
    if found is None:
        raise NotFound(_("No list of indicators is published."))
    return found


def _draft() -> IndicatorList:
    found: IndicatorList | None = IndicatorList.objects.draft().first()
    if found is None:
        raise NotFound(_("No list of indicators is being written."))
    return found


def _told(shown: IndicatorList, code: int = status.HTTP_200_OK) -> Response:
    return Response(IndicatorListSerializer(list_told(shown)).data, status=code)


def _sent(serializer: type[StrictFields], request: Request) -> dict[str, Any]:
    form = serializer(data=request.data)
    form.is_valid(raise_exception=True)
    sent: dict[str, Any] = dict(form.validated_data)
    return sent
