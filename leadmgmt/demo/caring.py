"""How customers are looked after: onboarding, training, and what they will buy again.

Everybody who bought within the year has a checklist; old ones are done, with a step forgotten here
and there. Licences run for a year, support for three months.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from funnel.care.checklists import START
from funnel.care.contents import add_content
from funnel.care.planning import next_reminder, snooze_renewal
from funnel.care.renewing import lose_renewal
from funnel.care.steps import start_steps
from funnel.models import Customer, Deal, OnboardingStep, Renewal, TrainingContent
from funnel.models.renewals import USUAL_DAYS
from leadmgmt.kernel.sql import execute
from leadmgmt.workspaces.models import Member

DAY = timedelta(days=1)
YEAR, SUPPORT = 12, 3
WHOLE = 3  # digits of cents
BEING_ONBOARDED, BEGUN = 6, 20 * DAY
CONTENTS = (
    ("First steps", "video", "https://example.com/learn/first-steps", 12, "Access for everybody"),
    ("Import your people", "article", "https://example.com/learn/import", 8, ""),
    ("The first report", "video", "https://example.com/learn/report", 15, "First training"),
    ("Course for planners", "course", "https://example.com/learn/planners", 90, "First training"),
    ("What good looks like", "webinar", "https://example.com/learn/good", 45, "First result"),
)

# What is long due is done a day or so before it was; of what is just due, most.
DONE = """
UPDATE funnel_checklistitem AS item SET state = 'done', settled_by_id = customer.owner_id,
    settled_at = least(%(now)s - interval '2 hours',
        item.due_on - (abs(hashtext(item.id::text)) %% 3) * interval '1 day' + interval '10 hours')
FROM funnel_customer AS customer
WHERE item.workspace_id = %(workspace)s AND customer.workspace_id = %(workspace)s
  AND customer.id = item.customer_id AND item.due_on <= %(today)s
  AND (item.due_on < %(today)s::date - 45 OR abs(hashtext(item.id::text)) %% 5 > 0)
"""
SKIPPED = """
UPDATE funnel_checklistitem SET state = 'skipped', settled_at = %(now)s - interval '3 days',
    settled_by_id = %(by)s::uuid, reason = 'They came from a branch that works with it already'
WHERE workspace_id = %(workspace)s AND id IN (
    SELECT id FROM funnel_checklistitem WHERE workspace_id = %(workspace)s
      AND state = 'open' AND due_on > %(today)s ORDER BY due_on, id LIMIT 2)
"""

# Of each new customer, the one who bought; opened within two days by most, finished by some.
TAUGHT = """
INSERT INTO funnel_training (workspace_id, content_id, lead_id, given_at, given_by_id, seen_at,
    done_at, done_by_id)
SELECT lead.workspace_id, content.id, lead.id, given.at, lead.owner_id,
    CASE WHEN dice.n > 2 AND given.at + interval '2 days' < %(now)s
        THEN given.at + interval '30 hours' END,
    CASE WHEN dice.n > 5 AND given.at + interval '4 days' < %(now)s
        THEN given.at + interval '3 days' END, NULL
FROM (
    SELECT * FROM leads_lead WHERE workspace_id = %(workspace)s AND stage = 'customer'
    ORDER BY stage_entered_at DESC, id LIMIT 40
) AS lead
JOIN funnel_trainingcontent AS content ON content.workspace_id = %(workspace)s
CROSS JOIN LATERAL (
    SELECT abs(hashtext(lead.id::text || content.id::text)) %% 10 AS n
) AS dice
CROSS JOIN LATERAL (SELECT lead.stage_entered_at + (1 + dice.n) * interval '1 day' AS at) AS given
WHERE dice.n > 1 AND given.at < %(now)s
ON CONFLICT DO NOTHING
"""


def care_for_customers(members: Mapping[str, UUID], *, now: datetime) -> None:
    """Onboard the customers of the year, teach them, and plan what they will buy again."""
    start_steps()
    since = now - timedelta(days=370)
    OnboardingStep.objects.update(created_at=since)
    _write_contents(since)
    today = timezone.localdate(now)
    manager = Member.objects.get(pk=members["manager"])
    newest = list(Customer.objects.current().order_by("-since", "id"))
    slow = [each.pk for each in newest[:BEING_ONBOARDED] if each.since < now - BEGUN]
    execute(START, ids=slow, now=now, from_on=today - BEGUN, since=None)
    execute(START, ids=[each.pk for each in newest], now=now, from_on=None, since=since)
    execute(DONE, now=now, today=today)
    execute(SKIPPED, now=now, today=today, by=manager.pk)
    execute(TAUGHT, now=now)
    _plan(today, now)
    _work_on(manager, today, now)


def _write_contents(since: datetime) -> None:
    steps = {each.name: each for each in OnboardingStep.objects.all()}
    for title, kind, address, minutes, step in CONTENTS:
        add_content(title=title, kind=kind, address=address, minutes=minutes, step=steps.get(step))
    TrainingContent.objects.update(created_at=since)


def _plan(today: date, now: datetime) -> None:
    """A licence for each; support for every third one with more than a small deal."""
    rows: list[Renewal] = []
    for nth, customer in enumerate(_customers()):
        each = customer.revenue // max(1, customer.deals_won)
        share = customer.margin / customer.revenue if customer.revenue else 0.5
        rows.append(_renewal(customer, "Licence", YEAR, each, share, today, now))
        if nth % 3 == 0:
            rows.append(_renewal(customer, "Support", SUPPORT, each // 10, 0.7, today, now))
    Renewal.objects.bulk_create([row for row in rows if row.amount])


def _renewal(
    customer: Customer,
    what: str,
    months: int,
    amount: int,
    share: float,
    today: date,
    now: datetime,
) -> Renewal:
    bought = timezone.localdate(customer.last_bought_at or customer.since)
    due_on = bought + timedelta(days=round(months * 30.4))
    while due_on < today - 9 * DAY:
        due_on += timedelta(days=round(months * 30.4))
    made = Renewal(
        customer=customer,
        what=what,
        months=months,
        due_on=due_on,
        amount=round(amount, -WHOLE),
        margin=round(amount * share, -WHOLE),
        planned_at=min(now, customer.since + DAY),
        planned_by=customer.owner,
    )
    made.remind_on = next_reminder(made, today, USUAL_DAYS)
    return made


def _work_on(manager: Member, today: date, now: datetime) -> None:
    """One is lost, one waits, one is late; about another one they talk already."""
    near = Renewal.objects.planned().filter(due_on__gte=today).order_by("due_on", "id")
    for renewal in near[:1]:
        why = "They merged with a firm that has a system"
        lose_renewal(renewal, reason=why, by=manager, now=now)
    for renewal in near[:1]:
        snooze_renewal(renewal, until=today + 6 * DAY, by=None, now=now)
    late = near.values_list("pk", flat=True)[2:3]
    Renewal.objects.filter(pk__in=list(late)).update(due_on=today - 4 * DAY, remind_on=None)
    deals = {each.company_id: each for each in Deal.objects.open().exclude(company=None)}
    talked = near.filter(customer__company__in=list(deals)).select_related("customer").first()
    if talked:
        talked.deal_id = deals[talked.customer.company_id].pk
        talked.save(update_fields=["deal_id"])


def _customers() -> "QuerySet[Customer]":
    rows: QuerySet[Customer] = Customer.objects.current().filter(deals_won__gt=0)
    return rows.select_related("owner").order_by("since", "id")
