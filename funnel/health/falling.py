"""Who hears of customers that fare worse than before: one notice for each of them and batch."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from funnel.customers.owning import NOTICE
from funnel.models import Customer, Health
from leadmgmt.workspaces.actions.notices import NewNotice, give_notices
from leadmgmt.workspaces.models import Member
from leadmgmt.workspaces.staff import leading_members

RANK = {"": 0, Health.GOOD.value: 0, Health.WATCH.value: 1, Health.AT_RISK.value: 2}


@dataclass(frozen=True)
class Moved:
    """A customer whose health has changed."""

    id: UUID
    owner_id: UUID | None
    was: str
    health: str
    why: str

    @property
    def has_fallen(self) -> bool:
        """It fares worse than before."""
        return RANK[self.health] > RANK[self.was]


def tell_fallen(moved: Sequence[Moved], *, now: datetime) -> None:
    """Tell owners of customers that have fallen; where there is none any more, the managers."""
    fallen = [each for each in moved if each.has_fallen]
    if not fallen:
        return
    owners = _present({each.owner_id for each in fallen if each.owner_id})
    whose = _by_person(fallen, owners)
    names = _names([rows[0].id for rows in whose.values() if len(rows) == 1])
    give_notices([_notice(member, rows, names, now) for member, rows in whose.items()], now=now)


def _present(ids: set[UUID]) -> frozenset[UUID]:
    rows = Member.objects.present().filter(pk__in=ids) if ids else Member.objects.none()
    return frozenset(rows.values_list("id", flat=True))


def _by_person(fallen: Sequence[Moved], owners: frozenset[UUID]) -> Mapping[UUID, list[Moved]]:
    whose: dict[UUID, list[Moved]] = defaultdict(list)
    is_any_nobodys = any(each.owner_id not in owners for each in fallen)
    leading = leading_members() if is_any_nobodys else ()
    for each in fallen:
        told = (each.owner_id,) if each.owner_id in owners else leading
        for member in told:
            if member is not None:
                whose[member].append(each)
    return whose


def _names(ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = Customer.objects.filter(pk__in=ids).prefetch_related("company", "lead")
    return {each.pk: each.name for each in rows} if ids else {}


def _notice(
    member: UUID, rows: Sequence[Moved], names: Mapping[UUID, str], now: datetime
) -> NewNotice:
    """Of one customer what happened to it; of many how many, and the list with the worst first.

    It names nobody then: who is erased later is not looked for in it.
    """
    first = rows[0]
    key = f"health {first.id} {now.isoformat()}"
    if len(rows) == 1:
        health = str(Health(first.health).label).lower()
        told = {"customer": names[first.id], "health": health, "why": first.why}
        text = _("%(customer)s is now: %(health)s. %(why)s.") % told
        return NewNotice(member, NOTICE, text, f"customers/{first.id}/", key)
    are_own = all(each.owner_id == member for each in rows)
    path = "customers/?owner=me" if are_own else "customers/"
    return NewNotice(member, NOTICE, _many(rows), path, key)


def _many(rows: Sequence[Moved]) -> str:
    worst = sum(each.health == Health.AT_RISK for each in rows)
    if not worst:
        return _("%d customers fare worse now.") % len(rows)
    sentence = ngettext(
        "%(count)d customers fare worse now, %(worst)d of them is at risk.",
        "%(count)d customers fare worse now, %(worst)d of them are at risk.",
        worst,
    )
    return sentence % {"count": len(rows), "worst": worst}
