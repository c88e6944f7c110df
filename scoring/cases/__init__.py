"""Leads as they were known when something had to be decided, and what became of them.

Main words: case (a lead, its decision moment, its outcome), study (which leads, when one decides,
what counts as success), known then (profile and facts up to the moment, later changes undone),
suspect (a field that may have been written when the outcome was known already).

Back-tests and the predictive model stand on it, so neither can look into the future:

    found = find_cases(study, now=now)      # ids, moments and outcomes of all cases
    for part in found.parts():              # some ten thousands at a time
        sql = known_then(part)              # relations `cases`, `known`, `fact`, `firm`
"""

from scoring.cases.finding import Cases, find_cases
from scoring.cases.known import Moments, UnknownThen, known_then, unknown_then
from scoring.cases.shifting import as_if_today
from scoring.cases.studies import BY_FIELD, CannotStudy, Study, check_study

__all__ = [
    "BY_FIELD",
    "CannotStudy",
    "Cases",
    "Moments",
    "Study",
    "UnknownThen",
    "as_if_today",
    "check_study",
    "find_cases",
    "known_then",
    "unknown_then",
]
