"""Builders: rows of the current workspace with believable defaults.

Name only what the test is about.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from capture.models import Form
from funnel.actions.agreeing import approve_version
from funnel.actions.arranging import arrange_queue
from funnel.actions.pipelines import first_stage
from funnel.care.checklists import add_item
from funnel.care.contents import add_content
from funnel.care.days import today_of
from funnel.care.planning import plan_renewal
from funnel.care.steps import add_step
from funnel.customers.keeping import keep_customers
from funnel.health.drafting import HealthWords
from funnel.health.drafting import replace_rules as replace_health_rules
from funnel.health.drafting import start_draft as start_health_draft
from funnel.health.publishing import publish_health
from funnel.models import (
    BANT,
    AgreedVersion,
    ChecklistItem,
    ClosedCycle,
    Customer,
    Deal,
    DealLine,
    Handover,
    HealthPlan,
    OnboardingStep,
    Product,
    Renewal,
    RoutingPlan,
    Training,
    TrainingContent,
    TrainingLetter,
)
from funnel.products.lines import NewLine, lines_of, set_lines
from funnel.routing.drafting import RuleWords, replace_rules
from funnel.routing.drafting import start_draft as start_routing_draft
from funnel.routing.publishing import publish_plan
from leadmgmt.workspaces.actions.keys import MadeKey, make_key
from leadmgmt.workspaces.actions.teams import save_team
from leadmgmt.workspaces.models import Member, Role, Scope, Team, User
from leads.actions.standing import RANK
from leads.conditions import parse
from leads.conditions.building.drafts import draft_of, draft_of_node
from leads.kinds import Kind
from leads.models import (
    Activity,
    Campaign,
    Channel,
    Company,
    CustomField,
    Lead,
    Membership,
    Persona,
    Segment,
    SegmentKind,
    Stage,
    Task,
    TaskKind,
    Visitor,
)
from nurturing.models import Sequence, SequenceVersion, Step, Trigger
from scoring.indicators.drafting import IndicatorWords, save_indicator, start_draft
from scoring.indicators.publishing import publish_list
from scoring.models import IndicatorList
from tests.clients import drain

_number = count(1)


def a_lead(**given: Any) -> Lead:
    """A person with name and email; `a_lead(score=80, stage="mql")`."""
    number = next(_number)
    stage = given.get("stage", Stage.LEAD)
    standard = {
        "name": f"Lena {number}",
        "email": f"lena{number}@example.org",
        "highest_stage": max(Stage.LEAD, stage, key=RANK.index),
    }
    made = Lead.objects.create(**standard | given)
    arrange_queue([made.pk] if made.stage in ("mql", "sql") else [])
    return made


def a_company(**given: Any) -> Company:
    """A firm with a domain of its own."""
    number = next(_number)
    return Company.objects.create(
        **{"name": f"Firm {number}", "domain": f"firm{number}.example"} | given
    )


def a_campaign(**given: Any) -> Campaign:
    """A running campaign on paid search."""
    number = next(_number)
    standard = {
        "name": f"Campaign {number}",
        "key": f"campaign-{number}",
        "channel": Channel.PAID_SEARCH,
    }
    return Campaign.objects.create(**standard | given)


def a_visitor(**given: Any) -> Visitor:
    """A browser nobody has put a name to."""
    return Visitor.objects.create(**{"token": f"visitor-{next(_number)}"} | given)


def an_activity(lead: Lead | None = None, **given: Any) -> Activity:
    """A page view of `lead` a moment ago, written past the verb that publishes events."""
    standard = {"lead": lead, "kind": Kind.PAGE_VIEW, "occurred_at": timezone.now()}
    return Activity.objects.create(**standard | given)


def a_user(**given: Any) -> User:
    """A person with a login and no workspace."""
    number = next(_number)
    return User.objects.create_user(
        **{"email": f"person{number}@example.com", "name": f"Person {number}"} | given
    )


def a_member(role: str = Role.REP, **given: Any) -> Member:
    """One more person in the current workspace."""
    user = given.pop("user", None) or a_user()
    return Member.objects.create(**{"user": user, "role": role, "name": user.name} | given)


def a_team(name: str = "", *members: Member) -> Team:
    """A team of these; `a_team("South", rita, rob)`."""
    called = name or f"Team {next(_number)}"
    return save_team(Team(), name=called, purpose="", members=members)


def a_handover(lead: Lead | None = None, closer: Member | None = None, **given: Any) -> Handover:
    """A lead in a closer's hands for a week."""
    now = timezone.now()
    told = {"what": "Confirm the demo", "handed_at": now, "until_at": now + timedelta(days=7)}
    held = {"lead": lead or a_lead(), "closer": closer or a_member(Role.CLOSER)}
    return Handover.objects.create(**held | told | given)


def a_plan(*rules: RuleWords, now: datetime | None = None, **given: Any) -> RoutingPlan:
    """A published routing plan; without rules everybody stays in the pool."""
    moment = now or timezone.now()
    draft = start_routing_draft(by=None, now=moment)
    if rules:
        replace_rules(draft, rules)
    return publish_plan(draft, **{"by": None, "reason": "Begin", "now": moment} | given)


