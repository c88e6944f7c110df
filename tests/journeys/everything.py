"""A workspace that has something of everything, so that every form of the pages can be found."""

from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django.core.files.base import ContentFile
from django.utils import timezone

from capture.actions.importing import cancel_import, start_import
from capture.actions.uploading import upload_import
from capture.models import Import, Submission
from funnel.actions.arranging import arrange_queue
from funnel.actions.closing_deals import lose_deal
from funnel.actions.cycles import Ending, close_cycle
from funnel.actions.definitions import propose_change, start_funnel
from funnel.actions.pipelines import add_pipeline, retire_pipeline
from funnel.actions.playbook_drafts import save_draft
from funnel.actions.playbooks import NewPlaybook, publish_playbook
from funnel.actions.snoozing import snooze_lead
from funnel.care.checklists import skip_item
from funnel.care.contents import retire_content
from funnel.care.planning import snooze_renewal
from funnel.care.renewing import lose_renewal
from funnel.care.steps import retire_step
from funnel.health.drafting import start_draft as start_health_draft
from funnel.models import Customer, Deal, Pipeline, PipelineStage, Product
from funnel.playbook import REASONS, USUAL, Question
from funnel.routing.drafting import RuleWords
from funnel.routing.drafting import start_draft as start_routing_draft
from leadmgmt.workspaces.actions.invitations import invite_member
from leadmgmt.workspaces.actions.notices import NewNotice, give_notices
from leadmgmt.workspaces.actions.teams import retire_team
from leadmgmt.workspaces.actions.working_times import Hours, note_absence, set_working_time
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Team
from leads.actions.bulk import start_bulk
from leads.actions.consents import NewConsent, record_consents, retire_purpose, save_purpose
from leads.actions.files import add_file
from leads.actions.merging import merge_leads
from leads.actions.merging_companies import merge_companies
from leads.actions.notes import delete_note, log_note
from leads.actions.removing import take_out
from leads.actions.removing_companies import take_out_companies
from leads.actions.resolving import resolve_leads
from leads.actions.retention import save_retention_rule
from leads.actions.tagging import tag_called, tag_leads
from leads.actions.task_kinds import start_task_kinds
from leads.actions.tasks import finish_task
from leads.actions.views import save_view
from leads.bulk import verb_called
from leads.models import (
    Activity,
    Company,
    Duplicate,
    Lead,
    Merge,
    Persona,
    Purpose,
    RemovedCause,
    RetentionRule,
    SavedView,
    Segment,
    Tag,
    Task,
)
from leads.rows import NewLead
from nurturing.actions.drafting import start_draft
from nurturing.actions.enrolling import enrol_leads
from nurturing.jobs import advance_due
from nurturing.models import Message, Step
from reports.models import CostLine
from scoring.actions import drafting as scoring
from scoring.actions.backtesting import start_back_test
from scoring.actions.models import add_model
from scoring.actions.rules import save_group
from scoring.actions.simulating import start_simulation
from scoring.actions.starting import publish_first_model
from scoring.cases import Study
from scoring.models import ModelVersion, ScoreModel
from sla.actions import start_policy
from tests.builders import (
    a_campaign,
    a_checklist_item,
    a_company,
    a_custom_field,
    a_customer,
    a_deal,
    a_form,
    a_handover,
    a_key,
    a_lead,
    a_line,
    a_list_of_indicators,
    a_member,
    a_persona,
    a_plan,
    a_product,
    a_renewal,
    a_segment,
    a_sequence,
    a_task,
    a_task_kind,
    a_team,
    a_training,
    a_training_content,
    a_training_letter,
    an_onboarding_step,
    health_rules,
)
from tests.clients import drain

GREEK = {"field": "country", "is": "Greece"}


def make_everything(ada: Member, now: datetime) -> None:
    """Rows of every kind, in every state that has a form of its own."""
    start_funnel(now=now)
    publish_first_model(now=now)
    drain()
    start_policy(by=None, now=now)
    scoring.start_draft(by=ada, now=now)
    a_list_of_indicators(ada)
    propose_change(stage="mql", by=ada, explanation="Who calls back", reason="Clearer")
    _make_leads(ada)
    _make_selling(ada, now)
    _make_care(now)
    _make_lists(ada, now)
    _make_privacy(ada, now)
    _make_pairs(ada, now)
    _make_work(ada, now)
    _make_settings(ada, now)
    _make_imports(ada, now)
    _make_letters(now)
    drain()
    _make_bulk(ada, now)
    _make_sorting(ada, now)
    _make_rehearsals(ada, now)
    _make_staff(ada, now)
    _make_customers(ada, now)


