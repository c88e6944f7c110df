"""What became of letters, beside the trainings they are about."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from funnel.models import Training, TrainingLetter


def with_letters(trainings: QuerySet[Any]) -> QuerySet[Any]:
    """The same with their letters, in one statement more."""
    letters = TrainingLetter.objects.order_by("-number").select_related("asked_by")
    return trainings.prefetch_related(Prefetch("letters", letters))


def last_letter_of(training: Training) -> TrainingLetter | None:
    """The last one, of a training that was asked for with its letters."""
    found: Any = training
    letters = list(found.letters.all())
    return letters[0] if letters else None
