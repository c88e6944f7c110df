"""What a lead does on the website: visits, pages, forms."""

from datetime import datetime

from leadmgmt.demo import cast
from leadmgmt.demo.book import Book
from leadmgmt.demo.chance import Dice
from leadmgmt.demo.lives import DAY, HOUR, MINUTE, Life, Scene
from leads.models import Visitor


class Browsing:
    """Tells what a lead did on the website."""

    def __init__(self, book: Book, dice: Dice, scene: Scene) -> None:
        self.book, self.dice, self.scene = book, dice, scene

    def browse_before(self, life: Life) -> None:
        """Visits before it said who it is."""
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

    def become_lead(self, life: Life) -> None:
        """By a form, or brought by somebody."""
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

    def browse_after(self, life: Life) -> None:
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
