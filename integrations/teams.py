"""Teams, absences and working hours over the API. Mounted below `/api/v1/`."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from leadmgmt.workspaces.actions.teams import restore_team, retire_team, save_team
from leadmgmt.workspaces.actions.working_times import (
    Hours,
    end_absence,
    note_absence,
    set_working_time,
)
from leadmgmt.workspaces.availability import workspace_zone
from leadmgmt.workspaces.models import Absence, Member, Scope, Team, WorkingTime
from leads.api.fields import OfWorkspace, PresentMemberField, by_member
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination

SCOPES = {"read": Scope.LEADS_READ, "write": Scope.ROUTING_WRITE}


class TeamSerializer(serializers.ModelSerializer[Team]):
    """Members who share work."""

    members = serializers.SerializerMethodField()

    class Meta:
        model = Team
        fields = ("id", "name", "purpose", "members", "created_at", "retired_at")

    def get_members(self, team: Team) -> list[UUID]:
        """Ids of colleagues who have not left."""
        return [each.member_id for each in team.seats.all() if each.member.is_colleague]


class ColleaguesField(serializers.ListField):
    """Names colleagues by their ids; the database is asked once for all of them."""

    child = serializers.UUIDField()

    def to_internal_value(self, data: Any) -> list[Member]:
        """The members, or which of them nobody knows."""
        ids: list[UUID] = super().to_internal_value(data)
        found = Member.objects.colleagues().in_bulk(ids)
        unknown: dict[Any, list[str]] = {
            place: [_("There is no member %s here, or it is an external closer.") % id]
            for place, id in enumerate(ids)
            if id not in found
        }
        if unknown:
            raise serializers.ValidationError(unknown)
        return [found[id] for id in ids]


class TeamChangesSerializer(StrictFields):
    """What to change; `members` are all who are in it from then on."""

    name = serializers.CharField(max_length=80, required=False)
    purpose = serializers.CharField(max_length=200, required=False, allow_blank=True)
    members = ColleaguesField(required=False, max_length=500)


class NewTeamSerializer(TeamChangesSerializer):
    """A team; without members it gets nothing yet."""

    name = serializers.CharField(max_length=80)


class HoursSerializer(StrictFields):
    """When somebody works: Monday is day 0; empty zone and country are the office's."""

    days = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), min_length=1, max_length=7
    )
    opens = serializers.TimeField()
    closes = serializers.TimeField()
    time_zone = serializers.CharField(max_length=60, required=False, allow_blank=True)
    holiday_country = serializers.CharField(max_length=2, required=False, allow_blank=True)


class OwnHoursSerializer(StrictFields):
    """Null: as the team or the office works."""

    hours = HoursSerializer(allow_null=True)


class WithHours(OfWorkspace):
    """Rows that may have working hours of their own."""

    scopes = SCOPES

    @extend_schema(request=OwnHoursSerializer, responses=OwnHoursSerializer)
    @action(detail=True, methods=["get", "put"], url_name="hours", url_path="hours")
    def hours(self, request: Request, pk: UUID) -> Response:
        """Working hours of their own; null: as the team or the office works."""
        whose = self.get_object()
        if request.method == "PUT":
            told = self.told(OwnHoursSerializer)["hours"]
            set_working_time(whose, Hours(**told) if told else None)
        own: WorkingTime | None = WorkingTime.objects.filter(
            **{"team" if isinstance(whose, Team) else "member": whose}
        ).first()
        values = HoursSerializer(own.as_values()).data if own else None
        return Response({"hours": values})


class TeamViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, WithHours):
    """Teams: leads are routed to them, a stage may belong to one."""

    queryset = Team._base_manager.none()
    serializer_class = TeamSerializer
    pagination_class = KeysetPagination
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Any]:
        """With their people."""
        return super().get_queryset().prefetch_related("seats__member")

    @extend_schema(request=NewTeamSerializer, responses={201: TeamSerializer})
    def create(self, request: Request) -> Response:
        """Found a team."""
        told = {"purpose": "", "members": [], **self.told(NewTeamSerializer)}
        team = save_team(Team(), **told)
        return self.answer(self.get_queryset().get(pk=team.pk), status.HTTP_201_CREATED)

    @extend_schema(request=TeamChangesSerializer, responses=TeamSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named and nothing else."""
        team = self.get_object()
        here = [each.member for each in team.seats.all() if each.member.is_colleague]
        known = {"name": team.name, "purpose": team.purpose, "members": here}
        save_team(team, **known | self.told(TeamChangesSerializer))
        return self.answer(self.get_object())

    @extend_schema(request=None, responses=TeamSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: UUID) -> Response:
        """Give it no more work."""
        retire_team(self.get_object(), now=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=None, responses=TeamSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: UUID) -> Response:
        """Let it work again."""
        restore_team(self.get_object())
        return self.answer(self.get_object())


class AbsenceSerializer(serializers.ModelSerializer[Absence]):
    """A member does not work from `from_on` until `until_on`, both included."""

    class Meta:
        model = Absence
        fields = ("id", "member", "from_on", "until_on", "word", "by", "created_at")


class NewAbsenceSerializer(StrictFields):
    """Who is away, and when."""

    member = PresentMemberField()
    from_on = serializers.DateField()
    until_on = serializers.DateField()
    word = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    by = by_member()


class LatestAbsence(KeysetPagination):
    """The furthest away first."""

    order = ("-until_on", "-id")


class AbsenceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Who is, was or will be away."""

    scopes = SCOPES
    queryset = Absence._base_manager.none()
    serializer_class = AbsenceSerializer
    pagination_class = LatestAbsence
    filter_backends = ()

    @extend_schema(request=NewAbsenceSerializer, responses={201: AbsenceSerializer})
    def create(self, request: Request) -> Response:
        """Note that somebody is away; the same days again are the same absence."""
        absence = note_absence(**self.told(NewAbsenceSerializer))
        return self.answer(absence, status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: UUID) -> Response:
        """Back sooner: the days that have passed stay."""
        end_absence(self.get_object(), now=timezone.now(), zone=workspace_zone())
        return Response(status=status.HTTP_204_NO_CONTENT)


router = SimpleRouter(use_regex_path=False)
router.register("teams", TeamViewSet, basename="team")
router.register("absences", AbsenceViewSet, basename="absence")

urlpatterns = router.urls
