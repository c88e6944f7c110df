"""Ready models of the gallery, read aloud."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from scoring.actions.content import Grouped
from scoring.gallery.ready import ReadyModel
from scoring.models import Rule
from scoring.queries import RuleTold
from scoring.wording import sentence_of


@dataclass(frozen=True)
class ReadyTold:
    """A ready model with its rules in words: those for fit, and those for what leads do."""

    ready: ReadyModel
    fit: Sequence[RuleTold]
    engagement: Sequence[RuleTold]


def ready_told(ready: ReadyModel) -> ReadyTold:
    """What its two models would ask."""
    return ReadyTold(ready, _read(ready.grading().rules), _read(ready.main().rules))


def _read(rules: Sequence[Grouped]) -> list[RuleTold]:
    told = []
    for each in rules:
        values = asdict(each.words)
        values.pop("group")
        rule = Rule(**values)
        told.append(RuleTold(rule, sentence_of(rule), None))
    return told
