"""What happened to each lead: the visits, the score, the calls, the deal; and when."""

from datetime import datetime

from funnel.models import Qualification
from leadmgmt.demo import cast
from leadmgmt.demo.book import Book, Row
from leadmgmt.demo.browsing import Browsing
from leadmgmt.demo.chance import Dice, at_work
from leadmgmt.demo.deals import Deals
from leadmgmt.demo.foresight import crossing
from leadmgmt.demo.lives import DAY, HOUR, MINUTE, Life, Scene
from leadmgmt.demo.moves import Moves
from leadmgmt.workspaces.business_time import deadline
from sla.models import Clock

GIVE_UP = 3  # attempts after which a rep who reaches nobody lets go


class Teller:
    """Tells one life after the other into the book."""

    def __init__(self, book: Book, dice: Dice, scene: Scene) -> None:
        self.browsing = Browsing(book, dice, scene)
        self.pursuit = Pursuit(book, dice, scene)

    def tell(self, life: Life) -> None:
        """From the first visit to wherever the lead has come by now."""
        self.browsing.browse_before(life)
        self.browsing.become_lead(life)
        self.browsing.browse_after(life)
        mql_at = crossing(life.profile, life.facts, life.born_at)
        if mql_at:
            self.pursuit.work(life, mql_at + MINUTE / 10)


class Pursuit:
    """Tells what the reps did about a lead, and what it said."""

    def __init__(self, book: Book, dice: Dice, scene: Scene) -> None:
        self.book, self.dice, self.scene = book, dice, scene
        self.moves = Moves(book, dice, scene)
        self.deals = Deals(book, dice, scene, self.moves)

    def work(self, life: Life, mql_at: datetime) -> None:
        """From the moment the score makes it an MQL."""
        life.mql_at = mql_at
        self.moves.move(life, "mql", mql_at, definition="mql", reason="Score is at least 50")
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
        self.moves.rest(life, at, rep, "Nobody could be reached", is_agreed=False)
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
            self.moves.move(
                life, "sql", at, by=rep, reason="Qualified: budget, authority, need, timing"
            )
            self.deals.sell(life, at, rep, habit)
        elif outcome == "not_now":
            self.moves.rest(life, at, rep, "Not now: will look at it later", is_agreed=True)
        else:
            reason = self.dice.choice(cast.REJECTED_REASONS)
            self.moves.move(life, "disqualified", at, by=rep, reason=reason)

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
