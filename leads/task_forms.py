"""Shape and wording of what people type about tasks and their kinds."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces.models import Member
from leads.actions.task_kinds import MOST_HOURS, KindFacts
from leads.models import Task, TaskKind

MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A moment on the clock of the workspace, to the minute."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 60}, format=MOMENT)


class TaskForm(forms.Form):
    """What to do, by whom and by when."""

    title = forms.CharField(
        label=_("What to do"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    due_at = MomentField(label=_("Due"))
    assignee: Any = forms.ModelChoiceField(
        label=_("Who"), queryset=None, required=False, empty_label=_("Nobody yet")
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = Member.objects.colleagues().order_by("name", "id")  # type: ignore[attr-defined]


class AddTaskForm(TaskForm):
    """A new task: its kind says what it is about and when it is due unless something is typed."""

    kind: Any = forms.ModelChoiceField(label=_("Next step"), queryset=None, empty_label=None)
    field_order = ("kind", "due_at", "assignee", "title", "note")

    def __init__(self, *args: Any, kinds: Sequence[TaskKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.queryset = TaskKind.objects.filter(retired_at=None)
        field.choices = [(kind.pk, kind.name) for kind in kinds]  # known: no statement more
        self.fields["title"].widget.attrs["placeholder"] = _("As the kind says")


def values_of(task: Task) -> dict[str, Any]:
    """What the form of a task starts with."""
    to_the_minute = task.due_at.replace(second=0, microsecond=0)
    values = {name: getattr(task, name) for name in ("title", "assignee", "note")}
    return values | {"due_at": to_the_minute}


class TaskKindForm(forms.Form):
    """A kind of task."""

    name = forms.CharField(label=_("Name"), max_length=80)
    is_promise = forms.BooleanField(
        label=_("Promised to the lead"),
        required=False,
        help_text=_("The timeline then says whether the promise was kept."),
    )
    due_hours = forms.IntegerField(
        label=_("Due after, in hours"),
        min_value=0,
        max_value=MOST_HOURS,
        initial=24,
        help_text=_("Each 24 hours are one working day."),
    )
    remind_hours = forms.IntegerField(
        label=_("Remind, in hours before"),
        min_value=0,
        max_value=MOST_HOURS,
        initial=1,
        required=False,
        help_text=_("Empty: never."),
    )
    escalate_hours = forms.IntegerField(
        label=_("Tell the sales managers, in hours after"),
        min_value=0,
        max_value=MOST_HOURS,
        initial=24,
        required=False,
        help_text=_("Empty: never."),
    )

    def facts(self) -> KindFacts:
        """What was typed."""
        return KindFacts(**self.cleaned_data)


def kind_values_of(kind: TaskKind) -> dict[str, Any]:
    """What the form of a kind starts with."""
    return {name: getattr(kind, name) for name in TaskKindForm.base_fields}
