"""What the stages mean now, and what was proposed or bound before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, floor

from django.db.models import QuerySet

from funnel.models import Definition
from funnel.queries.differences import Difference, Version, criteria_of, differences, history_of
from leadmgmt.workspaces.models import VersionState
from leads.conditions import FieldTest, kinds_of_fact, parse
from leads.models import Stage
from scoring.queries import sorts_without_points


@dataclass(frozen=True)
class StageDefinition:
    """One stage: the version that binds, the one proposed, and all before."""

    stage: Stage
    current: Definition | None = None
    draft: Definition | None = None
    retired: Sequence[Definition] = field(default_factory=list)

    @property
    def criteria(self) -> str:
        """How a lead enters by rule, read aloud; empty when only people decide."""
        return criteria_of(self.current)

    @property
    def proposed_criteria(self) -> str:
        """The same of the draft."""
        return criteria_of(self.draft)

    @property
    def changes(self) -> list[Difference]:
        """What the draft would change."""
        return differences(self.current, self.draft) if self.draft else []

    @property
    def history(self) -> list[Version]:
        """Every version that was published, the newest first, with what it changed."""
        return history_of([each for each in (self.current, *self.retired) if each], differences)


def all_definitions() -> list[StageDefinition]:
    """Every stage in the order of the lifecycle, in one statement."""
    found = list(_versions())
    return [_of_stage(stage, found) for stage in Stage]


def _of_stage(stage: Stage, found: Sequence[Definition]) -> StageDefinition:
    mine = [each for each in found if each.stage == stage]

    def first(state: str) -> Definition | None:
        return next((each for each in mine if each.state == state), None)

    return StageDefinition(
        stage=stage,
        current=first(VersionState.PUBLISHED),
        draft=first(VersionState.DRAFT),
        retired=[each for each in mine if each.state == VersionState.RETIRED],
    )


def mql_score() -> int | None:
    """The score from which the definition in force makes an MQL; None if it asks for no score."""
    definition = Definition.objects.published().filter(stage=Stage.MQL).first()
    if definition is None or not definition.condition:
        return None
    for test in parse(definition.condition, is_stored=True).leaves():
        if isinstance(test, FieldTest) and test.field.name == "score":
            if test.test.operator == "is_at_least":
                return ceil(test.test.value)  # type: ignore[arg-type]  # a number, says the parser
            if test.test.operator == "is_more_than":
                return floor(test.test.value) + 1  # type: ignore[arg-type]  # likewise
    return None


def mql_fields() -> frozenset[str]:
    """The names of the fields the definition in force of an MQL asks about."""
    definition = Definition.objects.published().filter(stage=Stage.MQL).first()
    if definition is None or not definition.condition:
        return frozenset()
    return kinds_of_fact(parse(definition.condition, is_stored=True)).fields


def is_scoreless() -> bool:
    """The definition in force asks for a score, and leads are sorted without points."""
    return "score" in mql_fields() and sorts_without_points()


def definition_named(stage: str) -> StageDefinition | None:
    """One stage with all its versions, in one statement; None if there is no such stage."""
    if stage not in Stage.values:
        return None
    return _of_stage(Stage(stage), list(_versions().filter(stage=stage)))


def _versions() -> "QuerySet[Definition]":
    """All versions with everybody whose name stands on them, the newest first."""
    known = Definition.objects.with_people().select_related("owner_team")
    return known.order_by("-version")