def _make_staff(ada: Member, now: datetime) -> None:
    """Two teams, one of them retired; somebody is away, and works at hours of their own.

    Leads are routed to the team; the next plan is being written.
    """
    south = a_team("South", ada)
    a_plan(RuleWords("Greece", GREEK, team=south), RuleWords("Everybody", team=south))
    start_routing_draft(by=ada, now=now)
    a_handover(a_lead(owner=ada))
    retire_team(a_team("North", ada), now=now)
    days = {"from_on": now.date(), "until_on": now.date() + timedelta(days=3)}
    note_absence(ada, **days, word="Holiday", by=ada)
    set_working_time(ada, Hours(days=[0, 1], opens=time(9), closes=time(12)))


def _make_sorting(ada: Member, now: datetime) -> None:
    """A group in the main draft; a product line that sorts by decision rules."""
    save_group(ModelVersion.objects.main().draft().get(), name="Pages", cap=30)
    line = add_model(purpose="product", name="Lifts", now=now)
    draft = scoring.start_draft(line, by=ada, now=now)
    ModelVersion.objects.filter(pk=draft.pk).update(mode="decisions")
    for nth, country in enumerate(("Spain", "Greece"), start=1):
        condition = {"field": "country", "is": country}
        draft.decisions.create(position=nth, name=country, lead_class="hot", condition=condition)


def _make_rehearsals(ada: Member, now: datetime) -> None:
    """A draft waits for its simulation and its back-test, so that both can be cancelled."""
    draft = ModelVersion.objects.main().draft().select_related("model").get()
    start_simulation(draft, by=ada, now=now)
    start_back_test(draft, Study(now - timedelta(days=9), now), by=ada, now=now)


def starts() -> list[str]:
    """Where a member begins; the menu leads to the rest.

    Named are pages behind a choice in the address, and rows of which links lead to others first.
    """
    at = workspace_reverse
    pages = [at(name) for name in ("setup", "leads:lead_list", "funnel:queue")]
    pages += [at("leads:lead", id=each.pk) for each in Lead.objects.filter(stage="mql", owner=None)]
    pages.append(at("capture:import_mapping", id=Import.objects.get(name="waiting.csv").pk))
    steps = Step.objects.filter(version__state="draft")[:2]
    pages += [at("nurturing:step", id=each.pk) for each in steps]
    buyers = Lead.objects.filter(stage="sql").order_by("pk")[:1]
    pages += [f"{at('funnel:deal_add')}?lead={each.pk}" for each in buyers]
    pages.append(f"{at('funnel:product_list')}?retired=1")
    pages += [f"{at('funnel:queue')}?lead={each.pk}" for each in Lead.objects.filter(name="Asleep")]
    line = ScoreModel.objects.get(purpose="product").pk
    pages += [f"{at(name)}?model={line}" for name in ("scoring:draft", "scoring:model")]
    pages += [at("workspaces:team", id=each.pk) for each in Team.objects.all()]
    return pages + _lists() + _people() + _rows()


def _lists() -> list[str]:
    leads, view = workspace_reverse("leads:lead_list"), SavedView.objects.get()
    asked = [{"panel": "save", "stage": "mql"}, {"view": str(view.pk), "stage": "mql"}]
    pages = [f"{leads}?{urlencode(each)}" for each in asked]
    pages.append(f"{workspace_reverse('leads:bulk_new')}?verb=tag&all=1")
    return pages


def _people() -> list[str]:
    told = Lead.objects.get(name="Told about")
    kept = Merge.objects.get().lead_id
    first = Duplicate.objects.filter(status="open")[0]
    page = workspace_reverse("leads:lead", id=told.pk)
    merge = workspace_reverse("leads:lead_merge", id=first.first_id)
    pages = [page, f"{page}?profile", workspace_reverse("leads:lead", id=kept)]
    pages.append(workspace_reverse("leads:lead_field", id=told.pk, field="city"))
    firms = Company.objects.order_by("pk")[:2]
    of_firms = workspace_reverse("leads:company_merge", id=firms[0].pk)
    pages += [of_firms, f"{of_firms}?with={firms[1].pk}"] if len(firms) > 1 else [of_firms]
    return [*pages, f"{merge}?with={first.second_id}"]


