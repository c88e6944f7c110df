"""Playbooks over the API."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions.playbook_drafts import (
    DraftSavedMeanwhile,
    discard_draft,
    publish_draft,
    save_draft,
)
from funnel.actions.playbooks import NewPlaybook, publish_playbook
from funnel.api.agreeing import DifferenceSerializer
from funnel.api.rows import OfWorkspace
from funnel.models import DispositionKind, Playbook, PlaybookDraft
from funnel.playbook import Demand, Question
from funnel.queries.playbook_changes import changes_of
from funnel.queries.playbooks import draft_now, playbook_in_force, reasons_of
from leads.api.fields import by_member
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination
from leads.api.tags import IF_MATCH


class PlaybookQuestionSerializer(serializers.Serializer[Any]):
    """One question; without a key it is new."""

    key = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    label = serializers.CharField(max_length=120)  # type: ignore[assignment]  # a field, no caption
    hint = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")
    in_favour = serializers.ChoiceField(choices=("yes", "no"), default="yes")
    demand = serializers.ChoiceField(
        choices=[each.value for each in Demand], allow_blank=True, default=""
    )
    is_dated = serializers.BooleanField(default=False)
    is_retired = serializers.BooleanField(default=False)


class PlaybookSerializer(serializers.ModelSerializer[Playbook]):
    """One version: `reasons` by kind, each with its key and its words."""

    questions = PlaybookQuestionSerializer(many=True)
    reasons = serializers.DictField(child=serializers.ListField(child=serializers.DictField()))

    class Meta:
        model = Playbook
        exclude = ("workspace",)


class NewPlaybookSerializer(serializers.Serializer[Any]):
    """What is to be in force; questions left out are retired. `reasons`: kind → words."""

    questions = PlaybookQuestionSerializer(many=True)
    reasons = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=100), max_length=50),
        required=False,
    )
    least_in_favour = serializers.IntegerField(min_value=0, max_value=100, default=0)
    needs_authorised = serializers.BooleanField(default=True)
    cool_off_days = serializers.IntegerField(min_value=0, max_value=9_999, default=30)
    reason = serializers.CharField(max_length=300)
    after = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    by = by_member()


class NewPlaybookDraftSerializer(NewPlaybookSerializer):
    """The next version as far as it is written; why it changes may be said later."""

    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    after = None  # type: ignore[assignment]  # it is written from what is in force


class PlaybookDraftSerializer(serializers.ModelSerializer[PlaybookDraft]):
    """What is to be the next version; `after`: the version it was written from.

    `changes`: what it changes against what is in force now, in words.
    """

    questions = PlaybookQuestionSerializer(many=True)
    reasons = serializers.DictField(child=serializers.ListField(child=serializers.DictField()))
    changes = serializers.SerializerMethodField()

    class Meta:
        model = PlaybookDraft
        exclude = ("workspace", "id")

    @extend_schema_field(DifferenceSerializer(many=True))
    def get_changes(self, draft: PlaybookDraft) -> Any:
        """Questions, their order, the rule, the reasons."""
        return DifferenceSerializer(changes_of(playbook_in_force(), draft), many=True).data


class PublishPlaybookSerializer(StrictFields):
    """Why the playbook changes, and who says so."""

    reason = serializers.CharField(max_length=300)
    by = by_member()


class NewestPlaybooks(KeysetPagination):
    """The newest first."""

    order = ("-version", "-id")


class PlaybookViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """What is asked, by which rule, and for which reasons leads are sent back; in versions."""

    queryset = Playbook._base_manager.none()
    serializer_class = PlaybookSerializer
    pagination_class = NewestPlaybooks
    filter_backends: Any = ()

    @extend_schema(request=NewPlaybookSerializer, responses={201: PlaybookSerializer})
    def create(self, request: Request) -> Response:
        """Publish a version; 409 when there is one later than `after`."""
        told = self.told(NewPlaybookSerializer)
        rest = {name: told.pop(name) for name in ("reason", "after", "by") if name in told}
        made = publish_playbook(_new(told), now=timezone.now(), **rest)
        return self.answer(made, status.HTTP_201_CREATED)

    @extend_schema(responses=PlaybookSerializer)
    @action(detail=False)
    def current(self, request: Request) -> Response:
        """The version in force; version 0 is the usual one, which nobody has changed."""
        return self.answer(playbook_in_force())

    @extend_schema(
        methods=["GET"], responses=PlaybookDraftSerializer, operation_id="playbooks_draft_retrieve"
    )
    @extend_schema(
        methods=["PUT"],
        request=NewPlaybookDraftSerializer,
        responses=PlaybookDraftSerializer,
        parameters=[IF_MATCH],
        operation_id="playbooks_draft_save",
    )
    @extend_schema(
        methods=["DELETE"], responses={204: None}, operation_id="playbooks_draft_discard"
    )
    @action(detail=False, methods=["get", "put", "delete"], pagination_class=None)
    def draft(self, request: Request) -> Response:
        """What is to be the next version; PUT writes it, DELETE throws it away.

        Nobody is asked by it before it is published; 412 when If-Match names another revision.
        """
        if request.method == "DELETE":
            discard_draft()
            return Response(status=status.HTTP_204_NO_CONTENT)
        if request.method == "PUT":
            told = self.told(NewPlaybookDraftSerializer)
            rest = {name: told.pop(name) for name in ("reason", "by")}
            save_draft(_new(told), now=timezone.now(), seen=_seen(request), **rest)
        found = draft_now()
        if found is None:
            raise NotFound(_("There is no draft; send one first."))
        headers = {"ETag": f'"{found.revision}"'}
        return Response(PlaybookDraftSerializer(found).data, headers=headers)

    @extend_schema(
        request=PublishPlaybookSerializer,
        responses={201: PlaybookSerializer},
        parameters=[IF_MATCH],
        operation_id="playbooks_draft_publish",
    )
    @action(detail=False, methods=["post"], url_path="draft/publish", pagination_class=None)
    def draft_publish(self, request: Request) -> Response:
        """Put the draft in force; 409 when a later version than it was written from is."""
        told = self.told(PublishPlaybookSerializer)
        made = publish_draft(**told, now=timezone.now(), seen=_seen(request))
        return self.answer(made, status.HTTP_201_CREATED)


def _new(told: dict[str, Any]) -> NewPlaybook:
    told["questions"] = [Question(**each) for each in told["questions"]]
    told.setdefault("reasons", _reasons_now())
    return NewPlaybook(**told)


def _seen(request: Request) -> int | None:
    """The revision that `If-Match` names."""
    asked = request.headers.get("If-Match", "").strip()
    if not asked or asked == "*":
        return None
    number = asked.removeprefix("W/").strip('"')
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise DraftSavedMeanwhile(
            _("%(tag)s is no ETag of the draft; read it again.") % {"tag": asked[:40]}
        )
    return int(number)


def _reasons_now() -> dict[str, list[str]]:
    playbook = playbook_in_force()
    return {
        kind: [each.words for each in reasons_of(playbook, kind)] for kind in DispositionKind.values
    }
