"""The set-wise SQL of scoring: facts to hits, hits and profiles to contributions and scores.

Each statement works on a batch of leads: a list, or a range of ids (chunks of a recompute).
"""

from scoring.statements.batches import EVERYBODY, STORED, Batch, Source, Statement, between, these
from scoring.statements.contributions import contributions
from scoring.statements.hits import facts, refresh_hits
from scoring.statements.simulating import scored
from scoring.statements.writing import remember_changes, work_out

__all__ = [
    "EVERYBODY",
    "STORED",
    "Batch",
    "Source",
    "Statement",
    "between",
    "contributions",
    "facts",
    "refresh_hits",
    "remember_changes",
    "scored",
    "these",
    "work_out",
]
