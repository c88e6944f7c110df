"""Conditions over the API: what can be asked, whether it is right, whom it finds, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope
from leads.api.leads import StrictFields
from leads.api.reading import StrictJSONParser
from leads.conditions import (
    Condition,
    Explained,
    Field,
    WrongCondition,
    count_leads,
    explain,
    kinds_of_fact,
    known_fields,
    parse,
    read_aloud,
)
from leads.conditions.operators import OPERATORS, TESTS_OF
from leads.kinds import Kind
from leads.models import Lead

MOST_EXPLAINED = 100
PATIENCE = 5_000  # milliseconds


class ConditionSerializer(StrictFields):
    """A condition to look at."""

    condition = serializers.DictField(
        help_text='A tree such as `{"all": [{"field": "country", "is": "India"}]}`.'
    )


class ConditionExplainSerializer(ConditionSerializer):
    """A condition, and whom to explain it for."""

    leads = serializers.ListField(
        child=serializers.UUIDField(), allow_empty=False, max_length=MOST_EXPLAINED
    )


class WrongConditionSerializer(serializers.Serializer[Any]):
    """What is wrong, and where: the way to the part, as `all.0.is`."""

    place = serializers.CharField()
    sentence = serializers.CharField()


class ConditionFactsSerializer(serializers.Serializer[Any]):
    """Which facts can change the answer; `is_timed`: days passing can."""

    activities = serializers.ListField(child=serializers.CharField())
    fields = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]
    segments = serializers.ListField(child=serializers.UUIDField())
    is_timed = serializers.BooleanField()


class ConditionValidatedSerializer(serializers.Serializer[Any]):
    """Whether it can be understood: how it reads, or what is wrong with it."""

    is_valid = serializers.BooleanField()  # type: ignore[assignment]
    reading = serializers.CharField()
    problem = WrongConditionSerializer(allow_null=True)
    facts = ConditionFactsSerializer(allow_null=True)


class ConditionCountedSerializer(serializers.Serializer[Any]):
    """How many leads now; `count` is null when counting took too long."""

    reading = serializers.CharField()
    count = serializers.IntegerField(allow_null=True)
    sample = serializers.ListField(child=serializers.UUIDField(), help_text="Up to ten of them.")


class ConditionPartSerializer(serializers.Serializer[Any]):
    """One part of a condition, whether it holds, and its own parts."""

    sentence = serializers.CharField()
    is_holding = serializers.BooleanField()
    parts = serializers.ListField(child=serializers.DictField())


class LeadExplainedSerializer(ConditionPartSerializer):
    """The verdict for one lead."""

    lead = serializers.UUIDField()


class ConditionExplainedSerializer(serializers.Serializer[Any]):
    """A verdict for each lead that exists, in the order asked for."""

    results = LeadExplainedSerializer(many=True)


class ConditionWordSerializer(serializers.Serializer[Any]):
    """A value as it stands in a tree, and how it reads."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class ConditionOperatorSerializer(serializers.Serializer[Any]):
    """A test: its name, how it reads, and what stands behind it."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    takes = serializers.CharField()


class ConditionFieldSerializer(serializers.Serializer[Any]):
    """Something one can ask about, with its tests; `refers_to` says what its ids are ids of."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    about = serializers.CharField()
    kind = serializers.CharField()
    refers_to = serializers.CharField(allow_null=True)
    unit = serializers.CharField(allow_blank=True, help_text="Such as %.")
    choices = ConditionWordSerializer(many=True)
    operators = ConditionOperatorSerializer(many=True)


class ConditionVocabularySerializer(serializers.Serializer[Any]):
    """All that a condition can speak of in this workspace."""

    fields = ConditionFieldSerializer(many=True)  # type: ignore[assignment]
    activities = ConditionWordSerializer(many=True)


class ConditionViewSet(GenericViewSet[Any]):
    """Asking about conditions; nothing is stored."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.LEADS_READ}
    parser_classes = (StrictJSONParser,)
    queryset = Lead._base_manager.none()
    serializer_class = ConditionSerializer
    pagination_class = None

    @extend_schema(request=ConditionSerializer, responses=ConditionValidatedSerializer)
    @action(detail=False, methods=["post"])
    def validate(self, request: Request) -> Response:
        """Whether a condition can be understood; a wrong one is an answer here, not an error."""
        tree = _sent(ConditionSerializer, request)["condition"]
        try:
            condition = parse(tree)
        except WrongCondition as wrong:
            problem = {"place": wrong.field, "sentence": wrong.sentence}
            told = {"is_valid": False, "reading": "", "problem": problem, "facts": None}
            return Response(told)
        facts = kinds_of_fact(condition).as_json()
        reading = read_aloud(condition)
        return Response({"is_valid": True, "reading": reading, "problem": None, "facts": facts})

    @extend_schema(request=ConditionSerializer, responses=ConditionCountedSerializer)
    @action(detail=False, methods=["post"])
    def count(self, request: Request) -> Response:
        """How many leads it finds now, and some of them; gives up after five seconds."""
        condition = parse(_sent(ConditionSerializer, request)["condition"])
        found = count_leads(condition, timezone.now(), within_ms=PATIENCE)
        told = {"count": found.count, "sample": found.sample}
        return Response({"reading": read_aloud(condition), **told})

    @extend_schema(request=ConditionExplainSerializer, responses=ConditionExplainedSerializer)
    @action(detail=False, methods=["post"])
    def explain(self, request: Request) -> Response:
        """Which parts of it hold for these leads; unknown ids are left out."""
        sent = _sent(ConditionExplainSerializer, request)
        return Response({"results": _explained(parse(sent["condition"]), sent["leads"])})

    @extend_schema(responses=ConditionVocabularySerializer)
    @action(detail=False, methods=["get"])
    def vocabulary(self, request: Request) -> Response:
        """Fields with their tests and choices, and kinds of activity."""
        fields = [_field(each) for each in known_fields(with_lent=True).values()]
        activities = [{"value": value, "label": str(label)} for value, label in Kind.choices]
        return Response({"fields": fields, "activities": activities})


def _sent(serializer: type[ConditionSerializer], request: Request) -> Mapping[str, Any]:
    form = serializer(data=request.data)
    form.is_valid(raise_exception=True)
    sent: Mapping[str, Any] = form.validated_data
    return sent


def _explained(condition: Condition, lead_ids: Sequence[Any]) -> list[dict[str, Any]]:
    found = explain(condition, lead_ids, timezone.now())
    wanted = dict.fromkeys(each for each in lead_ids if each in found)
    return [{"lead": str(each), **_part(found[each])} for each in wanted]


def _part(part: Explained) -> dict[str, Any]:
    parts = [_part(each) for each in part.parts]
    return {"sentence": part.sentence, "is_holding": part.is_holding, "parts": parts}


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": str(field.label),
        "about": field.about,
        "kind": field.kind,
        "refers_to": field.noun,
        "unit": field.unit,
        "choices": [{"value": value, "label": str(label)} for value, label in field.choices],
        "operators": [_operator(name) for name in TESTS_OF[field.kind]],
    }


def _operator(name: str) -> dict[str, Any]:
    label, shape = OPERATORS[name]
    return {"name": name, "label": str(label), "takes": shape}
