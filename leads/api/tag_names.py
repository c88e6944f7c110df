"""Tags themselves over the API: made, called something else, merged, removed."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from leads.actions.profiles import Door
from leads.actions.tags import add_tag, merge_tags, remove_tag, rename_tag
from leads.api.fields import OfWorkspace, one_of
from leads.api.reading import KeysetPagination
from leads.api.shapes import StrictFields
from leads.models import Tag, Via
from leads.queries.tags import counted_tags


class TagSerializer(serializers.ModelSerializer[Tag]):
    """A tag, and how many wear it."""

    leads = serializers.IntegerField(read_only=True)
    companies = serializers.IntegerField(read_only=True)

    class Meta:
        model = Tag
        fields = ("id", "name", "created_at", "leads", "companies")
        read_only_fields = fields


class TagWordsSerializer(StrictFields):
    """What it is called; capitals make no other tag."""

    name = serializers.CharField()


class MergeTagSerializer(StrictFields):
    """Which tag they wear instead."""

    into = one_of(Tag)


class TagViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """The tags of the workspace, the newest first.

    Leads and companies get and lose them one by one (`tag`, `untag`) or by the bulk actions tag
    and untag.
    """

    queryset = Tag._base_manager.none()
    serializer_class = TagSerializer
    pagination_class = KeysetPagination
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Tag]:
        """All of them, with how many wear each."""
        return counted_tags().order_by("-created_at", "-id")

    @extend_schema(request=TagWordsSerializer, responses={201: TagSerializer})
    def create(self, request: Request) -> Response:
        """Make one nobody wears yet."""
        made = add_tag(**self.told(TagWordsSerializer))
        return self._told(made.pk, status.HTTP_201_CREATED)

    @extend_schema(request=TagWordsSerializer, responses=TagSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Call it something else; the name of another tag is refused."""
        rename_tag(self.get_object(), **self.told(TagWordsSerializer))
        return self._told(pk)

    def destroy(self, request: Request, pk: UUID) -> Response:
        """Take it off everybody and forget it; refused while something asks about it."""
        remove_tag(self.get_object(), door=Door(Via.API), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=MergeTagSerializer, responses=TagSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def merge(self, request: Request, pk: UUID) -> Response:
        """Whoever wears it wears another tag instead, and it is gone; answers the other one."""
        tag, into = self.get_object(), self.told(MergeTagSerializer)["into"]
        merge_tags(tag, into=into, door=Door(Via.API), now=timezone.now())
        return self._told(into.pk)

    def _told(self, pk: UUID, code: int = status.HTTP_200_OK) -> Response:
        return self.answer(self.get_queryset().get(pk=pk), code)
