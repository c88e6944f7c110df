"""Training: giving content to people of customers, and noting what they did with it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext as _

from funnel.care.catalogue import CannotSaveCare
from funnel.models import Customer, Training, TrainingContent
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.workspaces.addresses import absolute
from leadmgmt.workspaces.models import Member
from leads.models import Lead

LENGTH = 32  # of an id, written without dashes


def give_content(
    content: TrainingContent, lead_ids: Iterable[UUID], *, by: Member | None, now: datetime
) -> int:
    """Give it to these people of customers; to how many of them it was new.

    Refuses content that is retired, and people who are of no customer.
    """
    ids = sorted(set(lead_ids))
    if content.retired_at is not None:
        sentence = _("“%s” is retired. Choose content that is in use.")
        raise CannotSaveCare(sentence % content, field="content")
    with transaction.atomic():
        refuse_strangers(ids)
        known = Training.objects.filter(content=content, lead__in=ids)
        fresh = set(ids) - set(known.values_list("lead_id", flat=True))
        rows = [
            Training(content=content, lead_id=each, given_at=now, given_by=by)
            for each in sorted(fresh)
        ]
        Training.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def note_seen(training: Training, *, now: datetime) -> None:
    """They opened it; the first time counts."""
    Training.objects.filter(pk=training.pk, seen_at=None).update(seen_at=now)


def note_done(training: Training, *, by: Member | None, now: datetime) -> None:
    """They are through with it, as they or (`by`) one of us says; the first time counts."""
    with transaction.atomic():
        note_seen(training, now=now)
        rows = Training.objects.filter(pk=training.pk, done_at=None)
        rows.update(done_at=now, done_by=by)


def note_not_done(training: Training) -> None:
    """They are not through with it after all."""
    Training.objects.filter(pk=training.pk).update(done_at=None, done_by=None)


def take_content_back(training: Training) -> None:
    """They were given it by mistake; refuses what is done, which is history."""
    Training.objects.filter(pk=training.pk, done_at=None).delete()
    if Training.objects.filter(pk=training.pk).exists():
        sentence = _("%(lead)s is through with “%(content)s”, so it stays on record.")
        told = {"lead": training.lead, "content": training.content}
        raise CannotSaveCare(sentence % told)


def link_of(training: Training) -> str:
    """Its public address: signed, so that none can be guessed or altered."""
    token = _signer().sign(f"{current_workspace_id().hex}{training.pk.hex}")
    return absolute(f"/learn/{token}/")


def named_by(token: str) -> tuple[UUID, UUID] | None:
    """Workspace and training a token of ours is about."""
    try:
        text = _signer().unsign(token)
        return UUID(text[:LENGTH]), UUID(text[LENGTH:])
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    return Signer(salt="training", sep=".")


def refuse_strangers(ids: Iterable[UUID]) -> None:
    """Training is for people of customers; refuses anybody else."""
    alone = Customer.objects.current().exclude(lead=None).values("lead")
    firms = Customer.objects.current().exclude(company=None).values("company")
    people = Lead.objects.filter(pk__in=list(ids))
    stranger = people.exclude(pk__in=alone).exclude(company__in=firms).first()
    if stranger is not None:
        sentence = _("%s is of no customer, and training is for customers.")
        raise CannotSaveCare(sentence % stranger, field="lead")
