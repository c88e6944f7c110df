"""In which state an import must be for what is asked of it."""

from uuid import UUID

from django.utils.translation import gettext as _

from capture.models import Import
from leadmgmt.kernel.refusals import Conflict


class CannotChangeImport(Conflict):
    """The import is not in the state this asks for."""


def locked(import_id: UUID, *statuses: str) -> Import:
    """The import, ours alone until the transaction ends; refuses any other state."""
    found: Import = Import.objects.select_for_update().get(pk=import_id)
    refuse_status(found, *statuses)
    return found


def refuse_status(found: Import, *statuses: str) -> None:
    """Refuse what is not asked for in the right moment."""
    if found.status not in statuses:
        raise CannotChangeImport(
            _("This import is %(status)s by now; look at its page for what can be done.")
            % {"status": f"“{found.get_status_display()}”"}
        )
