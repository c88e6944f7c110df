"""Onboarding steps: added, changed, put in order, retired."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funnel.actions.pipelines import lock_pipelines as lock_workspace
from funnel.care.catalogue import CannotSaveCare, refuse_beyond, refuse_unknown, write
from funnel.models import Doer, OnboardingStep
from leads import normalising

MOST_STEPS = 40
MOST_DAYS = 730
LONGEST = {"name": 120, "hint": 500}

USUAL: tuple[tuple[Any, Any, int, str], ...] = (
    (
        gettext_lazy("Welcome call"),
        gettext_lazy("Say who looks after them, and agree on what they want to reach first."),
        2,
        Doer.OWNER,
    ),
    (
        gettext_lazy("Access for everybody"),
        gettext_lazy("Everybody who will use it can log in."),
        5,
        Doer.OWNER,
    ),
    (
        gettext_lazy("First training"),
        gettext_lazy("Show the people who use it every day how it is done."),
        14,
        Doer.OWNER,
    ),
    (
        gettext_lazy("First result"),
        gettext_lazy("They reached by themselves what they bought it for."),
        30,
        Doer.CUSTOMER,
    ),
    (
        gettext_lazy("Look back"),
        gettext_lazy("What went well, what is missing, who else could use it?"),
        60,
        Doer.MANAGER,
    ),
)


def start_steps() -> int:
    """Give a workspace without onboarding steps the usual ones; how many."""
    with transaction.atomic():
        lock_workspace()
        if OnboardingStep.objects.exists():
            return 0
        for name, hint, due_days, doer in USUAL:
            add_step(name=str(name), hint=str(hint), due_days=due_days, doer=doer)
    return len(USUAL)


def add_step(
    *, name: str, hint: str = "", due_days: int = 7, doer: str = Doer.OWNER
) -> OnboardingStep:
    """One more step, at the end; customers who are being onboarded do not get it.

    Refuses a name that is missing or taken, days out of range, and more than anybody does.
    """
    with transaction.atomic():
        lock_workspace()
        step = OnboardingStep(position=_next_position())
        values = {"name": name, "hint": hint, "due_days": due_days, "doer": doer}
        write(step, _sound(values))
    return step


def change_step(step: OnboardingStep, *, changes: Mapping[str, Any]) -> None:
    """Change what is named for customers to come; checklists that run stay as they are."""
    write(step, _sound(changes))


def shift_step(step: OnboardingStep, *, to: int) -> None:
    """Put it at the place `to` among those in use, 0 for the first; beyond the end is the end."""
    with transaction.atomic():
        lock_workspace()
        others = OnboardingStep.objects.in_use().exclude(pk=step.pk).order_by("position", "id")
        order = list(others)
        order.insert(max(0, to), step)
        for position, each in enumerate(order):
            each.position = position
        OnboardingStep.objects.bulk_update(order, ["position"])


def retire_step(step: OnboardingStep, *, now: datetime) -> None:
    """Give it to no new customer; those who have it keep it."""
    OnboardingStep.objects.in_use().filter(pk=step.pk).update(retired_at=now)


def restore_step(step: OnboardingStep) -> None:
    """Give it to new customers again, at the end of the list."""
    with transaction.atomic():
        lock_workspace()
        known = OnboardingStep.objects.filter(pk=step.pk).exclude(retired_at=None)
        if known.exists():
            known.update(position=_next_position(), retired_at=None)


def _sound(values: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(values)
    for name in LONGEST.keys() & made.keys():
        made[name] = normalising.plain_text(made[name], field=name, most=LONGEST[name])
    if not made.get("name", "x"):
        raise CannotSaveCare(_("An onboarding step needs a name."), field="name")
    refuse_beyond("due_days", made.get("due_days"), 0, MOST_DAYS)
    if "doer" in made:
        refuse_unknown("doer", made["doer"], Doer)
    return made


def _next_position() -> int:
    if OnboardingStep.objects.in_use().count() >= MOST_STEPS:
        sentence = _("There are %d onboarding steps already, which is the most allowed.")
        raise CannotSaveCare(sentence % MOST_STEPS)
    last = OnboardingStep.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1