def a_key(by: Member, *scopes: str, **given: Any) -> MadeKey:
    """An API key of the current workspace that may do everything, or only `scopes`."""
    standard = {"label": "Test", "scopes": scopes or Scope.values, "now": timezone.now()}
    return make_key(by=by, **standard | given)


def a_qualification(**given: Any) -> dict[str, Any]:
    """What the form posts of somebody who may decide, with nothing of BANT left unknown."""
    standard = {"spoken_to": "Anna Bell", "is_authorised": True}
    return (
        standard | {"budget": "yes", "authority": "yes", "need": "yes", "timing": "partly"} | given
    )


def told(**given: Any) -> dict[str, Any]:
    """The same as the verb and the API take it."""
    flat = a_qualification(**given)
    answers = {key: {"answer": flat.pop(key)} for key in BANT if key in flat}
    return flat | {"answers": answers}


def agree_on(version: AgreedVersion, *, marketing: Member, sales: Member) -> None:
    """Both sides approve a proposal."""
    for side, by in (("marketing", marketing), ("sales", sales)):
        approve_version(version, side=side, by=by, now=timezone.now())


def a_deal(lead: Lead | None = None, **given: Any) -> Deal:
    """An open deal of an SQL over 1,000.00 with a margin of 400.00, in the first stage."""
    lead = lead or a_lead(stage="sql")
    given.setdefault("stage", first_stage())
    standard: dict[str, Any] = {"lead": lead, "company": lead.company}
    standard["name"] = f"Deal {next(_number)}"
    return Deal.objects.create(**standard | {"amount": 100_000, "margin": 40_000} | given)


def an_onboarding_step(**given: Any) -> OnboardingStep:
    """A step due a week after the first purchase."""
    return add_step(**{"name": f"Step {next(_number)}"} | given)


def a_checklist_item(customer: Customer | None = None, **given: Any) -> ChecklistItem:
    """A step of this customer alone, due in three days."""
    standard: dict[str, Any] = {"name": f"Step {next(_number)}", "now": timezone.now()}
    standard["due_on"] = today_of(timezone.now()) + timedelta(days=3)
    return add_item(customer or a_customer(), **standard | given)


def a_renewal(customer: Customer | None = None, **given: Any) -> Renewal:
    """Due in sixty days over 1,200.00 with a margin of 800.00, every year."""
    standard: dict[str, Any] = {
        "what": f"Licence {next(_number)}",
        "amount": 120_000,
        "margin": 80_000,
    }
    standard |= {"months": 12, "by": None, "now": timezone.now()}
    standard["due_on"] = today_of(timezone.now()) + timedelta(days=60)
    return plan_renewal(customer or a_customer(), **standard | given)


def a_training(lead: Lead, **given: Any) -> Training:
    """Content somebody was given."""
    standard = {"content": a_training_content(), "lead": lead, "given_at": timezone.now()}
    made: Training = Training.objects.create(**standard | given)
    return made


def a_training_letter(training: Training, **given: Any) -> TrainingLetter:
    """Sent a while ago, the first of its training."""
    standard = {"number": 1, "to": training.lead.email, "state": "sent", "training": training}
    moments = dict.fromkeys(("asked_at", "due_at", "claimed_at", "sent_at"), timezone.now())
    made: TrainingLetter = TrainingLetter.objects.create(**standard | moments | given)
    return made


def a_training_content(**given: Any) -> TrainingContent:
    """An article on the web."""
    number = next(_number)
    standard = {"title": f"Lesson {number}", "address": f"https://example.com/{number}"}
    return add_content(**standard | given)


def a_product(**given: Any) -> Product:
    """Something that is sold for 10.00 and costs us 4.00."""
    standard = {"name": f"Product {next(_number)}", "price": 1_000, "cost": 400}
    return Product.objects.create(**standard | given)


def a_line(deal: Deal, product: Product | None = None, quantity: Any = 1, **given: Any) -> DealLine:
    """One more line of an open deal, written by its verb, so that the deal adds up."""
    known = [
        NewLine(row.product, row.quantity, row.unit_price, row.unit_cost, row.discount, row.pk)
        for row in lines_of(deal)
    ]
    line = NewLine(product or a_product(), Decimal(quantity), **given)
    set_lines(deal, lines=[*known, line], by=None, now=timezone.now())
    return lines_of(deal)[-1]


def a_customer(company: Company | None = None, **given: Any) -> Customer:
    """A firm with one person in the last stage who has bought nothing yet, and nobody's owner."""
    firm = company or a_company()
    a_lead(company=firm, stage="customer", highest_stage="customer")
    Company.objects.filter(pk=firm.pk).update(stage="customer")
    keep_customers(company_ids=[firm.pk], now=given.pop("now", timezone.now()))
    if given:
        Customer.objects.filter(company=firm).update(**given)
    made: Customer = Customer.objects.select_related("company").get(company=firm)
    return made


