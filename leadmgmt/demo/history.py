"""What happened to each lead: the visits, the score, the calls, the deal; and when."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from funnel.models import Deal, NurturingReturn, Qualification, StageMove
from leadmgmt.demo import cast
from leadmgmt.demo.book import Book, Row
from leadmgmt.demo.chance import Dice, at_work
from leadmgmt.demo.foresight import Fact, crossing
from leadmgmt.workspaces.business_time import BusinessHours, deadline
from leads.models import Visitor
from sla.models import Clock

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
GIVE_UP = 3  # attempts after which a rep who reaches nobody lets go


@dataclass(frozen=True)
class Scene:
    """Ids the story refers to: people, the policy in force, definitions by stage."""

    members: dict[str, UUID]
    policy_id: UUID
    minutes: int
    hours: BusinessHours
    definitions: dict[str, UUID]
    zone: ZoneInfo
    until: datetime


@dataclass
class Life:
    """One lead while the story is told; what it is at the end goes into its row."""

    lead_id: UUID
    name: str
    effort: cast.Effort | None
    campaign_id: UUID | None
    company_id: UUID | None
    company_name: str
    source: str
    medium: str
    interest: float
    seniority: float
    born_at: datetime
    visitor_id: UUID | None = None
    first_seen_at: datetime | None = None
    stage: str = "lead"
    highest: str = "lead"
    stage_entered_at: datetime | None = None
    owner: str = ""
    last_at: datetime | None = None
    profile: int = 0
    facts: list[Fact] = field(default_factory=list)
    mql_at: datetime | None = None
    forms: list[tuple[str, datetime]] = field(default_factory=list)
    rests: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    def felt(self, at: datetime) -> datetime:
        """Remember when the lead last did or heard something."""
        self.last_at = max(self.last_at, at) if self.last_at else at
        return at


ORDER = ("lead", "mql", "sql", "customer")


class Teller:
    """Tells one life after the other into the book."""

    def __init__(self, book: Book, dice: Dice, scene: Scene) -> None:
        self.book, self.dice, self.scene = book, dice, scene

    def tell(self, life: Life) -> None:
        """From the first visit to wherever the lead has come by now."""
        self._browse_before(life)
        self._become_lead(life)
        self._browse_after(life)
        mql_at = crossing(life.profile, life.facts, life.born_at)
        if mql_at:
            self._work(life, mql_at + MINUTE / 10)

    # -- the website --------------------------------------------------------------------------

    def _browse_before(self, life: Life) -> None:
        life.first_seen_at = life.born_at
        if life.effort is None or not life.effort.visits_per_lead or self.dice.is_so(0.1):
            return
        life.visitor_id = self.book.add(
            Visitor,
            token=life.lead_id.hex,
            lead_id=life.lead_id,
            source=life.source,
            medium=life.medium,
            campaign_id=life.campaign_id,
            first_seen_at=life.born_at,
        )
        for _ in range(self.dice.about(1.4)):
            at = life.born_at - self.dice.lasting(9 * DAY)
            self._visit(life, at)
            life.first_seen_at = min(life.first_seen_at, at)
        self.book.rows[Visitor][-1]["first_seen_at"] = life.first_seen_at

    def _visit(self, life: Life, at: datetime, pages: int = 0) -> datetime:
        weights = [
            (page, share * (1 + 3 * life.interest if page[0] == "/pricing" else 1))
            for page in cast.PAGES
            for share in [page[2]]
        ]
        entry = self.dice.one_of(weights)
        life.facts.append(("visit", entry[0], at))
        self.book.happen(
            "visit", at, lead=life.lead_id, visitor=life.visitor_id, campaign=life.campaign_id,
            source=life.source, medium=life.medium, path=entry[0], title=entry[1],
        )  # fmt: skip
        for step in range(pages or 1 + self.dice.about(1.2 + 2 * life.interest)):
            page = entry if step == 0 else self.dice.one_of(weights)
            self._view(life, page[0], page[1], at)
            at += self.dice.lasting(1.5 * MINUTE)
        return life.felt(at)

    def _view(self, life: Life, path: str, title: str, at: datetime) -> None:
        life.facts.append(("page_view", path, at))
        seconds = round(5 + self.dice.expovariate(1 / 60))
        self.book.happen(
            "page_view", at, lead=life.lead_id, visitor=life.visitor_id,
            path=path, title=title, seconds=seconds,
        )  # fmt: skip

    def _become_lead(self, life: Life) -> None:
        at = life.felt(life.born_at)
        if life.effort is None or life.effort.channel in ("file", "fair", "referral"):
            self.book.happen("lead_created", at, lead=life.lead_id)
            return
        wants_demo = self.dice.is_so(0.1 + 0.4 * life.interest)
        form = "Book a demo" if wants_demo else "Download the guide"
        self._visit(life, at - 5 * MINUTE)
        self.book.happen("lead_created", at, lead=life.lead_id, form=form)
        self._send(life, form, at)

    def _send(self, life: Life, form: str, at: datetime) -> None:
        path = "/demo" if form == "Book a demo" else "/blog/first-time-fix-rate"
        life.forms.append((form, at))
        life.facts.append(("form_submitted", path, at))
        self.book.happen(
            "form_submitted", life.felt(at), lead=life.lead_id, visitor=life.visitor_id,
            campaign=life.campaign_id, source=life.source, medium=life.medium, form=form, path=path,
        )  # fmt: skip

    def _browse_after(self, life: Life) -> None:
        """Later visits; who is about to buy asks for a demo."""
        at, warmth = life.born_at, life.interest * 0.9 + life.seniority * 0.5
        for _ in range(self.dice.about(1.8 * life.interest)):
            at += self.dice.lasting(6 * DAY)
            if at > self.scene.until:
                break
            self._visit(life, at)
        warm_at = life.born_at + self.dice.lasting(self.dice.choice((5 * HOUR, 8 * DAY)))
        is_warm = self.dice.is_so(min(0.9, max(0.0, warmth - 0.62)))
        if is_warm and warm_at < self.scene.until:
            self._warm_up(life, warm_at)

    def _warm_up(self, life: Life, at: datetime) -> None:
        """What a person does who is about to ask for a call."""
        for days in (1, 0):
            when = max(at - days * DAY - self.dice.lasting(40 * MINUTE), life.born_at + MINUTE)
            self._visit(life, when, pages=3)
            self._view(life, "/pricing", "Pricing", when + MINUTE)
        self._view(life, *cast.DEMO_PAGE, at - 2 * MINUTE)
        self._send(life, "Book a demo", at - MINUTE)

    # -- the reps -----------------------------------------------------------------------------

    def _work(self, life: Life, mql_at: datetime) -> None:
        life.mql_at = mql_at
        self._move(life, "mql", mql_at, definition="mql", reason="Score is at least 50")
        rep = self.dice.one_of([(key, habit.share) for key, habit in cast.HABITS.items()])
        habit = cast.HABITS[rep]
        waited = self.dice.lasting(habit.hours * HOUR)
        if self.dice.is_so(habit.forgets):
            waited += (1 + self.dice.about(2)) * DAY
        answered_at = at_work(mql_at + waited, self.scene.zone, self.dice)
        due_at = deadline(mql_at, self.scene.minutes, self.scene.hours)
        if due_at > self.scene.until and self.dice.is_so(0.6):
            answered_at = due_at  # still to come: these wait in the queue
        self._watch(life, mql_at, due_at, answered_at, rep)
        if answered_at > self.scene.until:
            life.owner = rep if self.dice.is_so(0.4) else ""
            return
        life.owner = rep
        self._assign(life, answered_at - 5 * MINUTE, rep)
        reached_at = self._call(life, answered_at, rep)
        if reached_at:
            self._qualify(life, reached_at, rep, habit)

    def _watch(
        self, life: Life, mql_at: datetime, due_at: datetime, answered_at: datetime, rep: str
    ) -> None:
        is_answered = answered_at <= self.scene.until
        is_late = due_at < (answered_at if is_answered else self.scene.until)
        self.book.add(
            Clock,
            lead_id=life.lead_id,
            policy_id=self.scene.policy_id,
            started_at=mql_at,
            due_at=due_at,
            stopped_at=answered_at if is_answered else None,
            stopped_by_id=self.scene.members[rep] if is_answered else None,
            breached_at=due_at if is_late else None,
            outcome="answered" if is_answered else "",
        )
        if is_late:
            self.book.happen("breached", due_at, lead=life.lead_id, promise="first_response")

    def _assign(self, life: Life, at: datetime, rep: str) -> None:
        owner = next(person.name for person in cast.PEOPLE if person.key == rep)
        member = self.scene.members[rep]
        self.book.happen("assigned", at, lead=life.lead_id, by=member, owner=owner)

    def _call(self, life: Life, at: datetime, rep: str) -> datetime | None:
        """Attempts until somebody picks up; None when nobody does or the year is over."""
        for attempt in range(GIVE_UP + 1):
            if at > self.scene.until:
                return None
            is_reached = self.dice.is_so(0.55 + 0.1 * attempt)
            kind = "call" if is_reached or attempt != 1 else "voice_message"
            outcome = "reached" if is_reached else "no_answer"
            self.book.happen(
                kind, life.felt(at), lead=life.lead_id, by=self.scene.members[rep],
                outcome=outcome if kind == "call" else "left",
            )  # fmt: skip
            if is_reached:
                return at
            at = at_work(at + self.dice.lasting(1.5 * DAY), self.scene.zone, self.dice)
        self._not_now(life, at, rep, "Nobody could be reached", is_agreed=False)
        return None

    def _qualify(self, life: Life, at: datetime, rep: str, habit: cast.Habit) -> None:
        is_positive = self.dice.is_so(0.2 + 0.35 * life.interest + 0.2 * life.seniority)
        outcome = "positive" if is_positive else "negative" if self.dice.is_so(0.3) else "not_now"
        at += 20 * MINUTE
        if at > self.scene.until:
            return
        answers = self._bant(is_positive)
        self.book.add(
            Qualification,
            lead_id=life.lead_id,
            answers=self._said(life, answers, at),
            in_favour=sum(answer in ("yes", "partly") for answer in answers.values()),
            spoken_to=life.name if is_positive or self.dice.is_so(0.6) else "",
            is_authorised=is_positive,
            best_channel=self.dice.choice(("phone", "email", "video")),
            outcome=outcome,
            reason="",
            return_on=None,
            by_id=self.scene.members[rep],
            begun_at=at - 20 * MINUTE,
            saved_at=at,
            concluded_at=at,
        )
        self.book.happen(
            "qualification", life.felt(at), lead=life.lead_id, by=self.scene.members[rep],
            outcome=outcome, spoken_to=life.name, **answers,
        )  # fmt: skip
        if outcome == "positive":
            self._move(life, "sql", at, by=rep, reason="Qualified: budget, authority, need, timing")
            self._sell(life, at, rep, habit)
        elif outcome == "not_now":
            self._not_now(life, at, rep, "Not now: will look at it later", is_agreed=True)
        else:
            reason = self.dice.choice(cast.REJECTED_REASONS)
            self._move(life, "disqualified", at, by=rep, reason=reason)

    def _said(self, life: Life, answers: Row, at: datetime) -> Row:
        """Who gave which answer, on which day, and now and then in which words."""
        on = at.date().isoformat()
        said = {
            key: {"answer": answer, "by": life.name, "on": on, "note": self._words(key, answer)}
            for key, answer in answers.items()
        }
        approval = "yes" if self.dice.is_so(0.3) else "no"
        return said | {"approval": {"answer": approval, "by": life.name, "on": on}}

    def _words(self, key: str, answer: str) -> str:
        words = cast.ANSWERS.get(f"{key} {answer}", ())
        return self.dice.choice(words) if words and self.dice.is_so(0.6) else ""

    def _bant(self, is_positive: bool) -> Row:
        good = [("yes", 0.7), ("partly", 0.3)]
        poor = [("yes", 0.2), ("partly", 0.3), ("no", 0.3), ("unknown", 0.2)]
        questions = ("budget", "authority", "need", "timing")
        return {name: self.dice.one_of(good if is_positive else poor) for name in questions}

    def _not_now(self, life: Life, at: datetime, rep: str, reason: str, *, is_agreed: bool) -> None:
        if at > self.scene.until:
            return
        self._move(life, "nurturing", at, by=rep, reason=reason)
        due_at = at + self.dice.choice((60, 90, 120, 180)) * DAY
        is_over = due_at <= self.scene.until
        self.book.add(
            NurturingReturn,
            lead_id=life.lead_id,
            due_at=due_at,
            is_agreed=is_agreed,
            created_at=at,
            ended_at=due_at if is_over else None,
        )
        if is_over:
            self._move(life, "lead", due_at, reason="The day to come back has come")

    def _sell(self, life: Life, at: datetime, rep: str, habit: cast.Habit) -> None:
        opened_at = at_work(at + self.dice.lasting(2 * DAY), self.scene.zone, self.dice)
        if opened_at > self.scene.until:
            return
        closed_at = at_work(opened_at + self.dice.lasting(32 * DAY), self.scene.zone, self.dice)
        amount = self.dice.money(5_800)
        deal = {
            "name": f"Northlight for {life.company_name or life.name}",
            "amount": amount,
            "margin": round(amount * self.dice.uniform(0.42, 0.71) / 100) * 100,
        }
        self.book.happen(
            "deal_opened", life.felt(opened_at), lead=life.lead_id, by=self.scene.members[rep],
            deal=deal["name"], amount=amount,
        )  # fmt: skip
        if closed_at > self.scene.until:
            expected = (self.scene.until + self.dice.lasting(25 * DAY)).date()
            self._deal(life, rep, opened_at, None, "open", expected, deal)
        elif self.dice.is_so(habit.wins):
            self._win(life, rep, opened_at, closed_at, deal)
        else:
            reason = self.dice.choice(cast.LOST_REASONS)
            self._deal(life, rep, opened_at, closed_at, "lost", closed_at.date(), deal, reason)
            self.book.happen(
                "deal_lost", closed_at, lead=life.lead_id, by=self.scene.members[rep],
                deal=deal["name"], reason=reason,
            )  # fmt: skip
            self._not_now(life, closed_at, rep, f"Deal lost: {reason.lower()}", is_agreed=False)

    def _win(
        self, life: Life, rep: str, opened_at: datetime, at: datetime, deal: dict[str, Any]
    ) -> None:
        self._deal(life, rep, opened_at, at, "won", at.date(), deal)
        member = self.scene.members[rep]
        self.book.happen(
            "deal_won", life.felt(at), lead=life.lead_id, by=member,
            deal=deal["name"], amount=deal["amount"], margin=deal["margin"],
        )  # fmt: skip
        self._move(life, "customer", at, by=rep, reason=f"Bought: {deal['name']}")
        again_at = at + self.dice.lasting(150 * DAY)
        if self.dice.is_so(0.35) and again_at < self.scene.until:
            more = self.dice.money(2_600)
            extra = {"name": f"More seats for {life.company_name or life.name}", "amount": more}
            extra["margin"] = round(more * 0.7)
            self._deal(life, rep, again_at - 9 * DAY, again_at, "won", again_at.date(), extra)
            self.book.happen(
                "deal_won", life.felt(again_at), lead=life.lead_id, by=member,
                deal=extra["name"], amount=more, margin=extra["margin"],
            )  # fmt: skip

    def _deal(
        self,
        life: Life,
        rep: str,
        opened_at: datetime,
        closed_at: datetime | None,
        status: str,
        expected_on: date,
        deal: dict[str, Any],
        reason: str = "",
    ) -> None:
        self.book.add(
            Deal,
            lead_id=life.lead_id,
            company_id=life.company_id,
            **deal,
            status=status,
            expected_on=expected_on,
            owner_id=self.scene.members[rep],
            opened_at=opened_at,
            closed_at=closed_at,
            reason=reason,
        )

    # -- standing -----------------------------------------------------------------------------

    def _move(
        self,
        life: Life,
        stage: str,
        at: datetime,
        *,
        reason: str,
        by: str = "",
        definition: str = "",
    ) -> None:
        member = self.scene.members[by] if by else None
        self.book.add(
            StageMove,
            lead_id=life.lead_id,
            from_stage=life.stage,
            to_stage=stage,
            moved_at=at,
            by_id=member,
            definition_id=self.scene.definitions.get(definition),
            reason=reason,
            cycle=1,
        )
        said: Row = {"from": life.stage, "to": stage, "reason": reason}
        self.book.happen("stage_entered", at, lead=life.lead_id, by=member, **said)
        if life.stage == "nurturing":
            life.rests[-1] = (life.rests[-1][0], at)
        if stage == "nurturing":
            life.rests.append((at, None))
        life.stage, life.stage_entered_at = stage, at
        if stage in ORDER and ORDER.index(stage) > ORDER.index(life.highest):
            life.highest = stage
