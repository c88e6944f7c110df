"""Shape and wording of what people enter about deals and pipelines."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funnel.forms import DayField, OnceForm
from funnel.models import CloseReason, Deal, Forecast, PipelineStage
from leadmgmt.ui.inputs import MoneyField
from leadmgmt.workspaces.models import Member


class SeenVersion(forms.IntegerField):
    """Which version of the deal the page showed."""

    widget = forms.HiddenInput


def stages_in_use() -> Any:
    """Every stage a deal may stand in, by pipeline and order."""
    stages = PipelineStage.objects.in_use().filter(pipeline__retired_at=None)
    in_order = ("pipeline__position", "pipeline_id", "position", "id")
    return stages.select_related("pipeline").order_by(*in_order)


class StageField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in its stubs only
    """A stage, under the name of its pipeline where there are several."""

    def label_from_instance(self, obj: Any) -> str:
        """“Sales: Offer”."""
        return f"{obj.pipeline}: {obj.name}"


class DealForm(OnceForm):
    """A deal: what may be sold, for how much, until when, and what comes next."""

    name = forms.CharField(label=_("What may be sold?"), max_length=200)
    amount = forms.Field()
    margin = forms.Field()
    expected_on = DayField(label=_("Expected to close on"), required=False)
    probability = forms.IntegerField(
        label=_("Probability in percent"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("Empty: that of the stage."),
    )
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_step_on = DayField(label=_("On"), required=False)
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=Member._base_manager.none(), required=False
    )
    version = SeenVersion(required=False)

    field_order = (
        *("lead", "name", "stage", "amount", "margin", "expected_on", "probability"),
        *("next_step", "next_step_on", "owner"),
    )

    def __init__(
        self, *args: Any, currency: str, owner: Member | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        label = gettext("Amount (%(currency)s)") % {"currency": currency}
        self.fields["amount"] = MoneyField(label=label, currency=currency, required=False)
        label = gettext("Gross margin (%(currency)s)") % {"currency": currency}
        self.fields["margin"] = MoneyField(label=label, currency=currency, required=False)
        self.fields["margin"].help_text = gettext("What remains after the cost of what is sold.")
        asked: Any = self.fields["owner"]
        here = Member.objects.colleagues() | Member.objects.filter(pk=owner and owner.pk)
        asked.queryset, asked.empty_label = here.order_by("name", "id"), gettext("Nobody")
        self.order_fields(self.field_order)

    def without_figures(self) -> Self:
        """The same for a deal whose lines say amount and margin."""
        del self.fields["amount"], self.fields["margin"]
        return self

    def told(self) -> dict[str, Any]:
        """What was entered, without what only carries the form."""
        carried = ("key", "version", "lead")
        return {name: value for name, value in self.cleaned_data.items() if name not in carried}


class NewDealForm(DealForm):
    """A deal with a lead that was chosen on the page before."""

    lead = forms.UUIDField(widget=forms.HiddenInput)
    stage = StageField(
        label=_("Stage"), queryset=PipelineStage._base_manager.none(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["owner"], self.fields["version"]
        field: Any = self.fields["stage"]
        field.queryset, field.empty_label = stages_in_use(), gettext("The first one")


class WhyForm(forms.Form):
    """A reason of the list, and words beside it."""

    close_reason = forms.ModelChoiceField(
        label=_("Reason"), queryset=CloseReason._base_manager.none(), required=False
    )
    reason = forms.CharField(label=_("In your words"), max_length=300, required=False)

    def __init__(self, *args: Any, status: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["close_reason"]
        field.queryset = CloseReason.objects.in_use().filter(status=status).order_by("position")
        field.empty_label = gettext("Choose a reason, or say it below")


class WinForm(WhyForm):
    """What winning needs; the figures only of a deal without lines."""

    field_order = ("amount", "margin", "close_reason", "reason")

    def __init__(self, data: Any, *, currency: str, deal: Deal, is_summed: bool = False) -> None:
        initial = {"amount": deal.amount, "margin": deal.margin}
        super().__init__(data, initial=initial, status="won")
        if is_summed:
            return
        label = gettext("Sold for (%(currency)s)") % {"currency": currency}
        self.fields["amount"] = MoneyField(label=label, currency=currency)
        label = gettext("Gross margin (%(currency)s)") % {"currency": currency}
        self.fields["margin"] = MoneyField(label=label, currency=currency)
        self.order_fields(self.field_order)


class LoseForm(WhyForm):
    """What losing needs."""


class PipelineForm(forms.Form):
    """A pipeline's name and purpose."""

    name = forms.CharField(label=_("Name"), max_length=80)
    explanation = forms.CharField(
        label=_("What it is for"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class StageForm(forms.Form):
    """A stage of a pipeline."""

    name = forms.CharField(label=_("Name"), max_length=80)
    explanation = forms.CharField(
        label=_("What it means"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("So that two colleagues put the same deal into the same stage."),
    )
    probability = forms.IntegerField(
        label=_("Probability in percent"),
        min_value=0,
        max_value=100,
        help_text=_("How many of a hundred deals that stand here are won in the end."),
    )
    forecast = forms.ChoiceField(
        label=_("In the forecast"), choices=Forecast, initial=Forecast.OPEN
    )


class RetireStageForm(forms.Form):
    """Where the open deals of a stage go on."""

    into = forms.ModelChoiceField(
        label=_("Its open deals go on in"),
        queryset=PipelineStage._base_manager.none(),
        required=False,
    )

    def __init__(self, *args: Any, stage: PipelineStage, deals: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = PipelineStage.objects.in_use().filter(pipeline_id=stage.pipeline_id)
        field: Any = self.fields["into"]
        field.queryset = others.exclude(pk=stage.pk).order_by("position", "id")
        field.required = deals > 0
        field.empty_label = gettext("Choose a stage") if deals else gettext("Nowhere: it has none")


class ReasonForm(forms.Form):
    """One more reason deals are won or lost for."""

    status = forms.ChoiceField(label=_("For deals that are"), choices=())
    name = forms.CharField(label=_("Reason"), max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["status"]
        field.choices = [("lost", gettext("Lost")), ("won", gettext("Won"))]
