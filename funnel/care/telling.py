"""What lists and the page of a customer tell of onboarding, training and renewals."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from funnel.care.teaching import link_of
from funnel.customers.telling import people_of_customer
from funnel.mailing.telling import last_letter_of, with_letters
from funnel.models import (
    ChecklistItem,
    Customer,
    Deal,
    DealStatus,
    ItemState,
    Renewal,
    RenewalState,
    Training,
    TrainingContent,
    TrainingLetter,
)

MOST_SETTLED = 5
MOST_TRAININGS = 100
MOST_PEOPLE = 200


@dataclass(frozen=True)
class Progress:
    """How far a customer's onboarding is; skipped steps count nowhere."""

    done: int = 0
    total: int = 0
    overdue: int = 0

    @property
    def is_over(self) -> bool:
        """Nothing is left to do."""
        return self.done == self.total


def progress_of(customer_ids: Iterable[UUID], today: date) -> dict[UUID, Progress]:
    """By customer; those without a checklist are left out. One statement."""
    is_open = Q(state=ItemState.OPEN)
    rows = (
        ChecklistItem.objects.filter(customer__in=list(customer_ids))
        .values("customer_id")
        .annotate(
            done=Count("id", filter=Q(state=ItemState.DONE)),
            left=Count("id", filter=is_open),
            late=Count("id", filter=is_open & Q(due_on__lt=today)),
        )
        .order_by()
    )
    return {
        row["customer_id"]: Progress(row["done"], row["done"] + row["left"], row["late"])
        for row in rows
    }


def next_renewals_of(customer_ids: Iterable[UUID]) -> dict[UUID, Renewal]:
    """The planned renewal of each customer that is due first; without any left out."""
    rows = Renewal.objects.planned().filter(customer__in=list(customer_ids))
    first = rows.order_by("customer_id", "due_on", "id").distinct("customer_id")
    return {each.customer_id: each for each in first}


def next_steps_of(customer_ids: Iterable[UUID]) -> dict[UUID, ChecklistItem]:
    """The open onboarding step of each customer that is due first; without any left out."""
    rows = ChecklistItem.objects.filter(customer__in=list(customer_ids), state=ItemState.OPEN)
    first = rows.order_by("customer_id", "due_on", "created_at", "id").distinct("customer_id")
    return {each.customer_id: each for each in first}


class Cared(NamedTuple):
    """A customer in a list, with what comes next."""

    customer: Customer
    progress: Progress | None
    renewal: Renewal | None


def with_care(customers: Sequence[Customer], today: date) -> list[Cared]:
    """Beside each customer its onboarding and its next renewal; two statements for all."""
    ids = [each.pk for each in customers]
    progress, renewals = progress_of(ids, today), next_renewals_of(ids)
    return [Cared(each, progress.get(each.pk), renewals.get(each.pk)) for each in customers]


def checklist_panel(customer: Customer) -> dict[str, Any]:
    """What is done and what is left, in the order of its days, with the content for each step."""
    today = timezone.localdate()
    items = list(ChecklistItem.objects.filter(customer=customer).select_related("settled_by")
                 .order_by("due_on", "created_at", "id"))  # fmt: skip
    open_ones = [each for each in items if each.state == ItemState.OPEN]
    done = sum(each.state == ItemState.DONE for each in items)
    offered = _contents_for(open_ones)
    return {
        "items": [(each, offered.get(each.step_id, ())) for each in items],
        "today": today,
        "progress": Progress(
            done, done + len(open_ones), sum(each.due_on < today for each in open_ones)
        ),
    }


def _contents_for(items: Sequence[ChecklistItem]) -> dict[UUID | None, list[TrainingContent]]:
    """What can be given with the steps that are to do, by step."""
    steps = {each.step_id for each in items if each.step_id}
    found: dict[UUID | None, list[TrainingContent]] = defaultdict(list)
    for content in contents_in_use().filter(step__in=steps) if steps else ():
        found[content.step_id].append(content)
    return found


@dataclass(frozen=True)
class Given:
    """Content somebody of the customer has, with the link they open it by."""

    training: Training
    link: str
    letter: TrainingLetter | None


def training_panel(customer: Customer) -> dict[str, Any]:
    """Who has which content, and what they did with it, the latest first."""
    theirs = people_of_customer(customer).order_by().values("id")
    rows = Training.objects.filter(lead__in=theirs).select_related("content", "lead")
    latest = with_letters(rows).order_by("-given_at", "-id")[:MOST_TRAININGS]
    given = [Given(each, link_of(each), last_letter_of(each)) for each in latest]
    done = sum(each.training.done_at is not None for each in given)
    return {"given": given, "done": done}


@dataclass(frozen=True)
class Coming:
    """A renewal with the repeat deal it was taken up with, if that is still to be seen."""

    renewal: Renewal
    deal: Deal | None
    today: date

    @property
    def is_overdue(self) -> bool:
        """Planned for a day that has passed."""
        return self.renewal.state == RenewalState.PLANNED and self.renewal.due_on < self.today

    @property
    def days_left(self) -> int:
        """Until it is due; less than none when it is late."""
        return (self.renewal.due_on - self.today).days

    @property
    def is_asleep(self) -> bool:
        """Put off until a day to come."""
        until = self.renewal.snoozed_until
        return until is not None and until > self.today

    @property
    def is_under_way(self) -> bool:
        """A repeat deal is open for it."""
        return self.deal is not None and self.deal.status == DealStatus.OPEN

    @property
    def has_lost_deal(self) -> bool:
        """Its repeat deal was lost, and nobody has said what becomes of the renewal."""
        return self.deal is not None and self.deal.status == DealStatus.LOST


def coming(renewals: Sequence[Renewal], today: date) -> list[Coming]:
    """Renewals with their deals, in one statement more."""
    ids = [each.deal_id for each in renewals if each.deal_id]
    deals = {each.pk: each for each in Deal.objects.filter(pk__in=ids)} if ids else {}
    return [Coming(each, deals.get(each.deal_id), today) for each in renewals]


def renewals_panel(customer: Customer) -> dict[str, Any]:
    """What is planned, the nearest first, and what came of the last ones."""
    rows = Renewal.objects.filter(customer=customer).select_related("settled_by")
    planned = rows.filter(state=RenewalState.PLANNED).order_by("due_on", "id")
    settled = rows.exclude(state=RenewalState.PLANNED).order_by("-settled_at", "-id")
    found = [*planned[:MOST_TRAININGS], *settled[:MOST_SETTLED]]
    return {"renewals": coming(found, timezone.localdate())}


def people_to_teach(customer: Customer) -> Any:
    """Whom content can be given to."""
    return people_of_customer(customer)


def contents_in_use() -> Any:
    """What can be given, by title."""
    return TrainingContent.objects.in_use().order_by("title", "id")
