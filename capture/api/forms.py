"""Forms over the API; they are written in the browser."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from rest_framework import mixins, serializers
from rest_framework.viewsets import GenericViewSet

from capture.models import Form
from capture.queries import forms_with_counts
from leadmgmt.workspaces.addresses import absolute
from leadmgmt.workspaces.models import Scope
from leads.api.reading import KeysetPagination


class FormSerializer(serializers.ModelSerializer[Form]):
    """A form with its public address and its counts since it exists."""

    address = serializers.SerializerMethodField()
    views = serializers.IntegerField(help_text="How often people were shown it.")
    answers = serializers.IntegerField(help_text="Accepted answers.")
    spam = serializers.IntegerField(help_text="Answers set aside.")

    class Meta:
        model = Form
        fields = (
            *("id", "name", "is_active", "address", "consent", "purpose"),
            *("views", "answers", "spam", "created_at"),
        )

    def get_address(self, form: Form) -> str:
        """Where people fill it in."""
        return absolute(reverse("public:form", args=[form.token]))


class FormViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """Forms; they are written in the browser."""

    scopes: ClassVar = {"read": Scope.LEADS_READ}
    queryset = Form._base_manager.none()
    serializer_class = FormSerializer
    pagination_class = KeysetPagination
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        """The forms of the workspace."""
        return forms_with_counts()
