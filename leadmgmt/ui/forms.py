from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Every `{{ form }}` in our look, with help and error tied to the field for screen readers."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
