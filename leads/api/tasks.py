"""Tasks, promises and their kinds over the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from leads.actions import tasks
from leads.actions.task_kinds import KindFacts, restore_task_kind, retire_task_kind, save_task_kind
from leads.api.fields import OfWorkspace, PresentMemberField, by_member, one_of
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination, OfLead
from leads.models import Company, Lead, Task, TaskKind
from leads.queries.tasks import suggested_due

FACTS = ("name", "is_promise", "due_hours", "remind_hours", "escalate_hours")
STATES: dict[str, dict[str, Any]] = {
    "open": {"done_at": None, "dropped_at": None},
    "done": {"done_at__isnull": False},
    "dropped": {"dropped_at__isnull": False},
}


class TaskKindSerializer(serializers.ModelSerializer[TaskKind]):
    """What tasks are about; hours as on the page “Kinds of task”."""

    class Meta:
        model = TaskKind
        fields = ("id", *FACTS, "created_at", "retired_at")


class KindChangesSerializer(StrictFields):
    """What to change; `is_retired` takes it out of the offer, or back into it."""

    name = serializers.CharField(max_length=80, required=False)
    is_promise = serializers.BooleanField(required=False)
    due_hours = serializers.IntegerField(required=False)
    remind_hours = serializers.IntegerField(required=False, allow_null=True)
    escalate_hours = serializers.IntegerField(required=False, allow_null=True)
    is_retired = serializers.BooleanField(required=False)


class NewKindSerializer(KindChangesSerializer):
    """A kind of task."""

    name = serializers.CharField(max_length=80)
    is_retired = None  # type: ignore[assignment]  # a new one is offered


class TaskKindViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Kinds of task: what a firm does for leads, and what it promises them."""

    queryset = TaskKind._base_manager.none()
    serializer_class = TaskKindSerializer
    pagination_class = KeysetPagination
    filter_backends = ()

    @extend_schema(request=NewKindSerializer, responses={201: TaskKindSerializer})
    def create(self, request: Request) -> Response:
        """A kind of one's own."""
        kind = save_task_kind(TaskKind(), facts=KindFacts(**self.told(NewKindSerializer)))
        return self.answer(self.get_queryset().get(pk=kind.pk), status.HTTP_201_CREATED)

    @extend_schema(request=KindChangesSerializer, responses=TaskKindSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named and nothing else."""
        kind, asked = self.get_object(), self.told(KindChangesSerializer)
        is_retired = asked.pop("is_retired", None)
        known = {name: getattr(kind, name) for name in FACTS}
        save_task_kind(kind, facts=KindFacts(**known | asked))
        if is_retired is True:
            retire_task_kind(kind, now=timezone.now())
        elif is_retired is False:
            restore_task_kind(kind)
        return self.answer(self.get_object())


class TaskSerializer(serializers.ModelSerializer[Task]):
    """Something to do for a lead or a company by `due_at`; open until done or dropped."""

    class Meta:
        model = Task
        fields = (
            *("id", "kind", "title", "note", "lead", "company", "assignee", "by", "created_at"),
            *("due_at", "escalated_at", "done_at", "done_by", "dropped_at"),
        )


class TaskChangesSerializer(StrictFields):
    """What to change; a field that is not named stays as it is."""

    title = serializers.CharField(max_length=200, required=False, allow_blank=True)
    note = serializers.CharField(max_length=5_000, required=False, allow_blank=True)
    due_at = serializers.DateTimeField(required=False)
    assignee = PresentMemberField(required=False, allow_null=True)
    by = by_member()


class NewTaskSerializer(TaskChangesSerializer):
    """For a lead or a company; without `due_at` it is due as its kind says."""

    kind = one_of(TaskKind)
    lead = one_of(Lead, required=False)
    company = one_of(Company, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """It is about one of them."""
        if ("lead" in attrs) == ("company" in attrs):
            raise serializers.ValidationError({"lead": _("Name either a lead or a company.")})
        return attrs


class ClosingSerializer(StrictFields):
    """Who did it, if a member did."""

    by = by_member()


class SoonestTasks(KeysetPagination):
    """The most urgent first."""

    order = ("due_at", "id")


class TaskViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Tasks and promises; with `?lead=` those of a lead."""

    queryset = Task._base_manager.none()
    serializer_class = TaskSerializer
    pagination_class = SoonestTasks
    filter_backends = (OfLead,)

    def get_queryset(self) -> QuerySet[Any]:
        """All of them, or those `?state=` asks for."""
        rows = super().get_queryset()
        state = self.request.query_params.get("state") if self.action == "list" else None
        if state is None:
            return rows
        if state not in STATES:
            sentence = _("“%(value)s” is no state; choose from %(all)s.")
            told = {"value": state[:20], "all": ", ".join(STATES)}
            raise serializers.ValidationError({"state": sentence % told})
        return rows.filter(**STATES[state])

    @extend_schema(parameters=[OpenApiParameter("state", str, enum=list(STATES))])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The most urgent first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NewTaskSerializer, responses={201: TaskSerializer})
    def create(self, request: Request) -> Response:
        """Give somebody something to do."""
        told, now = self.told(NewTaskSerializer), timezone.now()
        lead, company = told.pop("lead", None), told.pop("company", None)
        about = lead or company
        told.setdefault("due_at", suggested_due(told["kind"], now=now))
        here = about.owner if about.owner and about.owner.is_colleague else None
        told.setdefault("assignee", here)
        task = tasks.add_task(told.pop("kind"), about=about, **told, now=now)
        return self.answer(task, status.HTTP_201_CREATED)

    @extend_schema(request=TaskChangesSerializer, responses=TaskSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change an open task."""
        told = self.told(TaskChangesSerializer)
        by = told.pop("by")
        task = tasks.change_task(self.get_object(), changes=told, by=by, now=timezone.now())
        return self.answer(task)

    @extend_schema(request=ClosingSerializer, responses=TaskSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: UUID) -> Response:
        """It is done."""
        told = self.told(ClosingSerializer)
        return self.answer(tasks.finish_task(self.get_object(), **told, now=timezone.now()))

    @extend_schema(request=ClosingSerializer, responses=TaskSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: UUID) -> Response:
        """It will not be done."""
        told = self.told(ClosingSerializer)
        return self.answer(tasks.drop_task(self.get_object(), **told, now=timezone.now()))

    @extend_schema(request=ClosingSerializer, responses=TaskSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: UUID) -> Response:
        """Take it up again."""
        told = self.told(ClosingSerializer)
        return self.answer(tasks.reopen_task(self.get_object(), **told, now=timezone.now()))
