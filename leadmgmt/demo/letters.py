"""What the sequences sent during the year: enrolments, messages, opens and clicks."""

from datetime import datetime, timedelta
from uuid import UUID

from leadmgmt.demo.book import Book
from leadmgmt.demo.chance import Dice
from leadmgmt.demo.lives import Life
from nurturing.merging import render
from nurturing.models import Enrolment, Link, Message, Sequence, SequenceVersion, Step, StepKind

SITE = "https://www.northlight.example"


class Letters:
    """Follows the published version of one sequence with everybody who entered its stage."""

    def __init__(self, book: Book, dice: Dice, sequence: Sequence, until: datetime) -> None:
        self.book, self.dice, self.sequence, self.until = book, dice, sequence, until
        self.version = SequenceVersion.objects.filter(sequence=sequence).latest("number")
        self.steps = list(Step.objects.filter(version=self.version).order_by("position"))

    def send(self, life: Life, address: str, since: datetime, left_at: datetime | None) -> None:
        """One lead's way through the sequence, from the day it entered the stage."""
        end = min(left_at or self.until, self.until)
        enrolment = self._enrol(life, since)
        at, position = since, 0
        for position, step in enumerate(self.steps):  # noqa: B007 (where the lead stands at the end)
            if step.kind == StepKind.WAIT:
                at += step.wait
                continue
            if at > end:
                break
            self._message(life, address, enrolment, step, at)
        else:
            self._close(enrolment, "finished", min(at, end))
            return
        if left_at and left_at <= self.until:
            self._close(enrolment, "left", left_at, reason="moved_on")
        else:
            self._rows(enrolment)["position"], self._rows(enrolment)["due_at"] = position, at

    def _enrol(self, life: Life, at: datetime) -> UUID:
        self.book.happen(
            "enrolled", at, lead=life.lead_id,
            sequence=self.sequence.name, sequence_id=str(self.sequence.pk),
        )  # fmt: skip
        return self.book.add(
            Enrolment,
            sequence_id=self.sequence.pk,
            version_id=self.version.pk,
            lead_id=life.lead_id,
            position=0,
            due_at=at,
            state="running",
            reason="",
            enrolled_at=at,
            ended_at=None,
        )

    def _rows(self, _enrolment: UUID) -> dict[str, object]:
        return self.book.rows[Enrolment][-1]

    def _close(self, enrolment: UUID, state: str, at: datetime, reason: str = "") -> None:
        self._rows(enrolment).update(state=state, ended_at=at, reason=reason)

    def _message(self, life: Life, address: str, enrolment: UUID, step: Step, at: datetime) -> None:
        opened_at, clicked_at = self._reaction(life, at)
        message = self.book.add(
            Message,
            enrolment_id=enrolment,
            sequence_id=self.sequence.pk,
            step_id=step.pk,
            step_key=step.key,
            lead_id=life.lead_id,
            to=address,
            subject=render(step.subject, {"lead": {"first_name": life.name.split(" ")[0]}}),
            state="sent",
            attempts=1,
            planned_at=at,
            due_at=at,
            claimed_at=at,
            sent_at=at,
            opened_at=opened_at,
            clicked_at=clicked_at,
        )
        self.book.add(
            Link, message_id=message, number=0, target=f"{SITE}/customers", clicked_at=clicked_at
        )
        said = {"subject": self.book.rows[Message][-1]["subject"], "message_id": str(message)}
        self.book.happen("message_sent", at, lead=life.lead_id, **said)
        if opened_at:
            self.book.happen("message_opened", life.felt(opened_at), lead=life.lead_id, **said)
        if clicked_at:
            said["url"] = f"{SITE}/customers"
            self.book.happen("message_clicked", life.felt(clicked_at), lead=life.lead_id, **said)

    def _reaction(self, life: Life, at: datetime) -> tuple[datetime | None, datetime | None]:
        opened_at = at + self.dice.lasting(timedelta(hours=9))
        if not self.dice.is_so(0.25 + 0.3 * life.interest) or opened_at > self.until:
            return None, None
        clicked_at = opened_at + self.dice.lasting(timedelta(minutes=4))
        clicks = self.dice.is_so(0.12 + 0.2 * life.interest) and clicked_at <= self.until
        return opened_at, clicked_at if clicks else None
