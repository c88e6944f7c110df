"""Who reacts while workers die: publishing, its release, and nothing else."""

import funnel.reactions
import scoring.reactions
from leadmgmt.kernel.events import Table, later, now
from scoring.events import LeadsReleased, RecomputesAdvanced, ReleasesMoved

TABLE: Table = {
    RecomputesAdvanced: [later(scoring.reactions.advance)],
    ReleasesMoved: [later(scoring.reactions.release_further)],
    LeadsReleased: [now(funnel.reactions.promote_released)],
}
