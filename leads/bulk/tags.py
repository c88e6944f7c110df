"""Putting one tag on many leads or companies, and taking it off: how that is asked and told."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.actions.tagging import LONGEST
from leads.bulk.verb import BulkForm, Verb
from leads.models import Subject, Tag


class TagForm(BulkForm):
    """Which tag; a new name makes a new tag."""

    tag = forms.CharField(label=gettext_lazy("Tag"), max_length=LONGEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggestions = list(Tag.objects.order_by("name").values_list("name", flat=True)[:200])
        self.fields["tag"].widget.attrs["list"] = "suggestions"


def tag_verb(*, page: str, do: Any, undo: Any, subject: Subject = Subject.LEAD) -> Verb:
    """Put a tag on many."""
    return Verb(
        name="tag",
        label=gettext_lazy("Add tag"),
        icon="tag",
        page=page,
        tell=lambda parameters: _("Tag “%s”") % parameters["tag"],
        do=do,
        undo=undo,
        form=TagForm,
        hint=gettext_lazy("A word to find them by; a new name makes a new tag."),
        in_history=subject == Subject.COMPANY,
        subject=subject,
    )


def untag_verb(*, page: str, do: Any, undo: Any, subject: Subject = Subject.LEAD) -> Verb:
    """Take a tag off many."""
    return Verb(
        name="untag",
        label=gettext_lazy("Remove tag"),
        icon="tags",
        page=page,
        tell=lambda parameters: _("Take off the tag “%s”") % parameters["tag"],
        do=do,
        undo=undo,
        form=TagForm,
        in_history=subject == Subject.COMPANY,
        subject=subject,
    )
