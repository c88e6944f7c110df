"""What the stages mean, over the API."""

import django_filters
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import mixins, serializers

from funnel.api.rows import OfWorkspace
from funnel.models import Definition, DefinitionState
from funnel.queries.definitions import criteria_of
from leads.api.reading import KeysetPagination
from leads.models import Stage


class DefinitionSerializer(serializers.ModelSerializer[Definition]):
    """A version of what a stage means; moves by rule name the version that made them."""

    stage = serializers.ChoiceField(choices=Stage.choices)
    state = serializers.ChoiceField(choices=DefinitionState.choices)
    criteria = serializers.SerializerMethodField(help_text="The condition in plain words.")

    class Meta:
        model = Definition
        exclude = ("workspace",)

    def get_criteria(self, definition: Definition) -> str:
        """How a lead enters by rule; empty when only people decide."""
        return criteria_of(definition)


class DefinitionFilter(django_filters.FilterSet):
    """`?state=published`: those that bind now."""

    stage = django_filters.ChoiceFilter(choices=Stage.choices)
    state = django_filters.ChoiceFilter(choices=DefinitionState.choices)


class DefinitionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Definitions of the stages, all versions; they are written and published in the browser."""

    queryset = Definition._base_manager.none()
    serializer_class = DefinitionSerializer
    pagination_class = KeysetPagination
    filter_backends = (DjangoFilterBackend,)
    filterset_class = DefinitionFilter
