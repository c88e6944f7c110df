"""The rule by which a company's stage follows from its people, and what it makes of one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from funnel.models import CompanyRule
from funnel.queries.differences import Difference, Version, history_of
from leadmgmt.workspaces.models import VersionState
from leads.actions.standing import RANK
from leads.models import Company, Lead, Stage

MOST_NAMED = 5


@dataclass(frozen=True)
class CompanyRules:
    """The version that binds, the one proposed, and all before."""

    current: CompanyRule | None = None
    draft: CompanyRule | None = None
    retired: Sequence[CompanyRule] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What binds, in words."""
        return rule_in_words(self.current.least_people if self.current else 1)

    @property
    def changes(self) -> list[Difference]:
        """What the draft would change."""
        return differences_of_rules(self.current, self.draft) if self.draft else []

    @property
    def history(self) -> list[Version]:
        """Every version that was published, the newest first, with what it changed."""
        return history_of(
            [each for each in (self.current, *self.retired) if each], differences_of_rules
        )


@dataclass(frozen=True)
class StageOfCompany:
    """Why a company stands where it does: the rule, and the people who gave the stage."""

    rule: CompanyRule | None
    words: str
    people: Sequence[Lead]
    others: int


def least_people() -> int:
    """How many people a stage takes by the version that binds."""
    found = CompanyRule.objects.published().values_list("least_people", flat=True).first()
    return found or 1


def company_rules() -> CompanyRules:
    """All versions, in one statement."""
    found = list(CompanyRule.objects.with_people().order_by("-version"))

    def first(state: str) -> CompanyRule | None:
        return next((each for each in found if each.state == state), None)

    retired = [each for each in found if each.state == VersionState.RETIRED]
    return CompanyRules(first(VersionState.PUBLISHED), first(VersionState.DRAFT), retired)


def rule_in_words(least: int) -> str:
    """The rule as both teams read it."""
    if least == 1:
        return _(
            "A company stands where the furthest of its people stands: lead, MQL, SQL or customer."
            " Nobody live: nurturing if anybody is there, else disqualified."
        )
    return _(
        "A company stands at the furthest stage at least %(least)d of its people have come to (all"
        " of them, where fewer are live); one customer makes it a customer. Nobody live: nurturing"
        " if anybody is there, else disqualified."
    ) % {"least": least}


def stage_of_company(company: Company) -> StageOfCompany:
    """The rule that binds, and who in the company stands where it stands, or further."""
    rule = CompanyRule.objects.published().first()
    stages = _giving(company.stage)
    giving = Lead.objects.filter(company=company, stage__in=stages)
    people = list(giving.order_by("stage_entered_at", "id")[: MOST_NAMED + 1])
    others = giving.count() - MOST_NAMED if len(people) > MOST_NAMED else 0
    words = rule_in_words(rule.least_people if rule else 1)
    return StageOfCompany(rule, words, people[:MOST_NAMED], others)


def _giving(stage: str) -> list[Stage]:
    """A live stage is given by whoever came that far or further; a side room by who is there."""
    if RANK.index(Stage(stage)) < RANK.index(Stage.LEAD):
        return [Stage(stage)]
    return RANK[RANK.index(Stage(stage)) :]


def differences_of_rules(before: CompanyRule | None, after: CompanyRule) -> list[Difference]:
    """What the later version changes, in words."""
    old = rule_in_words(before.least_people) if before else ""
    new = rule_in_words(after.least_people)
    return [Difference(_("Rule"), old, new)] if old != new else []
