"""Bulk verbs: what can be done to many leads at once, and taken back.

A verb knows how to ask (its form), how to do one chunk, what each changed lead was before, and how
to undo one chunk. `leadmgmt/bulk.py` is the table of them, because some belong to apps above.
"""

from leads.bulk.verb import BulkForm, Change, Verb, Work, bind, verb_called, verbs_for

__all__ = ["BulkForm", "Change", "Verb", "Work", "bind", "verb_called", "verbs_for"]
