"""Routing over the API: the plan, its draft, the dry run, who waits, why somebody has a lead."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from funnel.api.deals import LatestChanges
from funnel.api.routing_serializers import (
    AssignmentSerializer,
    DryRunAskedSerializer,
    DryRunSerializer,
    PlanSerializer,
    PlanWithRulesSerializer,
    PublishRoutingSerializer,
    RoutingDraftSerializer,
    ShareChangeSerializer,
    ShareChangesSerializer,
    ShareSerializer,
    WaitSerializer,
)
from funnel.models import Assignment, RoutingPlan, ShareChange, Wait
from funnel.routing.drafting import RuleWords, discard_draft, replace_rules, start_draft
from funnel.routing.knowing import rules_of
from funnel.routing.publishing import publish_plan, switch_off
from funnel.routing.rehearsing import rehearse
from funnel.routing.shares import ShareWords, set_share
from funnel.routing.telling import told_rules, told_shares, waits
from leadmgmt.workspaces.models import Scope, Team
from leads.api.reading import KeysetPagination, OfLead, StrictJSONParser

SCOPES = {"read": Scope.LEADS_READ, "write": Scope.ROUTING_WRITE}


class RoutingView(APIView):
    """The plan in force."""

    scopes = SCOPES

    @extend_schema(responses=PlanWithRulesSerializer, operation_id="routing_retrieve")
    def get(self, request: Request) -> Response:
        """Return it with its rules; 404 while routing is off."""
        return _told(_published())


class RoutingOffView(APIView):
    """Switching routing off."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)

    @extend_schema(request=None, responses={204: None}, operation_id="routing_switch_off")
    def post(self, request: Request) -> Response:
        """Route nobody any more: new MQLs wait in the pool."""
        switch_off(now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class NewestPlan(KeysetPagination):
    """The newest first."""

    order = ("-number", "-id")


class RoutingVersionsView(ListAPIView[RoutingPlan]):
    """Every plan that was ever published."""

    scopes = SCOPES
    queryset = RoutingPlan._base_manager.none()
    serializer_class = PlanSerializer
    pagination_class = NewestPlan
    filter_backends = ()

    def get_queryset(self) -> Any:
        """Newest first."""
        return RoutingPlan.objects.exclude(number=None)


class RoutingVersionView(APIView):
    """One plan that was published."""

    scopes = SCOPES

    @extend_schema(responses=PlanWithRulesSerializer, operation_id="routing_version_retrieve")
    def get(self, request: Request, id: UUID) -> Response:
        """Return it with its rules."""
        return _told(get_object_or_404(RoutingPlan.objects.exclude(number=None), pk=id))


class RoutingDraftView(APIView):
    """The next plan."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)

    @extend_schema(responses=PlanWithRulesSerializer, operation_id="routing_draft_retrieve")
    def get(self, request: Request) -> Response:
        """Return the draft; 404 while there is none."""
        return _told(_draft())

    @extend_schema(
        request=RoutingDraftSerializer,
        responses=PlanWithRulesSerializer,
        operation_id="routing_draft_replace",
    )
    def put(self, request: Request) -> Response:
        """Make these the rules of the draft, which is started if there is none."""
        sent = _sent(RoutingDraftSerializer, request.data)
        draft = start_draft(by=None, now=timezone.now())
        replace_rules(draft, [RuleWords(**each) for each in sent["rules"]])
        return _told(draft)

    @extend_schema(responses={204: None}, operation_id="routing_draft_discard")
    def delete(self, request: Request) -> Response:
        """Throw the draft away."""
        discard_draft(_draft())
        return Response(status=status.HTTP_204_NO_CONTENT)


class RoutingPublishView(APIView):
    """From draft to the plan that holds."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)

    @extend_schema(
        request=PublishRoutingSerializer,
        responses=PlanWithRulesSerializer,
        operation_id="routing_draft_publish",
    )
    def post(self, request: Request) -> Response:
        """Publish the draft; new MQLs are routed by it."""
        sent = _sent(PublishRoutingSerializer, request.data)
        return _told(publish_plan(_draft(), by=None, now=timezone.now(), **sent))


class RoutingDryRunView(APIView):
    """A plan tried on the past."""

    scopes = SCOPES

    @extend_schema(
        parameters=[DryRunAskedSerializer],
        responses=DryRunSerializer,
        operation_id="routing_dry_run",
    )
    def get(self, request: Request) -> Response:
        """Return who would have got the MQLs of the last days; nothing is written."""
        asked = _sent(DryRunAskedSerializer, request.query_params.dict())
        plan, now = _draft() if asked["draft"] else _published(), timezone.now()
        since = now - timedelta(days=asked["days"])
        tried: Any = rehearse(rules_of(plan), since=since, until=now, now=now)
        return Response(DryRunSerializer(tried).data)


class OldestWait(KeysetPagination):
    """Whoever waits longest first."""

    order = ("since", "id")


class RoutingWaitsView(ListAPIView[Wait]):
    """MQLs for which nobody is eligible."""

    scopes = SCOPES
    queryset = Wait._base_manager.none()
    serializer_class = WaitSerializer
    pagination_class = OldestWait
    filter_backends = (OfLead,)

    def get_queryset(self) -> Any:
        """Those that nobody has claimed meanwhile."""
        return waits()


class LatestAssignment(KeysetPagination):
    """The latest first."""

    order = ("-assigned_at", "-id")


class AssignmentsView(ListAPIView[Assignment]):
    """What rules gave to whom, and why; with `?lead=` those of a lead."""

    scopes = SCOPES
    queryset = Assignment._base_manager.none()
    serializer_class = AssignmentSerializer
    pagination_class = LatestAssignment
    filter_backends = (OfLead,)

    def get_queryset(self) -> Any:
        """Of this workspace."""
        return Assignment.objects.all()


class TeamSharesView(APIView):
    """What each member of a team gets of its leads."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)

    @extend_schema(responses=ShareSerializer(many=True), operation_id="team_shares_list")
    def get(self, request: Request, id: UUID) -> Response:
        """Return them by name."""
        return self._told(get_object_or_404(Team, pk=id))

    @extend_schema(
        request=ShareChangesSerializer,
        responses=ShareSerializer(many=True),
        operation_id="team_shares_set",
    )
    def put(self, request: Request, id: UUID) -> Response:
        """Say what one member gets."""
        team = get_object_or_404(Team, pk=id)
        sent = _sent(ShareChangesSerializer, request.data)
        member, by = sent.pop("member"), sent.pop("by")
        set_share(team, member, ShareWords(**sent), by=by, now=timezone.now())
        return self._told(team)

    def _told(self, team: Team) -> Response:
        told: Any = told_shares(team)
        return Response(ShareSerializer(told, many=True).data)


class ShareHistoryView(ListAPIView[ShareChange]):
    """What changed of the shares of a team, the latest first."""

    scopes = SCOPES
    queryset = ShareChange._base_manager.none()
    serializer_class = ShareChangeSerializer
    pagination_class = LatestChanges
    filter_backends = ()

    def get_queryset(self) -> Any:
        """Of the team that is named."""
        if "id" not in self.kwargs:  # the schema asks without one
            return self.queryset
        return ShareChange.objects.filter(team=get_object_or_404(Team, pk=self.kwargs["id"]))


def _published() -> RoutingPlan:
    found: RoutingPlan | None = RoutingPlan.objects.published().first()
    if found is None:
        raise NotFound(_("Routing is off: no plan is published."))
    return found


def _draft() -> RoutingPlan:
    found: RoutingPlan | None = RoutingPlan.objects.draft().first()
    if found is None:
        raise NotFound(_("There is no draft; send its rules first."))
    return found


def _sent(serializer: Any, data: Any) -> dict[str, Any]:
    form = serializer(data=data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def _told(plan: RoutingPlan) -> Response:
    told: Any = {"plan": plan, "rules": told_rules(plan)}
    return Response(PlanWithRulesSerializer(told).data)
