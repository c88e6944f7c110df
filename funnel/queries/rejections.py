"""What sales said about MQLs, by what had made them: the definition, the score version."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from funnel.models import Definition, Disposition, DispositionKind, StageMove
from funnel.queries.playbooks import playbook_in_force, reasons_of, versions
from leadmgmt.kernel.sql import fetch
from scoring.models import ModelVersion

NEWEST = 50
UNDECIDED = "undecided"
NOBODY = "none"  # made by hand; before the first version

SAID = ("kind", "reason", "words", "decided_at", "by__name")

# Each time a lead became an MQL is one MQL, whatever became of it. Those on whom nobody decided
# have no disposition, and count among the made.
MADE = """
SELECT move.definition_id, version.id, said.kind, said.reason, count(*)
FROM funnel_stagemove AS move
LEFT JOIN funnel_disposition AS said
    ON said.workspace_id = move.workspace_id AND said.lead_id = move.lead_id
    AND said.made_at = move.moved_at
LEFT JOIN LATERAL (
    SELECT version.id FROM scoring_modelversion AS version
    WHERE version.workspace_id = move.workspace_id AND version.id = ANY(%(versions)s::uuid[])
      AND version.published_at <= move.moved_at
    ORDER BY version.published_at DESC LIMIT 1
) AS version ON true
WHERE move.workspace_id = %(workspace)s AND move.to_stage = 'mql'
  AND move.moved_at >= %(since)s AND move.moved_at < %(until)s
GROUP BY 1, 2, 3, 4
"""


@dataclass
class Verdict:
    """What became of the MQLs one rule made. `reasons`: key → how many were sent back for it."""

    rule: Any
    made: int = 0
    accepted: int = 0
    rejected: int = 0
    recycled: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def undecided(self) -> int:
        """Nobody has said anything about them yet."""
        return self.made - self.accepted - self.rejected - self.recycled

    @property
    def rejected_share(self) -> float | None:
        """Rejected / made."""
        return self.rejected / self.made if self.made else None

    @property
    def accepted_share(self) -> float | None:
        """Accepted / made."""
        return self.accepted / self.made if self.made else None


@dataclass(frozen=True)
class Verdicts:
    """The same MQLs three times: by definition, by score version, by reason (kind, key)."""

    by_definition: Sequence[Verdict]
    by_score: Sequence[Verdict]
    by_reason: Sequence[tuple[str, str, int]]

    @property
    def made(self) -> int:
        """How many MQLs there were in the period."""
        return sum(each.made for each in self.by_definition)


def verdicts(since: datetime, until: datetime) -> Verdicts:
    """What sales said about the MQLs made in [since, until)."""
    scores = {each.pk: each for each in ModelVersion.objects.main().numbered()}
    rows = fetch(MADE, since=since, until=until, versions=list(scores))
    definitions = {each.pk: each for each in Definition.objects.filter(stage="mql")}
    by_reason: dict[tuple[str, str], int] = {}
    for _definition, _version, kind, reason, count in rows:
        if kind in (DispositionKind.REJECTED, DispositionKind.RECYCLED):
            by_reason[kind, reason] = by_reason.get((kind, reason), 0) + count
    return Verdicts(
        _by(0, rows, definitions),
        _by(1, rows, scores),
        sorted(((*key, n) for key, n in by_reason.items()), key=lambda row: -row[2]),
    )


@dataclass(frozen=True)
class Asked:
    """Which of the MQLs: of a rule (an id, or `NOBODY`), of whom something was said, and why."""

    since: datetime
    until: datetime
    definition: UUID | str = ""
    score: UUID | str = ""
    kind: str = ""
    reason: str = ""


def mqls_behind(asked: Asked) -> QuerySet[Any]:
    """The very MQLs a count of `verdicts` is of, each with what was said: `said_kind` and so on.

    `score_id` is the version of the score model in force when the lead became an MQL.
    """
    said = Disposition.objects.filter(lead=OuterRef("lead"), made_at=OuterRef("moved_at"))
    versions = ModelVersion.objects.main().numbered()
    in_force = versions.filter(published_at__lte=OuterRef("moved_at")).order_by("-published_at")
    made: QuerySet[Any] = StageMove.objects.filter(
        to_stage="mql", moved_at__gte=asked.since, moved_at__lt=asked.until
    ).annotate(
        score_id=Subquery(in_force.values("pk")[:1]),
        **{f"said_{name}": Subquery(said.values(name)[:1]) for name in SAID},
    )
    for name, chosen in (("definition_id", asked.definition), ("score_id", asked.score)):
        if chosen:
            made = made.filter(**{name: None if chosen == NOBODY else chosen})
    if asked.kind:
        made = made.filter(said_kind=None if asked.kind == UNDECIDED else asked.kind)
    if asked.reason:
        made = made.filter(said_reason=asked.reason)
    return made.select_related("lead__company", "definition")


def latest_sent_back(since: datetime, until: datetime) -> QuerySet[Disposition]:
    """The newest rejections and recyclings of MQLs made in the period, with their words."""
    kinds = (DispositionKind.REJECTED, DispositionKind.RECYCLED)
    rows: QuerySet[Disposition] = Disposition.objects.filter(
        made_at__gte=since, made_at__lt=until, kind__in=kinds
    )
    with_names = rows.select_related("lead", "by", "definition")
    return with_names.order_by("-decided_at", "-id")[:NEWEST]


def reasons_in_words() -> dict[tuple[str, str], str]:
    """Kind and key → words, of every version; the newest words of a key count."""
    words = {
        (kind.value, each.key): each.words
        for playbook in reversed([playbook_in_force(), *versions()])
        for kind in DispositionKind
        for each in reasons_of(playbook, kind)
    }
    for kind in DispositionKind:
        words[kind.value, "qualification"] = _("The qualification said so")
        words[kind.value, "qualified"] = _("Qualified")
    return words


def _by(place: int, rows: Sequence[tuple[Any, ...]], rules: dict[UUID, Any]) -> list[Verdict]:
    found: dict[UUID | None, Verdict] = {}
    for row in rows:
        kind, reason, count = row[2:]
        verdict = found.setdefault(row[place], Verdict(rules.get(row[place])))
        verdict.made += count
        if kind:
            setattr(verdict, kind, getattr(verdict, kind) + count)
        if kind in (DispositionKind.REJECTED, DispositionKind.RECYCLED):
            verdict.reasons[reason] = verdict.reasons.get(reason, 0) + count
    return sorted(found.values(), key=lambda each: -each.made)
