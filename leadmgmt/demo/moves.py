"""From stage to stage: the moves of a lead, and its rests."""

from datetime import datetime

from funnel.models import NurturingReturn, StageMove
from leadmgmt.demo.book import Book, Row
from leadmgmt.demo.chance import Dice
from leadmgmt.demo.lives import DAY, Life, Scene

ORDER = ("lead", "mql", "sql", "customer")


class Moves:
    """Writes down who went where, why, and until when."""

    def __init__(self, book: Book, dice: Dice, scene: Scene) -> None:
        self.book, self.dice, self.scene = book, dice, scene

    def move(
        self,
        life: Life,
        stage: str,
        at: datetime,
        *,
        reason: str,
        by: str = "",
        definition: str = "",
    ) -> None:
        """Into another stage, and remembered on the timeline."""
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

    def rest(self, life: Life, at: datetime, rep: str, reason: str, *, is_agreed: bool) -> None:
        """To nurturing, and back when the day has come."""
        if at > self.scene.until:
            return
        self.move(life, "nurturing", at, by=rep, reason=reason)
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
            self.move(life, "lead", due_at, reason="The day to come back has come")
