"""What each app forgets when a lead is erased, beside the rows that hang on the lead."""

from capture.actions.forgetting import forget_answers, forget_import_files, forget_import_rows
from funnel.care.forgetting import forget_notices
from integrations.repeating import forget_answers_about
from leads.erasing import Eraser

ERASERS: tuple[Eraser, ...] = (
    forget_answers,
    forget_import_rows,
    forget_import_files,
    forget_answers_about,
    forget_notices,
)
