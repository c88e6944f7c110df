"""What people enter about routing: a rule, a share, why the plan changes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funnel.models import Otherwise, RoutingRule, Share, Target
from funnel.models.routing import FULLEST, HEAVIEST
from funnel.routing.choosing import SELLERS
from funnel.routing.drafting import LONGEST_NAME, RuleWords, words_of
from funnel.routing.shares import ShareWords
from leadmgmt.workspaces.forms import reason_field
from leadmgmt.workspaces.models import Member, Team
from leads.conditions.building.form import ConditionField
from leads.uses import segments_named


class RuleForm(forms.Form):
    """A rule: whom it is about, who gets them, and what happens if nobody is there."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("Stands in the sentence why: “Routed by rule 2 ‘Greece’”."),
    )
    condition = ConditionField(label=_("For leads that"))
    target = forms.ChoiceField(label=_("They go to"), choices=Target)
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team._base_manager.none(), required=False
    )
    member = forms.ModelChoiceField(
        label=_("Person"), queryset=Member._base_manager.none(), required=False
    )
    keeps_company = forms.BooleanField(
        label=_("First to whoever has the company already"),
        required=False,
        help_text=_("Its owner, or who has others of its people."),
    )
    minds_hours = forms.BooleanField(label=_("Only in their working hours"), required=False)
    otherwise = forms.ChoiceField(label=_("If nobody is there"), choices=Otherwise)

    def __init__(self, *args: Any, rule: RoutingRule | None, **kwargs: Any) -> None:
        words = words_of(rule) if rule else RuleWords("")
        kwargs["initial"] = {**words.__dict__, "condition": words.condition or None}
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["team"].queryset = Team.objects.active().order_by("name_key")
        sellers = Member.objects.present().filter(role__in=SELLERS)
        fields["member"].queryset = sellers.order_by("name", "id")
        if rule is not None and rule.is_last_resort:
            del self.fields["condition"]
        else:
            fields["condition"].kept = segments_named(words.condition)

    def words(self) -> RuleWords:
        """What was written; call it on a valid form only."""
        return RuleWords(**self.cleaned_data)


class PublishPlanForm(forms.Form):
    """Why routing changes, and for whom."""

    reason = reason_field(_("Why does routing change?"))
    is_applied = forms.BooleanField(
        label=_("Also give out the leads that are in the pool now"),
        required=False,
        help_text=_("The oldest first. Otherwise only new MQLs are routed."),
    )


class ShareForm(forms.Form):
    """What one member of a team gets."""

    weight = forms.IntegerField(
        label=_("Turns"),
        min_value=0,
        max_value=HEAVIEST,
        help_text=_("With 2, twice as many leads as somebody with 1; with 0, none."),
    )
    capacity = forms.IntegerField(
        label=_("Open leads at most"),
        min_value=0,
        max_value=FULLEST,
        required=False,
        help_text=_("MQLs and SQLs; empty for any number."),
    )
    territory = ConditionField(
        label=_("Only leads that"), required=False, help_text=_("Empty: leads from everywhere.")
    )

    def __init__(self, *args: Any, share: Share, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "weight": share.weight,
            "capacity": share.capacity,
            "territory": share.territory or None,
        }
        super().__init__(*args, **kwargs)
        asked: Any = self.fields["territory"]
        asked.kept = segments_named(share.territory)

    def words(self) -> ShareWords:
        """What was written; call it on a valid form only."""
        return ShareWords(**self.cleaned_data)
