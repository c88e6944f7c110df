"""What each app forgets when a lead is erased, beside the rows that hang on the lead."""

from capture.actions.forgetting import forget_answers, forget_import_files, forget_import_rows
from integrations.repeating import forget_answers_about
from leads.erasing import Eraser

ERASERS: tuple[Eraser, ...] = (
    forget_answers,
    forget_import_rows,
    forget_import_files,
    forget_answers_about,
)
