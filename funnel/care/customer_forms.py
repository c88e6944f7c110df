"""Shape and wording of what people enter about the care of one customer."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funnel.care.forms import DaysField
from funnel.care.telling import contents_in_use, people_to_teach
from funnel.forms import DayField
from funnel.models import Customer, Doer, Renewal, TrainingContent
from leadmgmt.ui.inputs import MoneyField
from leads.models import Lead, Stage


class ItemForm(forms.Form):
    """A step of this customer's checklist."""

    name = forms.CharField(label=_("What is to be done"), max_length=120)
    hint = forms.CharField(
        label=_("How it is done"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due_on = DayField(label=_("Due on"))
    doer = forms.ChoiceField(label=_("Who does it"), choices=Doer)


class ReasonForm(forms.Form):
    """Why something is left out, or lost."""

    reason = forms.CharField(
        label=_("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class GiveForm(forms.Form):
    """Which content, to whom of the customer."""

    content: Any = forms.ModelChoiceField(
        label=_("Training content"), queryset=TrainingContent._base_manager.none()
    )
    people: Any = forms.ModelMultipleChoiceField(
        label=_("Who gets it"),
        queryset=Lead._base_manager.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["content"].queryset = contents_in_use()
        fields["content"].empty_label = gettext("Choose content")
        fields["people"].queryset = people_to_teach(customer)


class SendForm(forms.Form):
    """A word of one's own, whether the file goes with the link, and which letter is the last."""

    note = forms.CharField(
        label=_("A word of yours"),
        max_length=1_000,
        required=False,
        help_text=_("It stands above the link. Empty: only the usual words."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_with_file = forms.BooleanField(
        label=_("Attach the file, too"),
        required=False,
        help_text=_("Files above 10 MB are not taken by many mailboxes; the link always works."),
    )
    after = forms.IntegerField(min_value=0, max_value=50, widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_file: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_file:
            del self.fields["is_with_file"]


class RenewalForm(forms.Form):
    """What is renewed, when, for how much, how often; and when to remind of it."""

    what = forms.CharField(
        label=_("What is renewed"), max_length=200, help_text=_("For example “Licence, 25 seats”.")
    )
    due_on = DayField(label=_("Due on"))
    amount = forms.Field()
    margin = forms.Field()
    months = forms.IntegerField(
        label=_("Every how many months"),
        required=False,
        min_value=1,
        max_value=120,
        help_text=_("Then the next one is planned by itself. Empty: only once."),
    )
    days = DaysField(
        label=_("Remind so many days before"),
        required=False,
        max_length=60,
        help_text=_("With commas between them, such as 30, 7, 0. Empty: as the workspace does."),
    )
    field_order = ("what", "due_on", "amount", "margin", "months", "days")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = gettext("Amount (%(currency)s)") % {"currency": currency}
        self.fields["amount"] = MoneyField(label=label, currency=currency, required=False)
        label = gettext("Gross margin (%(currency)s)") % {"currency": currency}
        self.fields["margin"] = MoneyField(label=label, currency=currency, required=False)
        self.order_fields(self.field_order)

    def told(self) -> dict[str, Any]:
        """What was entered; no days are the workspace's."""
        return {**self.cleaned_data, "days": self.cleaned_data["days"] or None}


def renewal_values(renewal: Renewal) -> dict[str, Any]:
    """What stands in the form of one that is planned."""
    return {name: getattr(renewal, name) for name in RenewalForm.field_order}


class SnoozeForm(forms.Form):
    """Until when a renewal waits."""

    until = DayField(
        label=_("Wait until"), help_text=_("On that morning you are reminded of it again.")
    )


class RenewForm(forms.Form):
    """With whom it is renewed, for how much, and whether that is settled."""

    lead: Any = forms.ModelChoiceField(
        label=_("With whom"), queryset=Lead._base_manager.none(), empty_label=None
    )
    amount = forms.Field()
    margin = forms.Field()
    is_won = forms.ChoiceField(
        label=_("How it stands"),
        choices=(
            ("yes", _("They have renewed: win the deal now")),
            ("no", _("We talk about it: open a deal")),
        ),
        widget=forms.RadioSelect,
        initial="yes",
    )
    field_order = ("is_won", "lead", "amount", "margin")

    def __init__(
        self, *args: Any, renewal: Renewal, customer: Customer, currency: str, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"amount": renewal.amount, "margin": renewal.margin}
        super().__init__(*args, **kwargs)
        label = gettext("Amount (%(currency)s)") % {"currency": currency}
        self.fields["amount"] = MoneyField(label=label, currency=currency, required=False)
        label = gettext("Gross margin (%(currency)s)") % {"currency": currency}
        self.fields["margin"] = MoneyField(label=label, currency=currency, required=False)
        sellable = people_to_teach(customer).filter(stage__in=(Stage.SQL, Stage.CUSTOMER))
        field: Any = self.fields["lead"]
        field.queryset = sellable
        self.order_fields(self.field_order)

    def told(self) -> dict[str, Any]:
        """What was entered, as the verb takes it."""
        return {**self.cleaned_data, "is_won": self.cleaned_data["is_won"] == "yes"}