def _rows() -> list[str]:
    kinds = (
        ("leads:segment", Segment),
        ("leads:persona", Persona),
        ("leads:task", Task),
        ("leads:tag", Tag),
        ("leads:purpose", Purpose),
        ("leads:retention", RetentionRule),
        ("leads:company", Company),
        ("funnel:deal", Deal),
        ("funnel:deal_lines", Deal),
        ("funnel:customer", Customer),
        ("funnel:product", Product),
        ("funnel:pipeline", Pipeline),
        ("funnel:stage", PipelineStage),
    )
    return [
        workspace_reverse(name, id=row.pk)
        for name, kind in kinds
        for row in kind._base_manager.all()
    ]


def _make_leads(ada: Member) -> None:
    company = a_company()
    for stage in ("lead", "mql", "sql", "customer", "nurturing"):
        for owner in (None, ada):
            a_lead(stage=stage, owner=owner, company=company)
    a_deal(owner=ada)
    lose_deal(a_deal(owner=ada), reason="Too dear", by=ada, now=timezone.now())
    stage = a_deal(owner=ada).stage
    add_pipeline(name="Renewals")
    PipelineStage.objects.filter(pipeline=stage.pipeline, position=3).update(
        retired_at=timezone.now()
    )
    retire_pipeline(add_pipeline(name="Old"), now=timezone.now())
    a_product(retired_at=timezone.now())
    for owned in Deal.objects.open():
        a_line(owned)


def _make_selling(ada: Member, now: datetime) -> None:
    """A lead that sleeps until tomorrow; a playbook with a question of its own, and a draft."""
    snoozed = a_lead(name="Asleep", stage="mql", owner=ada)
    arrange_queue([snoozed.pk])
    snooze_lead(snoozed, until=now + timedelta(days=1), reason="On holiday", by=ada, now=now)
    reasons = {kind: [each.label for each in some] for kind, some in REASONS.items()}
    asked = (*USUAL, Question("", "Bound to a rival", "Until when?"))
    publish_playbook(NewPlaybook(asked, reasons), reason="Rivals", by=ada, now=now)
    save_draft(NewPlaybook(USUAL, reasons), by=ada, now=now)


def _make_care(now: datetime) -> None:
    """Onboarding steps and training content, in use and retired."""
    for _ in range(2):
        a_training_content(step=an_onboarding_step())
    retire_step(an_onboarding_step(), now=now)
    retire_content(a_training_content(), now=now)
    for customer in (a_customer(), a_customer(since=now - timedelta(days=900))):
        _make_care_of(customer, now)
    a_customer(since=now - timedelta(days=900))


def _make_care_of(customer: Customer, now: datetime) -> None:
    """A checklist, training and renewals in every state that has a form of its own."""
    skip_item(a_checklist_item(customer), reason="Known", by=None, now=now)
    a_checklist_item(customer)
    person = customer.company.people.get() if customer.company else a_lead()
    a_training(person)
    a_training(person, seen_at=now, done_at=now)
    for state in ("sent", "planned", "uncertain", "failed", "withheld"):
        a_training_letter(a_training(person), state=state, problem="550 No such user")
    a_renewal(customer)
    snooze_renewal(a_renewal(customer), until=now.date() + timedelta(days=5), by=None, now=now)
    lose_renewal(a_renewal(customer), reason="Too dear", by=None, now=now)


def _make_customers(ada: Member, now: datetime) -> None:
    """Customers judged by rules in force, one of them a former one; the next rules have begun."""
    a_customer(owner=ada)
    a_customer(ended_at=now)
    health_rules(("Greek", "any", GREEK, "watch"), ("None Greek", "none", GREEK, "at_risk"))
    start_health_draft(by=ada, now=now)


def _make_lists(ada: Member, now: datetime) -> None:
    lead = a_lead(name="Told about", country="Greece", owner=ada)
    tag_leads([lead.pk], tag=tag_called("VIP"), by=ada, now=now)
    a_segment(lead)
    a_segment()
    a_segment(kind="live", condition=GREEK)
    a_segment(retired_at=now)
    for position in range(3):
        a_persona(position=position)
    a_persona(retired_at=now)
    save_view(subject="lead", name="Hot", facts={"query": {"lead_class": "hot"}}, by=ada, now=now)


