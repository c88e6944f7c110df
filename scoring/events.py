"""Facts scoring announces."""

from dataclasses import dataclass

from leadmgmt.kernel.events import Event

SCORE_OF = "score."
CHANCE = "chance"
"""How conditions name the score by a product line, before the id of its model, and the chance."""


@dataclass(frozen=True)
class LeadsScored(Event):
    """The shown score or class of these leads has changed, or what a definition asks beside it.

    `is_quiet`: whoever asked for the computation asked that nothing fires.
    """

    is_quiet: bool = False


@dataclass(frozen=True)
class LeadsReleased(Event):
    """A release lets these leads become MQLs. `spares`: what is not to follow, by name."""

    spares: str = ""


@dataclass(frozen=True)
class ReleasesMoved(Event):
    """These releases (ids of Release) have begun, or have more to let go."""


@dataclass(frozen=True)
class RadiiMoved(Event):
    """These blast radii (ids of BlastRadius) are being worked out."""


@dataclass(frozen=True)
class MeasurementsAdvanced(Event):
    """These measurements (ids of Measurement) have counted cases, or have just been asked for."""


@dataclass(frozen=True)
class RecomputesAdvanced(Event):
    """These recomputes (ids of Recompute) have done a chunk, or have just been asked for."""


@dataclass(frozen=True)
class TrainingsMoved(Event):
    """These predictive models have been asked for, or have found their cases."""


@dataclass(frozen=True)
class ChancesMoved(Event):
    """The chances of all leads are being worked out by these predictive models."""


@dataclass(frozen=True)
class SimulationsMoved(Event):
    """These simulations have been asked for, or have done a chunk."""


@dataclass(frozen=True)
class BackTestsMoved(Event):
    """These back-tests have been asked for, or have done a part."""
