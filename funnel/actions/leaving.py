"""What the definitions ask of a move by hand: where to, why, and whom they let in."""

from datetime import datetime

from django.utils.translation import gettext as _

from funnel.models import Deal, Definition, Outcome, Qualification
from leadmgmt.kernel.refusals import Refusal
from leads.actions.standing import RANK
from leads.conditions import Explained, explain, parse
from leads.models import Lead, Stage


class CannotMoveLead(Refusal):
    """The lead may not go there, or not like this."""


def definition_of(stage: str) -> Definition | None:
    """The version that binds now."""
    found: Definition | None = Definition.objects.published().filter(stage=stage).first()
    return found


def next_stages(lead: Lead) -> list[Stage]:
    """Where the definition of the lead's stage lets it go by hand; undefined, everywhere."""
    here = definition_of(lead.stage)
    return here.may_go_to if here else [stage for stage in Stage if stage != lead.stage]


def is_exit(before: str, after: str) -> bool:
    """Does who goes there go back, or aside? Only then a reason is chosen from the list."""
    return RANK.index(Stage(after)) < RANK.index(Stage(before))


def missing_parts(found: Explained) -> list[str]:
    """What would have to hold and does not, in words."""
    if found.is_holding:
        return []
    is_together = found.parts and sum(each.is_holding for each in found.parts) > 0
    missing = [each for each in found.parts if not each.is_holding] if is_together else [found]
    return [each.sentence for each in missing]


def require_move(lead: Lead, stage: str, *, exit_reason: str, now: datetime) -> None:
    """Refuse a move the definitions of both stages do not allow."""
    here, there = definition_of(lead.stage), definition_of(stage)
    _require_way(here, lead, stage)
    _require_exit_reason(here, lead, stage, exit_reason)
    if stage == Stage.SQL:
        _require_qualification(there, lead)
    if stage == Stage.CUSTOMER:
        _require_sale(lead)
    if there and there.is_binding:
        require_criteria(there, lead, now=now)


def require_criteria(there: Definition, lead: Lead, *, now: datetime) -> None:
    """Refuse who does not meet the entry criteria of a definition."""
    if not there.condition:
        return
    found = explain(parse(there.condition, is_stored=True), [lead.pk], now)[lead.pk]
    if found.is_holding:
        return
    sentence = _("%(lead)s does not meet what %(definition)s asks for. Missing: %(missing)s.")
    values = {"lead": lead, "definition": there, "missing": "; ".join(missing_parts(found))}
    raise CannotMoveLead(sentence % values, field="stage")


def _require_way(here: Definition | None, lead: Lead, stage: str) -> None:
    if here is None or stage in here.may_go_to:
        return
    values = {"here": here.get_stage_display(), "there": Stage(stage).label}
    if not here.may_go_to:
        sentence = _("Nobody goes on from %(here)s by hand.")
        raise CannotMoveLead(sentence % values, field="stage")
    values["known"] = ", ".join(str(each.label) for each in here.may_go_to)
    sentence = _("From %(here)s a lead does not go to %(there)s, but to: %(known)s.")
    raise CannotMoveLead(sentence % values, field="stage")


def _require_exit_reason(here: Definition | None, lead: Lead, stage: str, exit_reason: str) -> None:
    known = here.exit_reasons if here else []
    if exit_reason and exit_reason not in known:
        sentence = _("“%(reason)s” is no exit reason of %(stage)s. Known are: %(known)s.")
        values = {"reason": exit_reason, "stage": Stage(lead.stage).label}
        values["known"] = ", ".join(known) or _("none")
        raise CannotMoveLead(sentence % values, field="exit_reason")
    if known and not exit_reason and is_exit(lead.stage, stage):
        sentence = _("Choose why the lead leaves %(stage)s: %(known)s.")
        values = {"stage": Stage(lead.stage).label, "known": ", ".join(known)}
        raise CannotMoveLead(sentence % values, field="exit_reason")


def _require_qualification(there: Definition | None, lead: Lead) -> None:
    if there and not there.needs_qualification:
        return
    if not is_qualified(lead):
        sentence = _("Only a qualification makes an SQL. Qualify %(lead)s first.")
        raise CannotMoveLead(sentence % {"lead": lead}, field="stage")


def is_qualified(lead: Lead) -> bool:
    """Has a positive qualification been recorded in the present cycle?"""
    found = Qualification.objects.filter(lead=lead, outcome=Outcome.POSITIVE, cycle=lead.cycle)
    return bool(found.exists())


def has_bought(lead: Lead) -> bool:
    """Has a deal with this person been won?"""
    return bool(Deal.objects.won().filter(lead=lead).exists())


def _require_sale(lead: Lead) -> None:
    if not has_bought(lead):
        sentence = _("%(lead)s has bought nothing yet. Win a deal, and the lead is a customer.")
        raise CannotMoveLead(sentence % {"lead": lead}, field="stage")
