"""The funnel through the API: the same verbs and questions as the pages."""

from typing import Any

from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions import claiming, deals, qualifying, stages, working
from funnel.actions.working import AttemptOutcome
from funnel.models import Deal, Outcome, Qualification, StageMove
from funnel.queries.queue import QueueEntry, pool
from leadmgmt.workspaces.models import Member, Scope
from leads.kinds import ATTEMPTS
from leads.models import Lead, Stage

SCOPES = {"read": Scope.LEADS_READ, "write": Scope.LEADS_WRITE}


def one_of(model: type[Model], **rest: Any) -> Any:
    """A field that names a row of the workspace by its id."""
    return serializers.PrimaryKeyRelatedField(queryset=model.objects, **rest)  # type: ignore[attr-defined]


def by_member() -> Any:
    """Who does it; an integration that acts for nobody leaves it out."""
    return one_of(Member, required=False, allow_null=True, default=None, write_only=True)


class MoveSerializer(serializers.ModelSerializer[StageMove]):
    """A lead went from one stage to another."""

    class Meta:
        model = StageMove
        fields = (
            "id",
            "lead",
            "from_stage",
            "to_stage",
            "moved_at",
            "by",
            "definition",
            "reason",
            "cycle",
        )
        read_only_fields = fields


class NewMoveSerializer(serializers.Serializer[Any]):
    """Move a lead by hand."""

    lead = one_of(Lead)
    stage = serializers.ChoiceField(choices=Stage.choices)
    reason = serializers.CharField(max_length=300)
    return_on = serializers.DateField(required=False, allow_null=True)
    by = by_member()


