"""What comes next with customers: their onboarding and their next renewal, over the API."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from funnel.care.telling import Progress, next_renewals_of, next_steps_of, progress_of
from funnel.models import ChecklistItem, Renewal


class NextOnboardingStepSerializer(serializers.ModelSerializer[ChecklistItem]):
    """The open step that is due first; more of it at `checklist-items/{id}/`."""

    class Meta:
        model = ChecklistItem
        fields = ("id", "name", "due_on", "doer")


class OnboardingSerializer(serializers.Serializer[Any]):
    """`done` of `total` steps, `overdue` of those that are open; skipped steps count nowhere."""

    done = serializers.IntegerField(source="progress.done")
    total = serializers.IntegerField(source="progress.total")
    overdue = serializers.IntegerField(source="progress.overdue")
    next = NextOnboardingStepSerializer(source="step", allow_null=True)


class NextRenewalSerializer(serializers.ModelSerializer[Renewal]):
    """The planned renewal that is due first; more of it at `renewals/{id}/`."""

    class Meta:
        model = Renewal
        fields = ("id", "what", "due_on", "amount", "margin", "snoozed_until")


class Outlook(NamedTuple):
    """What comes next with one customer; no `progress` without a checklist."""

    progress: Progress | None
    step: ChecklistItem | None
    renewal: Renewal | None


def outlooks_of(customer_ids: Iterable[UUID]) -> dict[UUID, Outlook]:
    """By customer; three statements for all."""
    ids = list(customer_ids)
    progress, renewals = progress_of(ids, timezone.localdate()), next_renewals_of(ids)
    steps = next_steps_of(ids)
    return {id: Outlook(progress.get(id), steps.get(id), renewals.get(id)) for id in ids}
