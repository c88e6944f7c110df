"""How what comes in over the API is read, whatever it is about."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class Text(serializers.CharField):
    """Any text, blank meaning unknown; lengths are checked where they are known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_blank=True, **kwargs)


class StrictFields(serializers.Serializer[Any]):
    """Refuses fields it does not know, so that a typing error is not taken for a blank."""

    def to_internal_value(self, data: Any) -> Any:
        """Name the unknown fields before looking at the known ones."""
        if isinstance(data, dict) and (unknown := data.keys() - self.fields.keys()):
            allowed = ", ".join(sorted(self.fields))
            sentence = _("There is no such field; known are: %(allowed)s.") % {"allowed": allowed}
            raise serializers.ValidationError({name[:60]: sentence for name in sorted(unknown)})
        return super().to_internal_value(data)
