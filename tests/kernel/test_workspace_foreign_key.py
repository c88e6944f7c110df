"""A form over a reference can be made where no workspace is, as modules are."""

from django import forms

from leads.models import Company, Lead


def test_a_model_form_is_made_outside_any_workspace() -> None:
    class LeadForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
        class Meta:
            model = Lead
            fields = ("company",)

    assert not LeadForm.base_fields["company"].required
    assert LeadForm.base_fields["company"].queryset.model is Company  # type: ignore[attr-defined]
