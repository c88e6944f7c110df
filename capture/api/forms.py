"""Forms over the API: what the pages do, with the same refusals."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from capture.actions.shaping import save_form
from capture.forms.forms import FormForm
from capture.models import Form
from capture.queries import forms_with_counts
from capture.questions import LONGEST_LABEL, Question, questions_of
from leadmgmt.workspaces.addresses import absolute
from leadmgmt.workspaces.models import Scope
from leads.api.fields import OfWorkspace
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination


class QuestionSerializer(StrictFields):
    """One question; `key` is a field of the lead, `attributes.<custom field>` or `message`."""

    key = serializers.CharField(max_length=100)
    label = serializers.CharField(max_length=LONGEST_LABEL)  # type: ignore[assignment]
    is_required = serializers.BooleanField(default=False)


class FormSerializer(serializers.ModelSerializer[Form]):
    """A form with its public address and its counts since it exists."""

    address = serializers.SerializerMethodField()
    questions = QuestionSerializer(many=True, source="fields")
    views = serializers.IntegerField(help_text="How often people were shown it.")
    answers = serializers.IntegerField(help_text="Accepted answers.")
    spam = serializers.IntegerField(help_text="Answers set aside.")

    class Meta:
        model = Form
        fields = (
            *("id", "name", "is_active", "address", "questions", "button", "consent", "purpose"),
            *("thanks", "redirect_url", "campaign", "views", "answers", "spam", "created_at"),
        )

    def get_address(self, form: Form) -> str:
        """Where people fill it in."""
        return absolute(reverse("public:form", args=[form.token]))


class FormChangesSerializer(StrictFields):
    """What to change of a form; sites that show it show the change at once."""

    name = serializers.CharField(max_length=120, required=False)
    is_active = serializers.BooleanField(
        required=False, help_text="Whether it is published: an unpublished one takes no answers."
    )
    questions = QuestionSerializer(many=True, required=False)
    button = serializers.CharField(max_length=60, required=False)
    consent = serializers.CharField(max_length=500, required=False, allow_blank=True)
    purpose = serializers.UUIDField(required=False, allow_null=True)
    thanks = serializers.CharField(max_length=500, required=False)
    redirect_url = serializers.CharField(max_length=500, required=False, allow_blank=True)
    campaign = serializers.UUIDField(required=False, allow_null=True)


class NewFormSerializer(FormChangesSerializer):
    """A form; it takes answers unless it says otherwise."""

    name = serializers.CharField(max_length=120)
    questions = QuestionSerializer(many=True)


class FormViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Forms: made, changed, published and retired."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.LEADS_WRITE}
    queryset = Form._base_manager.none()
    serializer_class = FormSerializer
    pagination_class = KeysetPagination
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Any]:
        """The forms of the workspace."""
        return forms_with_counts()

    @extend_schema(request=NewFormSerializer, responses={201: FormSerializer})
    def create(self, request: Request) -> Response:
        """Make a form; refused when nobody who answers could be reached."""
        made = _saved(Form(), self.told(NewFormSerializer))
        return self.answer(self.get_queryset().get(pk=made.pk), status.HTTP_201_CREATED)

    @extend_schema(request=FormChangesSerializer, responses=FormSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named; `is_active` publishes and retires. Questions are replaced."""
        self.get_object()
        told = self.told(FormChangesSerializer)
        with transaction.atomic():
            _saved(Form.objects.select_for_update().get(pk=pk), told)
        return self.answer(self.get_object())


def _saved(form: Form, told: dict[str, Any]) -> Form:
    """With the rules of the page's own form."""
    asked = told.pop("questions", None)
    questions = questions_of(form.fields) if asked is None else [Question(**each) for each in asked]
    details = FormForm(model_to_dict(form, FormForm.Meta.fields) | told, instance=form)
    if not details.is_valid():
        raise ValidationError({name: [*map(str, said)] for name, said in details.errors.items()})
    return save_form(details.save(commit=False), questions)
