"""Who the leads are: names, firms, addresses, and how much they want what we sell."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from leadmgmt.demo import cast
from leadmgmt.demo.book import Book
from leadmgmt.demo.chance import Dice, busyness
from leadmgmt.demo.foresight import profile_points
from leadmgmt.demo.knowledge import Knowledge
from leadmgmt.demo.lives import Life
from leads.models import Company, Identity, Lead

COMPANIES = 200
AGAIN = 250  # one colleague in so many is somebody we know, under another address
RUSH = 90  # one in so many comes in the last two days: there was a webinar
GROWTH = 0.9  # the last month of the year brings so much more than the first


@dataclass(frozen=True)
class Firm:
    """A company of the story."""

    company_id: UUID
    name: str
    domain: str
    country: str
    employees: int

    @property
    def fit(self) -> float:
        """How well our software suits a firm of this size."""
        return 0.9 if 40 <= self.employees <= 600 else 0.5


def make_firms(book: Book, dice: Dice, known: Knowledge, since: datetime) -> list[Firm]:
    """Two hundred companies, each name once."""
    names = [f"{first} {last}" for first in cast.FIRM_FIRST for last in cast.FIRM_LAST]
    dice.shuffle(names)
    return [_firm(book, dice, known, name, since) for name in names[:COMPANIES]]


def _firm(book: Book, dice: Dice, known: Knowledge, name: str, since: datetime) -> Firm:
    country, ending = dice.one_of([((c, end), share) for c, share, end, _ in cast.COUNTRIES])
    domain = f"{name.lower().replace(' ', '-')}.example"
    if dice.is_so(0.5):
        domain = f"{name.lower().replace(' ', '')}-{ending.split('.')[-1]}.example"
    employees = round(dice.lognormvariate(4.6, 1.0))
    company_id = book.add(
        Company,
        name=name,
        domain=domain,
        industry=dice.choice(cast.INDUSTRIES),
        country=country,
        employees=employees,
        attributes=known.of_firm(),
        created_at=since,
    )
    return Firm(company_id, name, domain, country, employees)


class Casting:
    """Makes lives, and writes each person's row when the story of their year is over."""

    def __init__(self, book: Book, dice: Dice, known: Knowledge, firms: list[Firm]) -> None:
        self.book, self.dice, self.known, self.firms = book, dice, known, firms
        self.seen: Counter[str] = Counter()
        self.colleagues: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.rows: dict[UUID, dict[str, object]] = {}

    def life(self, born_at: datetime, effort: cast.Effort | None, campaign: UUID | None) -> Life:
        """A person who becomes a lead at `born_at`."""
        firm = self.dice.choice(self.firms) if self.dice.is_so(0.82) else None
        title, _share, seniority = self.dice.choices(
            cast.TITLES, [share for _, share, _ in cast.TITLES]
        )[0]
        life = Life(
            lead_id=uuid4(),
            name="",
            effort=effort,
            campaign_id=campaign,
            company_id=firm.company_id if firm else None,
            company_name=firm.name if firm else "",
            source=effort.source if effort else self.dice.choice(("google", "direct")),
            medium=effort.medium if effort else "organic",
            interest=self._interest(effort, firm),
            seniority=seniority,
            born_at=born_at,
        )
        self._person(life, firm, title)
        self._foresee(life, firm)
        return life

    def write(self, life: Life, owner_id: UUID | None, until: datetime) -> None:
        """The row of a lead as it stands at the end of the story, and its identities."""
        row = self.rows[life.lead_id]
        self.book.add(
            Lead,
            id=life.lead_id,
            **row,
            company_id=life.company_id,
            source=life.source,
            medium=life.medium,
            campaign_id=life.campaign_id,
            first_seen_at=life.first_seen_at,
            stage=life.stage,
            highest_stage=life.highest,
            stage_entered_at=life.stage_entered_at or life.born_at,
            owner_id=owner_id,
            last_activity_at=min(life.last_at or life.born_at, until),
            created_at=life.born_at,
            changed_at=life.born_at,
        )
        for kind in ("email", "phone"):
            if value := row[kind]:
                self.book.add(Identity, lead_id=life.lead_id, kind=kind, value=value)

    def _interest(self, effort: cast.Effort | None, firm: Firm | None) -> float:
        quality = effort.quality if effort else 0.45
        fit = firm.fit if firm else 0.35
        return min(1.0, max(0.02, self.dice.gauss(quality * fit * 1.25, 0.18)))

    def _person(self, life: Life, firm: Firm | None, title: str) -> None:
        first, last = self._name(firm)
        country = firm.country if firm else self.dice.choice(cast.COUNTRIES)[0]
        life.name = f"{first} {last}"
        self.rows[life.lead_id] = {
            "name": life.name,
            "email": self._address(first, last, firm),
            "phone": self._phone(country) if self.dice.is_so(0.45) else "",
            "job_title": title,
            "country": country if self.dice.is_so(0.9) else "",
            "city": self.dice.choice(cast.CITIES[country]) if self.dice.is_so(0.7) else "",
            "attributes": self.known.of_person(),
            "do_not_email": self.dice.is_so(0.03),
            "do_not_call": self.dice.is_so(0.02),
        }

    def _name(self, firm: Firm | None) -> tuple[str, str]:
        """Now and then somebody comes a second time, under another address of the same firm."""
        name = self._new_name()
        if firm is None:
            return name
        known = self.colleagues[firm.name]
        if known and self.dice.randrange(AGAIN) == 0:
            return known[-1]
        while any(name[1] == last for _, last in known) and len(known) < len(cast.LAST_NAMES):
            name = self._new_name()
        known.append(name)
        return name

    def _new_name(self) -> tuple[str, str]:
        return self.dice.choice(cast.FIRST_NAMES), self.dice.choice(cast.LAST_NAMES)

    def _foresee(self, life: Life, firm: Firm | None) -> None:
        row = self.rows[life.lead_id]
        employees = firm.employees if firm else 0
        life.profile = profile_points(
            str(row["job_title"]), str(row["email"]), employees, str(row["phone"])
        )

    def _address(self, first: str, last: str, firm: Firm | None) -> str:
        """At a firm the last name; at home the first one too, or another number than anybody's."""
        local = _plain(last) or "office"
        if firm is None:
            local = f"{_plain(first) or 'mail'}.{local}"
        domain = firm.domain if firm else self.dice.choice(cast.FREE_MAIL)
        place = f"{local}@{firm.domain if firm else 'home'}"
        self.seen[place] += 1
        number = self.seen[place]
        return f"{local}{number if number > 1 else ''}@{domain}"

    def _phone(self, country: str) -> str:
        prefix = next(start for name, _, _, start in cast.COUNTRIES if name == country)
        while (phone := f"{prefix}{self.dice.randrange(10**6, 10**7)}") in self.seen:
            continue
        self.seen[phone] += 1
        return phone


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha())


def births(dice: Dice, since: datetime, until: datetime, count: int) -> list[datetime]:
    """`count` moments over the year: more on working days, and more towards the end."""
    days = [since + timedelta(days=offset) for offset in range((until - since).days)]
    weights = [
        busyness(day) * (1 + GROWTH * position / len(days)) for position, day in enumerate(days)
    ]
    chosen = [*dice.choices(days, weights, k=count - count // RUSH), *[days[-2]] * (count // RUSH)]
    return sorted(day + timedelta(hours=7, seconds=dice.randrange(13 * 3600)) for day in chosen)