class OfWorkspace(viewsets.GenericViewSet[Any]):
    """Rows of the key's workspace, by `?lead=` if asked."""

    scopes = SCOPES
    order: tuple[str, ...] = ()

    def get_queryset(self) -> QuerySet[Any]:
        """The newest first."""
        model: Any = self.queryset.model  # type: ignore[arg-type, union-attr]  # named by all
        rows: QuerySet[Any] = model.objects.order_by(*self.order)
        lead = self.request.query_params.get("lead")
        if lead is None:
            return rows
        return rows.filter(lead_id=serializers.UUIDField().run_validation(lead))

    def told(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """What the request says, checked by another serializer than the answer's."""
        form = serializer(data=self.request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def answer(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        """One row as this view shows it."""
        return Response(self.get_serializer(row).data, status=code)


class MoveViewSet(mixins.ListModelMixin, OfWorkspace):
    """Stage moves: the history, and moving a lead by hand."""

    queryset = StageMove._base_manager.none()
    serializer_class = MoveSerializer
    order = ("-moved_at", "-id")

    def create(self, request: Request) -> Response:
        """Move a lead; answers with the move, or the last one when the lead is there already."""
        told = self.told(NewMoveSerializer)
        lead = told.pop("lead")
        stages.move_lead(lead, **told, now=timezone.now())
        move = self.get_queryset().filter(lead=lead).first()
        return self.answer(move, status.HTTP_201_CREATED)


class QualificationSerializer(serializers.ModelSerializer[Qualification]):
    """What one conversation told about budget, authority, need and timing."""

    lead = one_of(Lead)
    outcome = serializers.ChoiceField(choices=Outcome.choices)

    class Meta:
        model = Qualification
        exclude = ("workspace",)
        read_only_fields = ("cycle", "by", "begun_at", "concluded_at")


class NewQualificationSerializer(QualificationSerializer):
    """A conclusion and the answers behind it."""

    by = by_member()


class QualificationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Qualifications: concluded ones and those being filled in."""

    queryset = Qualification._base_manager.none()
    serializer_class = QualificationSerializer
    order = ("-begun_at", "-id")

    def create(self, request: Request) -> Response:
        """Conclude: positive → SQL, not now → nurturing, negative → disqualified."""
        answers: Any = self.told(NewQualificationSerializer)
        lead, by, outcome = (answers.pop(name) for name in ("lead", "by", "outcome"))
        told = qualifying.qualify_lead(
            lead, outcome=outcome, answers=answers, by=by, now=timezone.now()
        )
        return self.answer(told, status.HTTP_201_CREATED)


class QueueSerializer(serializers.Serializer[QueueEntry]):
    """One lead of the queue, with the moment something is due."""

    lead = serializers.UUIDField(source="lead.pk")
    name = serializers.CharField(source="lead.name")
    stage = serializers.CharField(source="lead.stage")
    owner = serializers.UUIDField(source="lead.owner_id", allow_null=True)
    score = serializers.IntegerField(source="lead.score", allow_null=True)
    lead_class = serializers.CharField(source="lead.lead_class")
    due_at = serializers.DateTimeField(allow_null=True)


class ClaimSerializer(serializers.Serializer[Any]):
    """Who claims, or hands back."""

    member = one_of(Member)


class ClaimedSerializer(serializers.Serializer[Any]):
    """The lead that was claimed; null when the pool was empty."""

    lead = serializers.UUIDField(allow_null=True)


class QueueViewSet(viewsets.GenericViewSet[Any]):
    """MQLs that nobody has claimed, most urgent first, and claiming them."""

    scopes = SCOPES
    queryset = Lead._base_manager.none()
    serializer_class = QueueSerializer
    pagination_class = None

    def list(self, request: Request) -> Response:
        """The pool."""
        waiting: Any = pool(now=timezone.now())
        return Response(QueueSerializer(waiting, many=True).data)

    @action(detail=False, methods=["post"])
    def next(self, request: Request) -> Response:
        """Claim the most urgent lead for a member; no two get the same one."""
        lead_id = claiming.claim_next(by=self._member(), now=timezone.now())
        return Response(ClaimedSerializer({"lead": lead_id}).data)

    @action(detail=True, methods=["post"])
    def claim(self, request: Request, pk: str) -> Response:
        """Claim this lead for a member; 409 names who was quicker."""
        lead = self._lead(pk)
        claiming.claim_lead(lead, by=self._member(), now=timezone.now())
        return Response(ClaimedSerializer({"lead": lead.pk}).data)

    @action(detail=True, methods=["post"], url_path="hand-back")
    def hand_back(self, request: Request, pk: str) -> Response:
        """Put the lead back into the pool."""
        claiming.hand_back(self._lead(pk), by=self._member(), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _member(self) -> Member:
        form = ClaimSerializer(data=self.request.data)
        form.is_valid(raise_exception=True)
        member: Member = form.validated_data["member"]
        return member

    def _lead(self, lead_id: str) -> Lead:
        key = serializers.UUIDField().run_validation(lead_id)
        lead: Lead = get_object_or_404(Lead.objects.select_related("owner"), pk=key)
        return lead


class AttemptSerializer(serializers.Serializer[Any]):
    """Somebody tried to reach a lead."""

    lead = one_of(Lead)
    kind = serializers.ChoiceField(choices=[each.value for each in ATTEMPTS])
    outcome = serializers.ChoiceField(choices=AttemptOutcome.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=1_000)
    next_step = serializers.CharField(required=False, allow_blank=True, max_length=200)
    next_step_at = serializers.DateTimeField(required=False, allow_null=True)
    key = serializers.CharField(required=False, max_length=100)
    by = by_member()


class AttemptViewSet(viewsets.GenericViewSet[Any]):
    """Attempts to reach leads; they are read on the timeline, as activities."""

    scopes = SCOPES
    queryset = Lead._base_manager.none()
    serializer_class = AttemptSerializer

    def create(self, request: Request) -> Response:
        """Log a call, an email, a voice message or a meeting."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        told = dict(form.validated_data)
        working.log_attempt(told.pop("lead"), **told, now=timezone.now())
        return Response(form.data, status=status.HTTP_201_CREATED)


class DealSerializer(serializers.ModelSerializer[Deal]):
    """A sale under way or decided; amount and margin in cents."""

    lead = one_of(Lead)

    class Meta:
        model = Deal
        exclude: tuple[str, ...] = ("workspace", "key")
        read_only_fields = ("company", "status", "owner", "opened_at", "closed_at", "reason")


class NewDealSerializer(DealSerializer):
    """Open a deal; the same `key` again opens no other."""

    key = serializers.CharField(required=False, max_length=100)
    by = by_member()

    class Meta(DealSerializer.Meta):
        exclude = ("workspace",)


class WonSerializer(serializers.Serializer[Any]):
    """What winning needs, in cents."""

    amount = serializers.IntegerField()
    margin = serializers.IntegerField()
    by = by_member()


class LostSerializer(serializers.Serializer[Any]):
    """What losing needs."""

    reason = serializers.CharField(max_length=300)
    by = by_member()


class DealViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Deals: opened for an SQL or a customer, corrected while open, won or lost."""

    queryset = Deal._base_manager.none()
    serializer_class = DealSerializer
    order = ("-opened_at", "-id")

    def create(self, request: Request) -> Response:
        """Open a deal."""
        told = {
            name: value
            for name, value in self.told(NewDealSerializer).items()
            if name in ("lead", "name", "amount", "margin", "expected_on", "key", "by")
        }
        deal = deals.open_deal(told.pop("lead"), **told, now=timezone.now())
        return self.answer(deal, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct an open deal; what is left out stays."""
        deal = self.get_object()
        form = self.get_serializer(deal, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        names = ("name", "amount", "margin", "expected_on")
        told = {name: form.validated_data.get(name, getattr(deal, name)) for name in names}
        deals.change_deal(deal, **told, by=None)
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    def win(self, request: Request, pk: str) -> Response:
        """Close as sold: the lead and the company become customers."""
        deals.win_deal(self.get_object(), **self.told(WonSerializer), now=timezone.now())
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    def lose(self, request: Request, pk: str) -> Response:
        """Close as lost, with a reason."""
        deals.lose_deal(self.get_object(), **self.told(LostSerializer), now=timezone.now())
        return self.answer(self.get_object())
