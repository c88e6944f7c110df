"""Facts the funnel announces; ids are ids of leads, unless they say otherwise."""

from dataclasses import dataclass

from leadmgmt.kernel.events import Event


@dataclass(frozen=True)
class StagesEntered(Event):
    """These leads have just entered `stage`.

    `is_quiet`: whoever moved them asked that nothing follows. `spares`: or that these effects do
    not, by the names of `leadmgmt/effects.py`, parted by blanks.
    """

    stage: str = ""
    is_quiet: bool = False
    spares: str = ""

    def has_effect(self, name: str) -> bool:
        """Whether the effect of this name may follow."""
        return not self.is_quiet and name not in self.spares.split()


@dataclass(frozen=True)
class LeadsAttempted(Event):
    """A rep tried to reach these leads: a call, an email, a voice message or a meeting."""


@dataclass(frozen=True)
class DealsWon(Event):
    """These leads have bought."""


@dataclass(frozen=True)
class CustomersWon(Event):
    """These customers (ids of customers) are new, or customers again."""


@dataclass(frozen=True)
class CustomersEnded(Event):
    """These (ids of customers) are customers no more; what hangs on them stays."""


@dataclass(frozen=True)
class DealsReopened(Event):
    """These leads have not bought after all, as somebody took back."""


@dataclass(frozen=True)
class TrainingLettersBounced(Event):
    """These letters (ids) came back: the address they went to takes none."""


@dataclass(frozen=True)
class HealthAsked(Event):
    """These customers (ids of customers) may fare otherwise now. `is_quiet`: nobody is told."""

    is_quiet: bool = False


@dataclass(frozen=True)
class HealthPublished(Event):
    """These health rules (ids of plans) hold now, for customers beyond the id `after`."""

    after: str = ""


@dataclass(frozen=True)
class HealthSwitchedOff(Event):
    """These health rules (ids of plans) hold no more, and none instead of them."""


@dataclass(frozen=True)
class DefinitionsPublished(Event):
    """These definitions (ids) bind now. `is_applied`: also for everybody who meets them already."""

    is_applied: bool = False


@dataclass(frozen=True)
class RoutingPublished(Event):
    """These routing plans (ids) hold now. `is_applied`: for everybody in the pool already, too."""

    is_applied: bool = False


@dataclass(frozen=True)
class CompanyRulesPublished(Event):
    """These versions of the company rule (ids) bind now, for companies beyond the id `after`."""

    after: str = ""
