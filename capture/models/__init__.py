"""Tables of capture, by noun."""

from capture.models.forms import Form, FormDay, Submission, Verdict
from capture.models.imports import (
    DateOrder,
    Import,
    ImportProblem,
    ImportStatus,
    ImportTrace,
    Known,
    Match,
    Origin,
    ProblemVerdict,
    TraceKind,
    Use,
)

__all__ = [
    "DateOrder",
    "Form",
    "FormDay",
    "Import",
    "ImportProblem",
    "ImportStatus",
    "ImportTrace",
    "Known",
    "Match",
    "Origin",
    "ProblemVerdict",
    "Submission",
    "TraceKind",
    "Use",
    "Verdict",
]
