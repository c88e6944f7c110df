"""Choosing an owner for one lead after the other, from what is known; nothing is read or written.

The router and the rehearsal both choose here, so that a rehearsal says what routing does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from funnel.models import Lack, Manner, Otherwise, RoutingRule, Target
from funnel.routing import wording
from funnel.routing.turns import Held, Seat, take_turn
from leadmgmt.workspaces.availability import Presence, Staff
from leadmgmt.workspaces.models import Member, Role

SELLERS = frozenset({Role.ADMIN, Role.MANAGER, Role.REP})


@dataclass(frozen=True)
class Arrival:
    """A lead that wants an owner at some moment.

    `holds`: for each rule, whether its condition does; `at_home`: for each territory, whether the
    lead is in it. `spurned_by`: members who have sent the lead back before.
    """

    lead_id: UUID
    company_id: UUID | None
    at: datetime
    holds: Sequence[bool]
    at_home: Sequence[bool] = ()
    spurned_by: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Verdict:
    """Who gets a lead by which rule, or why nobody does; the sentence says it to people."""

    lead_id: UUID
    rule: RoutingRule
    why: str
    member: Member | None = None
    manner: str = ""
    lack: str = ""
    opens_at: datetime | None = None


@dataclass(frozen=True)
class Hurdle:
    """What keeps a member from getting a lead; `opens_at` if only the hour does."""

    why: str
    opens_at: datetime | None = None


@dataclass
class Desk:
    """All that is known while leads are handed out, and how the turns stand meanwhile."""

    rules: Sequence[RoutingRule]
    seats: Mapping[UUID, Sequence[Seat]]
    staff: Staff
    held: Held = field(default_factory=Held)
    keepers: dict[UUID, UUID] = field(default_factory=dict)
    _seen: dict[tuple[UUID, datetime], Presence] = field(default_factory=dict)

    def choose(self, arrival: Arrival) -> Verdict | None:
        """Who gets this lead; None leaves it in the pool."""
        missed: Verdict | None = None
        for rule, holds in zip(self.rules, arrival.holds, strict=True):
            if not holds:
                continue
            if rule.target == Target.POOL:
                return None
            verdict = self._ask(rule, arrival)
            if verdict.member:
                self._note(arrival, verdict.member.pk)
                return replace(verdict, why=_after(missed, verdict))
            missed = _sooner(missed, verdict)
            if rule.otherwise == Otherwise.HOLD:
                return missed
        return missed

    def _ask(self, rule: RoutingRule, arrival: Arrival) -> Verdict:
        kept = self._keeper(rule, arrival)
        if isinstance(kept, Verdict):
            return kept
        if rule.target == Target.MEMBER:
            return self._person(rule, arrival, kept)
        return self._turn(rule, arrival, kept)

    def _keeper(self, rule: RoutingRule, arrival: Arrival) -> Verdict | str:
        """Whoever has the company, if they may get the lead; else why they may not."""
        keeper = self.keepers.get(arrival.company_id) if arrival.company_id else None
        if not rule.keeps_company or keeper is None:
            return ""
        seat = next((each for each in self._seats(rule) if each.member_id == keeper), None)
        hurdle = self._hurdle(rule, arrival, keeper, seat and replace(seat, territory=None))
        if hurdle:
            return hurdle.why
        member = self.staff.members[keeper]
        why = wording.by_company(rule, member.name)
        return Verdict(arrival.lead_id, rule, why, member, Manner.COMPANY)

    def _person(self, rule: RoutingRule, arrival: Arrival, kept: str) -> Verdict:
        member = self.staff.members[rule.member.pk] if rule.member else None
        hurdle = self._hurdle(rule, arrival, member.pk, None) if member else Hurdle("")
        if member is None or hurdle:
            return _nobody(rule, arrival, [hurdle] if hurdle else [], kept)
        why = wording.by_name(rule, member.name, kept)
        return Verdict(arrival.lead_id, rule, why, member, Manner.PERSON)

    def _turn(self, rule: RoutingRule, arrival: Arrival, kept: str) -> Verdict:
        seats = self._seats(rule)
        asked = {
            seat.member_id: self._hurdle(rule, arrival, seat.member_id, seat) for seat in seats
        }
        hurdles = {member: hurdle for member, hurdle in asked.items() if hurdle}
        eligible = [seat for seat in seats if seat.member_id not in hurdles]
        if not eligible:
            return _nobody(rule, arrival, list(hurdles.values()), kept)
        chosen = self.staff.members[take_turn(eligible).member_id]
        others = [each.why for each in hurdles.values()]
        why = wording.in_turn(rule, chosen.name, len(eligible), [kept, *others])
        return Verdict(arrival.lead_id, rule, why, chosen, Manner.TURN)

    def _hurdle(
        self, rule: RoutingRule, arrival: Arrival, member_id: UUID, seat: Seat | None
    ) -> Hurdle | None:
        presence = self._presence(member_id, arrival.at)
        if presence.is_away:
            return Hurdle(presence.why_not)
        if presence.member.role not in SELLERS:
            return Hurdle(wording.does_not_sell(presence.member.name))
        if member_id in arrival.spurned_by:
            return Hurdle(wording.sent_back(presence.member.name))
        if seat and (hurdle := self._hurdle_of_seat(seat, arrival, presence)):
            return hurdle
        if rule.minds_hours and presence.opens_at:
            return Hurdle(presence.why_not, presence.opens_at)
        return None

    def _hurdle_of_seat(self, seat: Seat, arrival: Arrival, presence: Presence) -> Hurdle | None:
        if seat.weight == 0:
            return Hurdle(wording.takes_none(presence.member.name))
        if seat.territory is not None and not arrival.at_home[seat.territory]:
            return Hurdle("")  # what is not theirs says nothing about this lead
        if seat.capacity is not None and self.held.of(seat.member_id) >= seat.capacity:
            return Hurdle(wording.is_full(presence.member.name, self.held.of(seat.member_id)))
        return None

    def _presence(self, member_id: UUID, at: datetime) -> Presence:
        if (member_id, at) not in self._seen:
            self._seen[member_id, at] = self.staff.presence(member_id, at)
        return self._seen[member_id, at]

    def _note(self, arrival: Arrival, member_id: UUID) -> None:
        self.held.add(member_id)
        if arrival.company_id:
            self.keepers.setdefault(arrival.company_id, member_id)

    def _seats(self, rule: RoutingRule) -> Sequence[Seat]:
        if rule.team_id is None or rule.team.retired_at is not None:
            return ()
        return self.seats.get(rule.team_id, ())


def _nobody(rule: RoutingRule, arrival: Arrival, hurdles: Sequence[Hurdle], kept: str) -> Verdict:
    """Nobody is there; if only because of the hour, from when on somebody is."""
    openings = [each.opens_at for each in hurdles if each.opens_at]
    said = [kept, *(each.why for each in hurdles)]
    if openings:
        why = wording.asleep(rule, min(openings))
        opens_at = min(openings)
        return Verdict(arrival.lead_id, rule, why, lack=Lack.HOURS, opens_at=opens_at)
    return Verdict(arrival.lead_id, rule, wording.nobody(rule, said), lack=Lack.NOBODY)


def _sooner(before: Verdict | None, verdict: Verdict) -> Verdict:
    """Of two rules that found nobody, the one in which somebody only sleeps says more."""
    if before is None or (before.lack == Lack.NOBODY and verdict.lack == Lack.HOURS):
        return verdict
    return before


def _after(missed: Verdict | None, verdict: Verdict) -> str:
    """The sentence, with the rule that was asked before and had nobody."""
    if missed is None:
        return verdict.why
    return wording.after(verdict.why, missed.rule)
