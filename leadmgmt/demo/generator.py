"""The order of it all: workspace, people, campaigns, costs, firms, leads, and their stories."""

from collections import Counter
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db import connection, transaction

from capture.models import Form, FormDay, Submission
from funnel.actions.companies import place_companies
from funnel.models import Definition
from leadmgmt.demo import cast
from leadmgmt.demo.agreements import agree_further, sign_definitions
from leadmgmt.demo.book import Book, Row
from leadmgmt.demo.calling import hand_out_calls
from leadmgmt.demo.caring import care_for_customers
from leadmgmt.demo.chance import Dice, busyness
from leadmgmt.demo.consents import ask_consent
from leadmgmt.demo.convictions import believe
from leadmgmt.demo.customers import look_after_customers
from leadmgmt.demo.cycles import begin_again
from leadmgmt.demo.dealing import place_deals
from leadmgmt.demo.groups import make_groups
from leadmgmt.demo.history import Teller
from leadmgmt.demo.keeping import keep_order
from leadmgmt.demo.knowledge import Knowledge, ask_for_more
from leadmgmt.demo.letters import Letters
from leadmgmt.demo.lives import DAY, Life, Scene
from leadmgmt.demo.models import add_models
from leadmgmt.demo.people import Casting, births, make_firms
from leadmgmt.demo.products import stock_up
from leadmgmt.demo.routing import route_by_plan
from leadmgmt.demo.scores import show_scores
from leadmgmt.demo.selling import sell_on
from leadmgmt.demo.trying import try_things
from leadmgmt.demo.work import plan_work
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.actions.workspaces import create_workspace
from leadmgmt.workspaces.models import Member, User, Workspace
from leads.actions.duplicates import find_duplicates
from leads.models import Campaign, Visitor
from nurturing.actions.publishing import resume_sequence
from nurturing.models import Sequence
from reports.models import CostLine
from scoring.models import ModelVersion, Recompute
from sla.models import Policy

SEED = 2026
LEADS = 3_200
YEAR = timedelta(days=365)
MONTHS = 12

CUSTOMERS_SINCE = """
UPDATE leads_company AS company SET customer_since = first.at FROM (
    SELECT company_id, min(closed_at) AS at FROM funnel_deal WHERE status = 'won' GROUP BY 1
) AS first
WHERE company.workspace_id = %s AND company.id = first.company_id
"""
IN_STAGE_SINCE = """
UPDATE leads_company AS company SET stage_entered_at = first.at FROM (
    SELECT company_id, stage, min(stage_entered_at) AS at FROM leads_lead GROUP BY 1, 2
) AS first
WHERE company.workspace_id = %s AND company.id = first.company_id AND company.stage = first.stage
"""


def make_demo(
    *, now: datetime, logins: dict[str, tuple[str, str]], seed: int = SEED, leads: int = LEADS
) -> Workspace:
    """Create the demo workspace with a year of history up to `now`, all or nothing.

    `logins`: key of a person in the cast → email and password. The scores are then worked out by
    the scoring app itself, in the outbox, so that they are what any worker would have made.
    """
    dice = Dice(seed)
    with transaction.atomic():
        users = _users(logins)
        workspace = create_workspace(
            cast.FIRM,
            by=users["admin"],
            member_name=cast.PEOPLE[0].name,
            time_zone=cast.TIME_ZONE,
            currency=cast.CURRENCY,
            slug="demo",
        )
        with inside(workspace.pk):
            year = _Year(workspace, users, dice, now)
            lives = year.tell(leads)
    with inside(workspace.pk):
        marketer = Member.objects.get(pk=year.members["marketer"])
        add_models(by=marketer, now=now)
        show_scores(lives, now=now)
        find_duplicates([life.lead_id for life in lives], now=now)
        sell_on(now=now)
        plan_work(dice=Dice(seed), now=now)
        ask_consent(now=now)
        agree_further(year.members, now=now)
        keep_order(by=marketer, now=now)
        place_deals(now)
        stock_up(now)
        begin_again(by=marketer, now=now)
        look_after_customers(by=Member.objects.get(pk=year.members["manager"]), now=now)
        care_for_customers(year.members, now=now)
        route_by_plan(year.members, now=now)
        hand_out_calls(year.members, now=now)
        believe(by=marketer, now=now)
        make_groups(by=marketer, now=now, since=year.since)
        try_things(year.members, now=now)
    return workspace