def _make_privacy(ada: Member, now: datetime) -> None:
    lead = Lead.objects.get(name="Told about")
    news = save_purpose(Purpose(), name="News", wording="Write to me")
    calls = save_purpose(Purpose(), name="Calls", wording="Call me")
    said = NewConsent(lead_id=lead.pk, purpose_id=news.pk, is_given=True, source="By phone")
    record_consents([said], by=ada, now=now)
    retire_purpose(calls, now=now)
    save_retention_rule(RetentionRule(), name="Greeks", condition=GREEK, by=ada)
    add_file(lead, name="offer.pdf", content=ContentFile(b"bytes"), by=ada, now=now)


def _make_pairs(ada: Member, now: datetime) -> None:
    known = [NewLead(name=f"Ann {name}", email=f"ann@{name}.example") for name in "abc"]
    kept, gone, removed = (found.lead_id for found in resolve_leads(known, now=now))
    merge_leads(kept, gone, choices={}, by=ada, now=now)
    take_out([removed], cause=RemovedCause.PERSON, by=ada, now=now)
    stays, joins, goes = (a_company(name=name) for name in ("Stays", "Joins", "Goes"))
    merge_companies(stays.pk, joins.pk, choices={}, by=ada, now=now)
    take_out_companies([goes.pk], cause=RemovedCause.PERSON, by=ada, now=now)
    alike = [NewLead(name="Bea Bell", email="bea@firm.example")]
    resolve_leads([*alike, NewLead(name="Bell Bea", email="beata@firm.example")], now=now)


def _make_work(ada: Member, now: datetime) -> None:
    start_task_kinds()
    a_task_kind(retired_at=now)
    lead = Lead.objects.get(name="Told about")
    close_cycle(lead, Ending("Tries again"), number=lead.cycle, by=ada, now=now)
    for text in ("Asked for a call", "Asked again"):
        log_note(lead, text=text, by=ada, now=now)
    delete_note(Activity.objects.filter(kind="note").latest("id"), by=ada, now=now)
    a_task(lead=lead, assignee=ada)
    finish_task(a_task(lead=lead, assignee=ada), by=ada, now=now)


def _make_settings(ada: Member, now: datetime) -> None:
    today = now.date()
    a_campaign()
    a_key(ada)
    for name in ("seats", "desks"):
        a_custom_field(name, "number")
    a_custom_field("colour", "text", retired_at=now)
    a_member(left_at=now)
    invite_member("new@example.org", role="rep", by=ada, now=now)
    CostLine.objects.create(amount=100, lever="seo", starts_on=today, ends_on=today)
    given = {"kind": "task", "text": "Told", "path": "tasks/"}
    give_notices([NewNotice(member_id=ada.pk, key=key, **given) for key in "ab"], now=now)
    form = a_form()
    Submission.objects.create(form=form, token="t", verdict="spam", values={})


def _make_imports(ada: Member, now: datetime) -> None:
    upload_import("waiting.csv", [b"Name,Email\nA,a@example.org"], by=ada, now=now)
    running = upload_import("running.csv", [b"Name,Email\nA,a@example.org"], by=ada, now=now)
    start_import(running.pk, by=ada, now=now)
    stopped = upload_import("stopped.csv", [b"Name,Email\nA,a@example.org"], by=ada, now=now)
    start_import(stopped.pk, by=ada, now=now)
    cancel_import(stopped.pk, now=now)


def _make_letters(now: datetime) -> None:
    sequence = a_sequence("Hello", timedelta(days=1), "Again")
    lead = a_lead(name="Of the unsure")
    enrol_leads([lead.pk], sequences=[sequence], now=now)
    advance_due(now=now)
    Message.objects.update(state="uncertain", claimed_at=now)
    start_draft(sequence)
    a_sequence(is_active=False)


def _make_bulk(ada: Member, now: datetime) -> None:
    """One done and undoable, one that runs still."""
    for name in ("Told about", "Of the unsure"):
        tag = verb_called("tag")
        assert tag is not None
        ids = {"ids": [str(Lead.objects.get(name=name).pk)]}
        start_bulk(tag, parameters={"tag": name}, selection=ids, by=ada, now=now)
        if name == "Told about":
            drain()
