"""What the worker repeats for scoring."""

from datetime import datetime

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.fencing import workspaces_due
from scoring.actions.beside import rescore_due_all
from scoring.actions.chances import refresh_due
from scoring.actions.releasing import release_due
from scoring.indicators.measuring import measure_due


def rescore_all_due(now: datetime) -> int:
    """Rescore, in every workspace, the leads whose score the passing of days may change."""
    looked_at = 0
    for workspace_id in workspaces_due("scoring_due_scores", now):
        with inside(workspace_id):
            while done := rescore_due_all(now=now):
                looked_at += done
    return looked_at


def release_all_due(now: datetime) -> int:
    """Go on with every release that waited for an hour or a stage; in how many workspaces."""
    due = workspaces_due("scoring_due_releases", now)
    for workspace_id in due:
        with inside(workspace_id):
            release_due(now=now)
    return len(due)


def predict_all_due(now: datetime) -> int:
    """Begin the nightly refresh of chances where it is due; in how many workspaces."""
    workspaces = workspaces_due("scoring_due_predictions", now)
    for workspace_id in workspaces:
        with inside(workspace_id):
            refresh_due(now=now)
    return len(workspaces)


def measure_all_due(now: datetime) -> int:
    """Measure the indicators of every workspace whose figures are older than a day."""
    due = workspaces_due("scoring_due_indicators", now)
    for workspace_id in due:
        with inside(workspace_id):
            measure_due(now=now)
    return len(due)
