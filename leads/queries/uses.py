"""What in the lead database uses a segment or a tag, or asks for a lent number."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces.addresses import workspace_reverse
from leads.models import Persona, RetentionRule, SavedView, Segment, SegmentKind, Subject
from leads.uses import Use, ids_named

LISTS = {Subject.LEAD: "leads:lead_list", Subject.COMPANY: "leads:company_list"}


def segment_uses() -> Iterator[Use]:
    """Live segments that ask about other segments."""
    live = Segment.objects.filter(kind=SegmentKind.LIVE, retired_at=None)
    for pk, name, tree in live.order_by("name").values_list("pk", "name", "condition"):
        if found := ids_named(tree):
            yield Use(_("segment"), name, workspace_reverse("leads:segment", id=pk), found)


def persona_uses() -> Iterator[Use]:
    """Personas are recognised by a segment."""
    known = Persona.objects.filter(retired_at=None).exclude(segment=None).order_by("position", "pk")
    for pk, name, segment_id in known.values_list("pk", "name", "segment_id"):
        address = workspace_reverse("leads:persona", id=pk)
        yield Use(_("persona"), name, address, frozenset({segment_id}))


def view_uses() -> Iterator[Use]:
    """Saved views narrowed by a segment or a tag, or by a condition that asks about one."""
    views = SavedView.objects.order_by("name", "pk")
    for subject, name, query, tree in views.values_list("subject", "name", "query", "condition"):
        narrowed = {"field": "segments", "is": [*_texts(query, "segment"), *_texts(query, "tag")]}
        if found := ids_named([tree, narrowed]):
            yield Use(_("view"), name, workspace_reverse(LISTS[subject]), found)


def retention_uses() -> Iterator[Use]:
    """Rules about who is erased."""
    for name, tree in RetentionRule.objects.order_by("name").values_list("name", "condition"):
        if found := ids_named(tree):
            yield Use(_("retention rule"), name, "", found)


def _texts(query: Mapping[str, object], name: str) -> list[object]:
    value = query.get(name)
    return value if isinstance(value, list) else [value]
