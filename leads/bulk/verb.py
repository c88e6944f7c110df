"""What a bulk verb is, and the table of those in force.

A verb is for leads or for companies; `ids` are those of its subject.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise

from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.models import Member
from leads.models.views import Subject

Label = str | Promise


@dataclass(frozen=True)
class Work:
    """One chunk: for whom, how, by whom, and the bulk action it belongs to."""

    ids: Sequence[UUID]
    parameters: Mapping[str, Any]
    by: Member | None
    now: datetime
    bulk_id: UUID


@dataclass(frozen=True)
class Change:
    """One lead (or company) that a chunk changed, and what the verb needs to take that back."""

    lead_id: UUID
    before: Any = field(default_factory=dict)


class BulkForm(forms.Form):
    """The questions of a verb; nothing to ask unless a verb says so.

    `first` names a choice on which the other questions depend.
    """

    first = ""

    def parameters(self) -> dict[str, Any]:
        """The answers as JSON keeps them."""
        return {name: _plain(value) for name, value in self.cleaned_data.items()}


@dataclass(frozen=True)
class Verb:
    """Something one can do to many leads, or to many companies.

    `page` is the page that does the same to one lead: whoever may there, may here. `tell` says what
    was asked for in a few words. `do` handles one chunk set-wise, inside a transaction; `undo`
    takes the changes of one chunk back where nobody changed the lead since, and tells for how many.
    A verb that keeps for itself what was (`keeps_changes`) is asked to undo without changes, until
    it finds nothing more; one whose changes stand in the history of the profile (`in_history`)
    gets them from there.
    """

    name: str
    label: Label
    icon: str
    page: str
    tell: Callable[[Mapping[str, Any]], str]
    do: Callable[[Work], Iterable[Change]]
    undo: Callable[[Work, Sequence[Change]], int] | None = None
    form: type[BulkForm] = BulkForm
    hint: Label = ""
    keeps_changes: bool = False
    in_history: bool = False
    is_dangerous: bool = False
    subject: Subject = Subject.LEAD

    def may(self, member: Member) -> bool:
        """Whether a member may do this to one lead, and so to many."""
        return may(member.role, self.page, "POST")


_verbs: dict[tuple[str, str], Verb] = {}


def bind(verbs: Iterable[Verb]) -> None:
    """Make these the verbs in force (the composition root does, at start-up)."""
    _verbs.clear()
    _verbs.update({(verb.subject, verb.name): verb for verb in verbs})


def verb_called(name: str, subject: str = Subject.LEAD) -> Verb | None:
    """The verb of this name for leads, or for companies, if there is one."""
    return _verbs.get((subject, name))


def verbs_for(member: Member, subject: str = Subject.LEAD) -> Collection[Verb]:
    """What this member may do to many of them, in the order of the table."""
    return [verb for verb in _verbs.values() if verb.subject == subject and verb.may(member)]


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | date):
        return str(value)
    return [str(each) for each in value] if isinstance(value, list) else value
