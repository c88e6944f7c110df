"""Tables of capture, by noun."""

from capture.models.forms import Form, FormDay, Submission, Verdict
from capture.models.imports import Import, ImportProblem, ImportStatus, ProblemVerdict

__all__ = [
    "Form",
    "FormDay",
    "Import",
    "ImportProblem",
    "ImportStatus",
    "ProblemVerdict",
    "Submission",
    "Verdict",
]
