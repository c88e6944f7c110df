"""Behind which doors there is something with a name: see `leads.origins`."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from capture.models import Form, Import
from leads.models import Via
from leads.origins import Names


def _named(model: Any) -> Names:
    def names(ids: Collection[UUID]) -> Mapping[UUID, str]:
        return dict(model.objects.filter(pk__in=ids).values_list("pk", "name"))

    return names


ORIGINS: dict[str, Names] = {Via.IMPORT: _named(Import), Via.FORM: _named(Form)}
