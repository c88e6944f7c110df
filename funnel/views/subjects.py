"""What the pages of definitions are about: the meaning of one stage, or the rule for companies."""

from datetime import datetime
from typing import Any, Protocol

from django.http import Http404
from django.utils.translation import gettext as _

from funnel.actions.companies import (
    discard_company_rule,
    propose_company_rule,
    publish_company_rule,
)
from funnel.actions.definitions import discard_draft, propose_change, publish_definition
from funnel.actions.promoting import who_meets
from funnel.definition_forms import CompanyRuleForm, DefinitionForm
from funnel.models import AgreedVersion, Definition
from funnel.queries.company_rules import CompanyRules, company_rules
from funnel.queries.definitions import StageDefinition, definition_named
from funnel.queries.differences import Difference, Version
from leadmgmt.workspaces.models import Member
from leads.models import Stage

COMPANIES = "companies"


class Subject(Protocol):
    """Something both teams agree on, with all its versions."""

    slug: str
    title: str
    current: Any
    draft: Any

    @property
    def changes(self) -> list[Difference]:
        """What the draft would change."""

    @property
    def history(self) -> list[Version]:
        """Every version that was published, the newest first."""

    def form(self, data: Any) -> Any:
        """The form that proposes a change."""

    def propose(self, told: dict[str, Any], by: Member) -> AgreedVersion:
        """Write the draft."""

    def meeting(self, now: datetime) -> int:
        """How many leads the draft would move at once."""

    def publish(self, version: Any, *, by: Member, now: datetime, is_applied: bool) -> None:
        """Let it bind."""

    def discard(self) -> None:
        """Throw the draft away."""


class OfStage:
    """What one stage means."""

    def __init__(self, found: StageDefinition) -> None:
        self.slug, self.title = found.stage.value, str(found.stage.label)
        self.current, self.draft = found.current, found.draft
        self.changes, self.history = found.changes, found.history
        self.stage = found.stage

    def form(self, data: Any) -> DefinitionForm:
        """Begins with the draft, else with the version that binds."""
        return DefinitionForm(data, stage=self.slug, current=self.draft or self.current)

    def propose(self, told: dict[str, Any], by: Member) -> AgreedVersion:
        """Write the draft."""
        return propose_change(stage=self.slug, **told, by=by)

    def meeting(self, now: datetime) -> int:
        """Only MQLs are made by rule."""
        condition = self.draft.condition if self.draft and self.stage == Stage.MQL else None
        return len(who_meets(condition, now=now)) if condition else 0

    def publish(self, version: Definition, *, by: Member, now: datetime, is_applied: bool) -> None:
        """Let it bind."""
        publish_definition(version, by=by, now=now, is_applied=is_applied)

    def discard(self) -> None:
        """Throw the draft away."""
        discard_draft(stage=self.slug)


class OfCompanies:
    """How a company's stage follows from its people."""

    slug = COMPANIES
    stage = None

    def __init__(self, found: CompanyRules) -> None:
        self.title = _("Stage of companies")
        self.current, self.draft = found.current, found.draft
        self.changes, self.history = found.changes, found.history

    def form(self, data: Any) -> CompanyRuleForm:
        """Begins with the draft, else with the version that binds."""
        return CompanyRuleForm(data, current=self.draft or self.current)

    def propose(self, told: dict[str, Any], by: Member) -> AgreedVersion:
        """Write the draft."""
        return propose_company_rule(**told, by=by)

    def meeting(self, now: datetime) -> int:
        """It moves companies, and no leads."""
        return 0

    def publish(self, version: Any, *, by: Member, now: datetime, is_applied: bool) -> None:
        """Let it bind; companies follow in the background."""
        publish_company_rule(version, by=by, now=now)

    def discard(self) -> None:
        """Throw the draft away."""
        discard_company_rule()


def subject_named(slug: str) -> Subject:
    """The subject a page's address names; 404 if there is none."""
    if slug == COMPANIES:
        return OfCompanies(company_rules())
    found = definition_named(slug)
    if found is None:
        raise Http404
    return OfStage(found)
