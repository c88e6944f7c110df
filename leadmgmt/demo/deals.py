"""The deals of a lead: opened, won, lost, and bought again."""

from datetime import date, datetime
from typing import Any

from funnel.models import Deal
from leadmgmt.demo import cast
from leadmgmt.demo.book import Book
from leadmgmt.demo.chance import Dice, at_work
from leadmgmt.demo.lives import DAY, Life, Scene
from leadmgmt.demo.moves import Moves


class Deals:
    """Tells what became of those who were qualified."""

    def __init__(self, book: Book, dice: Dice, scene: Scene, moves: Moves) -> None:
        self.book, self.dice, self.scene, self.moves = book, dice, scene, moves

    def sell(self, life: Life, at: datetime, rep: str, habit: cast.Habit) -> None:
        """A deal, won, lost, or still open when the year ends."""
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
            self.moves.rest(life, closed_at, rep, f"Deal lost: {reason.lower()}", is_agreed=False)

    def _win(
        self, life: Life, rep: str, opened_at: datetime, at: datetime, deal: dict[str, Any]
    ) -> None:
        self._deal(life, rep, opened_at, at, "won", at.date(), deal)
        member = self.scene.members[rep]
        self.book.happen(
            "deal_won", life.felt(at), lead=life.lead_id, by=member,
            deal=deal["name"], amount=deal["amount"], margin=deal["margin"],
        )  # fmt: skip
        self.moves.move(life, "customer", at, by=rep, reason=f"Bought: {deal['name']}")
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
