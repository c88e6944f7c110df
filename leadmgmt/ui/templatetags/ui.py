"""`{% load ui %}`: all components."""

from leadmgmt.ui.components import charts, figures, layout, people, status, tables, words
from leadmgmt.ui.components.library import register

__all__ = ["charts", "figures", "layout", "people", "register", "status", "tables", "words"]