def health_rules(*rules: tuple[str, str, dict[str, Any], str]) -> HealthPlan:
    """Published rules (name, whose, condition, level), and every customer judged by them."""
    now = timezone.now()
    draft = start_health_draft(by=None, now=now)
    replace_health_rules(draft, [HealthWords(n, tree, whose, to) for n, whose, tree, to in rules])
    made = publish_health(draft, by=None, reason="Begin", now=now)
    drain()
    return made


def a_closed_cycle(lead: Lead | None = None, **given: Any) -> ClosedCycle:
    """The first cycle of a lead, of a month, from which nothing came; written past its verb."""
    now = timezone.now()
    standard = {"lead": lead or a_lead(), "number": 1, "reason": "Over", "outcome": "nothing"}
    standard |= {"begun_at": now - timedelta(days=30), "closed_at": now, "carry": "nothing"}
    standard |= {"stage": "lead", "highest_stage": "lead"}
    return ClosedCycle.objects.create(**standard | given)


def a_sequence(*steps: str | timedelta, **given: Any) -> Sequence:
    """A running sequence with a published version; a text is an email, a time is a wait.

    An email's subject and body are the text given.
    """
    sequence = Sequence.objects.create(
        **{"name": f"Sequence {next(_number)}", "trigger": Trigger.HAND} | given
    )
    version = SequenceVersion.objects.create(
        sequence=sequence, number=1, state="published", published_at=timezone.now()
    )
    for position, step in enumerate(steps or ("Hello",)):
        if isinstance(step, timedelta):
            days, hours = step.days, step.seconds // 3600
            what: dict[str, Any] = {"kind": "wait", "wait_days": days, "wait_hours": hours}
        else:
            what = {"kind": "email", "subject": step, "body": step}
        Step.objects.create(version=version, position=position, **what)
    return sequence


def a_form(**given: Any) -> Form:
    """A form that asks for name and email and takes answers."""
    number = next(_number)
    standard = {
        "name": f"Form {number}",
        "token": f"form{number}token",
        "fields": [
            {"key": "name", "label": "Name", "is_required": False},
            {"key": "email", "label": "Work email", "is_required": True},
        ],
    }
    made: Form = Form.objects.create(**standard | given)
    return made


def a_task_kind(**given: Any) -> TaskKind:
    """A promise: due in a day, reminded an hour before, late after two."""
    standard = {"name": f"Kind {next(_number)}", "is_promise": True, "escalate_hours": 2}
    made: TaskKind = TaskKind.objects.create(**standard | given)
    return made


def a_task(**given: Any) -> Task:
    """Something to do for a lead by tomorrow, by nobody yet, written past the verb."""
    standard: dict[str, Any] = {"title": f"Task {next(_number)}"}
    standard["due_at"] = timezone.now() + timedelta(days=1)
    if not given.keys() & {"lead", "company"}:
        standard["lead"] = a_lead()
    if "kind" not in given:
        standard["kind"] = a_task_kind()
    made: Task = Task.objects.create(**standard | given)
    return made


def a_custom_field(key: str, kind: str, **given: Any) -> CustomField:
    """One more thing to know about leads."""
    standard = {"key": key, "label": key.replace("_", " ").capitalize(), "kind": kind}
    made: CustomField = CustomField.objects.create(**standard | given)
    return made


def a_draft_of(tree: dict[str, Any], *, is_alone: bool = False) -> dict[str, Any]:
    """What the builder's inputs would post for this condition; `is_alone`: it has no group."""
    name, root = "condition", parse(tree, is_stored=True).root
    posted: dict[str, Any] = {f"{name}-part": []}
    for path, part in (draft_of_node if is_alone else draft_of)(root).walk("r"):
        posted[f"{name}-part"].append(path)
        prefix = f"{name}-{path}-"
        posted |= {prefix + "kind": part.part, prefix + "about": part.about}
        posted |= {prefix + "operator": part.operator, prefix + "value": list(part.values)}
        posted |= {prefix + "span": part.span, prefix + "days": list(part.days)}
        posted[prefix + "noted"] = part.noted_as
    return posted


def a_segment(*members: Lead, **given: Any) -> Segment:
    """A frozen segment with these people, or as named; nobody is asked whether they fit."""
    standard = {"name": f"Segment {next(_number)}", "kind": SegmentKind.FROZEN}
    made: Segment = Segment.objects.create(**standard | {"size": len(members)} | given)
    for lead in members:
        Membership.objects.create(segment=made, lead=lead, entered_at=timezone.now())
    return made


def a_persona(**given: Any) -> Persona:
    """A target customer with three reasons to buy."""
    standard = {"name": f"Persona {next(_number)}", "reasons": ["Safe", "Quick", "Cheap"]}
    made: Persona = Persona.objects.create(**standard | given)
    return made


def a_list_of_indicators(by: Member) -> IndicatorList:
    """A published list of one indicator; the draft of the next has begun."""
    draft = start_draft(by=by, now=timezone.now())
    save_indicator(draft, IndicatorWords("Greek", {"field": "country", "is": "Greece"}))
    made = publish_list(draft, by=by, reason="A first list", now=timezone.now())
    start_draft(by=by, now=timezone.now())
    return made