def _users(logins: dict[str, tuple[str, str]]) -> dict[str, User]:
    users = {}
    for person in cast.PEOPLE:
        email, password = logins.get(person.key, (f"{person.key}@demo.example", ""))
        user = User.objects.filter(email=email).first() or User.objects.create_user(
            email, password or None, name=person.name
        )
        EmailAddress.objects.get_or_create(
            user=user, email=email, defaults={"verified": True, "primary": True}
        )
        users[person.key] = user
    return users


class _Year:
    """One year of the workspace, collected in a book and written in sets."""

    def __init__(
        self, workspace: Workspace, users: dict[str, User], dice: Dice, now: datetime
    ) -> None:
        self.workspace, self.dice, self.until = workspace, dice, now
        self.since = now - YEAR
        self.book = Book()
        self.members = self._members(users)
        self._predate()
        self.campaigns = self._campaigns()
        self.forms = self._forms()

    def tell(self, leads: int) -> list[Life]:
        """Make everything up, then write it down."""
        self._costs()
        ask_for_more(now=self.since)
        known = Knowledge(SEED, self._colleagues(), self.until)
        firms = make_firms(self.book, self.dice, known, self.since)
        casting = Casting(self.book, self.dice, known, firms)
        lives = [
            self._life(casting, born) for born in births(self.dice, self.since, self.until, leads)
        ]
        self._passers_by(leads)
        self._form_days()
        self.book.write()
        place_companies([life.lead_id for life in lives], now=self.until)
        with connection.cursor() as cursor:
            cursor.execute(CUSTOMERS_SINCE, [self.workspace.pk])
            cursor.execute(IN_STAGE_SINCE, [self.workspace.pk])
        return lives

    def _life(self, casting: Casting, born_at: datetime) -> Life:
        effort = self._effort(born_at)
        life = casting.life(born_at, effort, self.campaigns[effort.key] if effort else None)
        self.teller.tell(life)
        self._write_to(casting, life)
        casting.write(life, self.members.get(life.owner), self.until)
        self._submissions(casting, life)
        return life

    def _effort(self, at: datetime) -> cast.Effort | None:
        month = (at - self.since) / YEAR * MONTHS
        running = [each for each in cast.EFFORTS if each.months[0] <= month < each.months[1]]
        if self.dice.is_so(0.12):
            return None
        boost = {each.key: MONTHS / (each.months[1] - each.months[0]) for each in running}
        return self.dice.one_of([(each, each.weight * boost[each.key] ** 0.5) for each in running])

    # -- the setting ----------------------------------------------------------------------------

    def _members(self, users: dict[str, User]) -> dict[str, UUID]:
        found = {"admin": Member.objects.get(user=users["admin"]).pk}
        for person in cast.PEOPLE[1:]:
            member = Member.objects.create(
                user=users[person.key], role=person.role, name=person.name
            )
            found[person.key] = member.pk
        return found

    def _colleagues(self) -> list[UUID]:
        """Whoever can be named in an answer: not the people of a call centre."""
        return sorted(pk for key, pk in self.members.items() if key != "closer")

    def _predate(self) -> None:
        """The rules the workspace started with have held since the year began."""
        policy = Policy.objects.get(retired_at=None)
        Policy.objects.update(published_at=self.since, published_by=self.members["manager"])
        Recompute.objects.update(is_quiet=True)  # what followed from the scores is the story itself
        ModelVersion.objects.update(
            published_at=self.since, effective_at=self.since, published_by=self.members["admin"]
        )
        sign_definitions(self.members, at=self.since)
        definitions = list(Definition.objects.all())
        self.teller = Teller(
            self.book,
            self.dice,
            Scene(
                members=self.members,
                policy_id=policy.pk,
                minutes=policy.minutes,
                hours=policy.business_hours(self.workspace.time_zone),
                definitions={each.stage: each.pk for each in definitions},
                zone=ZoneInfo(self.workspace.time_zone),
                until=self.until,
            ),
        )
        Sequence.objects.update(is_active=True)
        self.sequence = Sequence.objects.first()
        if self.sequence:
            resume_sequence(self.sequence)
        self.letters = (
            Letters(self.book, self.dice, self.sequence, self.until) if self.sequence else None
        )

    def _campaigns(self) -> dict[str, UUID]:
        found = {}
        for effort in cast.EFFORTS:
            first, last = (self._month(number) for number in effort.months)
            campaign = Campaign.objects.create(
                name=effort.name,
                key=effort.key,
                channel=effort.channel,
                starts_on=first,
                ends_on=None if effort.months[1] == MONTHS else last,
                created_at=self.since,
            )
            found[effort.key] = campaign.pk
        return found

    def _month(self, number: int) -> date:
        return (self.since + YEAR * number / MONTHS).date()

    def _costs(self) -> None:
        for month in range(MONTHS):
            for effort in cast.EFFORTS:
                if effort.months[0] <= month < effort.months[1]:
                    amount = round(effort.monthly_cost * self.dice.uniform(0.85, 1.2)) * 100
                    self._cost(month, effort.lever, amount, self.campaigns[effort.key], effort.name)
            for lever, note, amount in cast.SHARED_COSTS:
                self._cost(month, lever, amount * 100, None, note)

    def _cost(self, month: int, lever: str, amount: int, campaign: UUID | None, note: str) -> None:
        self.book.add(
            CostLine,
            campaign_id=campaign,
            lever=lever,
            amount=amount,
            starts_on=self._month(month),
            ends_on=self._month(month + 1) - timedelta(days=1),
            note=note,
            entered_by_id=self.members["marketer"],
            created_at=self.since + YEAR * month / MONTHS,
        )

    def _forms(self) -> dict[str, UUID]:
        asked = [
            {"key": "name", "label": "Your name", "is_required": True},
            {"key": "email", "label": "Work email", "is_required": True},
            {"key": "company_name", "label": "Company", "is_required": False},
            {"key": "phone", "label": "Phone", "is_required": False},
        ]
        found: dict[str, UUID] = {}
        for name, fields, button in (
            ("Book a demo", asked, "Book a demo"),
            ("Download the guide", asked[:3], "Send me the guide"),
        ):
            token = f"{self.workspace.site_key[:12]}{len(found)}"
            form = Form.objects.create(
                name=name, token=token, fields=fields, button=button, created_at=self.since
            )
            found[name] = form.pk
        return found

    # -- what follows from a life ---------------------------------------------------------------

    def _write_to(self, casting: Casting, life: Life) -> None:
        address = str(casting.rows[life.lead_id]["email"])
        if self.letters and not casting.rows[life.lead_id]["do_not_email"]:
            for since, left_at in life.rests:
                self.letters.send(life, address, since, left_at)
                break  # nobody gets a step twice

    def _submissions(self, casting: Casting, life: Life) -> None:
        row = casting.rows[life.lead_id]
        for number, (form, at) in enumerate(life.forms):
            self.book.add(
                Submission,
                form_id=self.forms[form],
                token=f"{life.lead_id.hex}-{number}",
                received_at=at,
                values={"name": row["name"], "email": row["email"]},
                page="https://www.northlight.example/demo",
                verdict="accepted",
                reason="",
                lead_id=life.lead_id,
                visitor_id=life.visitor_id,
                source=life.source,
                medium=life.medium,
                campaign_id=life.campaign_id,
            )

    def _form_days(self) -> None:
        """How often the forms were shown, and turned somebody back."""
        sent = Counter((row["form_id"], row["received_at"].date()) for row in self._submitted())
        for (form_id, day), count in sent.items():
            views = count * 6 + self.dice.about(count * 4)
            refusals = self.dice.about(count * 0.3)
            self.book.add(FormDay, form_id=form_id, day=day, views=views, refusals=refusals)

    def _submitted(self) -> list[Row]:
        return self.book.rows[Submission]

    def _passers_by(self, leads: int) -> None:
        """Visitors who never said who they are."""
        days = int(YEAR / DAY)
        for offset in range(days):
            day = self.since + offset * DAY
            for effort in cast.EFFORTS:
                if effort.months[0] <= offset / days * MONTHS < effort.months[1]:
                    mean = leads * effort.weight * effort.visits_per_lead / days
                    for _ in range(self.dice.about(mean * busyness(day))):
                        self._passer_by(effort, day)

    def _passer_by(self, effort: cast.Effort, day: datetime) -> None:
        at = min(day + timedelta(seconds=self.dice.randrange(86_400)), self.until)
        campaign = self.campaigns[effort.key]
        came: Row = {"source": effort.source, "medium": effort.medium}
        visitor = self.book.add(
            Visitor,
            token=uuid4().hex,
            lead_id=None,
            campaign_id=campaign,
            first_seen_at=at,
            **came,
        )
        path, title, _ = self.dice.choices(cast.PAGES, [share for _, _, share in cast.PAGES])[0]
        is_machine = self.dice.is_so(0.04)
        self.book.happen(
            "visit", at, visitor=visitor, campaign=campaign, is_machine=is_machine,
            path=path, title=title, **came,
        )  # fmt: skip
