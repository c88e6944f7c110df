"""The form of a playbook: its questions in their order, its rule, its reasons."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funnel.actions.playbooks import (
    LONGEST_HINT,
    LONGEST_LABEL,
    MOST_DAYS,
    MOST_QUESTIONS,
    NewPlaybook,
)
from funnel.models import DispositionKind, Playbook
from funnel.playbook import DEMANDS, Question, read_questions
from funnel.queries.playbooks import reasons_of

FREE_ROWS = 2


class QuestionForm(forms.Form):
    """One question; the one with the smallest position is asked first."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    position = forms.IntegerField(label=_("Position"), min_value=1, max_value=999)
    label = forms.CharField(label=_("Question"), required=False, max_length=LONGEST_LABEL)
    hint = forms.CharField(
        label=_("What to ask, word by word"), required=False, max_length=LONGEST_HINT
    )
    in_favour = forms.ChoiceField(
        label=_("Speaks for buying"), choices=(("yes", _("Yes")), ("no", _("No")))
    )
    demand = forms.ChoiceField(label=_("For “Qualified”"), choices=DEMANDS, required=False)
    is_dated = forms.BooleanField(label=_("Asks for a date, or words for one"), required=False)
    is_retired = forms.BooleanField(label=_("Ask no more"), required=False)


QuestionFormSet = forms.formset_factory(
    QuestionForm, extra=0, max_num=MOST_QUESTIONS + FREE_ROWS, validate_max=True
)


class PlaybookForm(forms.Form):
    """The rule beside the questions, the reasons, and why it all changes."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    needs_authorised = forms.BooleanField(
        label=_("“Qualified” needs a person spoken to who may decide"), required=False
    )
    least_in_favour = forms.IntegerField(
        label=_("Answers that must speak for buying, at least"),
        min_value=0,
        max_value=MOST_QUESTIONS,
        help_text=_("Partly counts. 0: any number will do."),
    )
    cool_off_days = forms.IntegerField(
        label=_("Cool-off, in days"),
        min_value=0,
        max_value=MOST_DAYS,
        help_text=_("So long no rule makes an MQL of a lead that sales sent back."),
    )
    accepted = forms.CharField(label=_("Reasons to accept"))
    rejected = forms.CharField(label=_("Reasons to reject"))
    recycled = forms.CharField(label=_("Reasons to recycle"))
    reason = forms.CharField(
        label=_("Why it changes"), max_length=300, help_text=_("Shown beside the version.")
    )

    seen = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1
    )

    def __init__(self, data: Any = None, *, playbook: Playbook, seen: int = 0) -> None:
        known: dict[str, Any] = {
            name: getattr(playbook, name)
            for name in ("needs_authorised", "least_in_favour", "cool_off_days")
        }
        for kind in DispositionKind.values:
            known[kind] = "\n".join(each.words for each in reasons_of(playbook, kind))
        known |= {"after": playbook.version, "seen": seen}
        if seen:
            known["reason"] = playbook.reason
        super().__init__(data, initial=known)
        self.fields["reason"].required = "draft" not in (data or {})
        for kind in DispositionKind.values:
            self.fields[kind].widget = forms.Textarea(attrs={"rows": 6, "maxlength": 4_000})
            self.fields[kind].help_text = _("One a line.")


def questions_form(data: Any, playbook: Playbook) -> Any:
    """The questions that are asked, the retired ones behind them, and two empty rows."""
    questions = read_questions(playbook.questions)
    rows: list[dict[str, Any]] = [
        {
            "key": each.key,
            "position": number * 10,
            "label": each.words,
            "hint": each.advice,
            "in_favour": each.in_favour,
            "demand": each.demand,
            "is_dated": each.is_dated,
            "is_retired": each.is_retired,
        }
        for number, each in enumerate(questions, start=1)
    ]
    free: list[dict[str, Any]] = [
        {"position": (len(rows) + n) * 10} for n in range(1, FREE_ROWS + 1)
    ]
    return QuestionFormSet(data, initial=rows + free, prefix="q")


def as_new(form: PlaybookForm, questions: Any, playbook: Playbook) -> NewPlaybook:
    """What `publish_playbook` takes; words nobody changed stay translatable."""
    told = form.cleaned_data
    rows = sorted((each.cleaned_data for each in questions), key=lambda row: row["position"])
    known = {each.key: each for each in read_questions(playbook.questions)}
    return NewPlaybook(
        questions=[_question(row, known.get(row["key"])) for row in rows if row["label"]],
        reasons={kind: told[kind].splitlines() for kind in DispositionKind.values},
        least_in_favour=told["least_in_favour"],
        needs_authorised=told["needs_authorised"],
        cool_off_days=told["cool_off_days"],
    )


def _question(row: dict[str, Any], known: Question | None) -> Question:
    told = {name: value for name, value in row.items() if name != "position"}
    if known and known.words == told["label"]:
        told["label"] = known.label
    if known and known.advice == told["hint"]:
        told["hint"] = known.hint
    return Question(**told)
