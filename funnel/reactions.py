"""What the funnel does when something happens below."""

from uuid import UUID

from django.utils import timezone

from funnel.actions import arranging, companies, definitions, pipelines, promoting
from funnel.care import checklists, following
from funnel.customers.keeping import keep_customers, keep_people
from funnel.customers.leaving import companies_left, sum_without
from funnel.events import (
    CompanyRulesPublished,
    CustomersWon,
    DealsReopened,
    DealsWon,
    DefinitionsPublished,
    HealthAsked,
    HealthPublished,
    HealthSwitchedOff,
    LeadsAttempted,
    RoutingPublished,
    StagesEntered,
)
from funnel.health import judging, switching, touching
from funnel.routing import giving
from leadmgmt.kernel.events import publish
from leadmgmt.workspaces.events import StaffChanged, WorkspacesCreated
from leadmgmt.workspaces.models import Member
from leads.actions.standing import PLACED, SHOWN
from leads.events import (
    CompaniesChanged,
    LeadsChanged,
    LeadsCreated,
    LeadsRemoved,
    OwnersChanged,
    SegmentsEntered,
    SegmentsLeft,
    StandingsChanged,
)
from leads.models import Stage
from scoring.events import LeadsReleased, LeadsScored


def start_funnel(event: WorkspacesCreated) -> None:
    """A new workspace begins with a pipeline, and definitions its founder approves."""
    founder = Member.objects.present().first()
    definitions.start_funnel(now=timezone.now(), by=founder)
    pipelines.start_pipelines()


def promote_qualified(event: LeadsScored) -> None:
    """Leads whose score now meets the definition become MQLs, unless nothing is to fire."""
    if not event.is_quiet:
        promoting.promote_qualified(event.ids, now=timezone.now())


def promote_released(event: LeadsReleased) -> None:
    """A release lets these go: they become MQLs in the same breath."""
    promoting.promote_qualified(event.ids, now=timezone.now(), spares=event.spares)


def promote_changed(event: LeadsChanged) -> None:
    """A definition may ask for more than the score: for the country, say."""
    if not event.is_quiet:
        promoting.promote_qualified(event.ids, now=timezone.now())


def promote_given(event: OwnersChanged) -> None:
    """Or for who works them."""
    promoting.promote_qualified(event.ids, now=timezone.now())


def place_companies(event: LeadsCreated | LeadsChanged) -> None:
    """A company gets the stage of the furthest of its people, also of one who just joined it."""
    now = timezone.now()
    companies.place_companies(event.ids, now=now)
    keep_people(event.ids, companies_left(event.ids), now=now)
    if touching.is_on():
        touching.ask_about_people(event.ids, is_quiet=event.is_quiet)


def keep_placed(event: StandingsChanged) -> None:
    """Who has come to the last stage without a company is a customer; who left it was one."""
    if event.fields == PLACED:
        keep_customers(lead_ids=event.ids, now=timezone.now())


def keep_companies(event: CompaniesChanged) -> None:
    """So is a company whose stage says so."""
    keep_customers(company_ids=event.ids, now=timezone.now())


def start_onboarding(event: CustomersWon) -> None:
    """New customers get the checklist of the steps in force."""
    checklists.start_checklists(event.ids, now=timezone.now())


def settle_renewals(event: DealsWon) -> None:
    """What they were to renew is renewed by the deal it was taken up with."""
    following.settle_renewals(event.ids, now=timezone.now())


def unsettle_renewals(event: DealsReopened) -> None:
    """What a sale taken back had renewed is planned again."""
    following.unsettle_renewals(event.ids, now=timezone.now())


def ask_health(event: SegmentsEntered | SegmentsLeft) -> None:
    """People met the condition of a health rule, or do not any more: judge their customers."""
    if touching.is_ours(event.segment):
        touching.ask_about_people(event.ids, is_quiet=event.is_quiet)


def ask_without(event: LeadsRemoved) -> None:
    """So are customers judged, and summed up, who have lost people."""
    lost = sum_without(event.ids)
    if lost and touching.is_on():
        touching.ask_about(lost, is_quiet=True)


def judge_new(event: CustomersWon) -> None:
    """A new customer is judged at once; that it is one at all is no news about its health."""
    judging.judge_customers(event.ids, now=timezone.now(), is_quiet=True)


def judge_asked(event: HealthAsked) -> None:
    """How these customers fare now; their owners hear of those that fare worse."""
    judging.judge_customers(event.ids, now=timezone.now(), is_quiet=event.is_quiet)


def judge_all(event: HealthPublished) -> None:
    """New rules hold for every customer: the next two thousand, then those after them."""
    after = UUID(event.after) if event.after else None
    last = judging.judge_chunk(after=after, now=timezone.now())
    if last is not None:
        publish(HealthPublished(event.ids, after=str(last)))


def clear_health(event: HealthSwitchedOff) -> None:
    """Without rules nobody fares any way: the next two thousand, then those after them."""
    if switching.clear_health(now=timezone.now()):
        publish(event)


def apply_definitions(event: DefinitionsPublished) -> None:
    """Everybody who meets a new definition already becomes an MQL, if its publisher asked."""
    if event.is_applied:
        promoting.promote_qualified(None, now=timezone.now())


def arrange_queue(event: StagesEntered | LeadsAttempted | LeadsChanged) -> None:
    """Who came, left or was tried stands elsewhere in the queue at once."""
    arranging.arrange_queue(event.ids)


def arrange_scored(event: StandingsChanged) -> None:
    """So does who has another score or class; stages and owners are announced by themselves."""
    if event.fields == SHOWN:
        arranging.follow_scores(event.ids)


def arrange_given(event: OwnersChanged) -> None:
    """And who has another owner is in their hands."""
    arranging.follow_owners(event.ids)


def route_entered(event: StagesEntered) -> None:
    """New MQLs get an owner, unless quietly; who leaves a rep makes room for those who wait."""
    if event.stage == Stage.MQL:
        if event.has_effect("routing"):
            giving.route_leads(event.ids, now=timezone.now())
    elif event.stage != Stage.SQL:
        giving.route_oldest(now=timezone.now())


def route_again(event: StaffChanged) -> None:
    """Somebody is back, or new in a team: perhaps those who wait can be given now."""
    giving.route_waiting(now=timezone.now())


def apply_routing(event: RoutingPublished) -> None:
    """Who waits is asked about by the new rules; everybody in the pool, if its publisher asked."""
    if event.is_applied:
        giving.route_pool(now=timezone.now())
    giving.route_waiting(now=timezone.now())


def place_all_companies(event: CompanyRulesPublished) -> None:
    """A new rule holds for every company: the next few thousand, then those after them."""
    companies.place_all_companies(event.ids, after=event.after, now=timezone.now())
