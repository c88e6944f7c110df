"""Who may open what of sequences and their messages."""

from leadmgmt.access.roles import MARKETING, READ, WORKING
from leadmgmt.workspaces.access import EVERYBODY, Access
from leadmgmt.workspaces.models import Scope

PAGES: dict[str, Access] = {
    "nurturing:sequence_list": Access(EVERYBODY),
    "nurturing:sequence": Access(EVERYBODY),
    "nurturing:message_list": Access(EVERYBODY),
    "nurturing:sequence_new": Access(MARKETING, MARKETING),
    "nurturing:sequence_edit": Access(MARKETING, MARKETING),
    "nurturing:sequence_pause": Access(write=MARKETING),
    "nurturing:sequence_resume": Access(write=MARKETING),
    "nurturing:message_settle": Access(write=MARKETING),
    "nurturing:draft": Access(MARKETING, MARKETING),
    "nurturing:draft_start": Access(write=MARKETING),
    "nurturing:draft_discard": Access(write=MARKETING),
    "nurturing:step": Access(EVERYBODY, MARKETING),
    "nurturing:step_add": Access(write=MARKETING),
    "nurturing:step_preview": Access(write=EVERYBODY),
    "nurturing:step_test": Access(write=MARKETING),
    "nurturing:step_move": Access(write=MARKETING),
    "nurturing:step_remove": Access(write=MARKETING),
    "nurturing:enrol": Access(write=WORKING),
    "nurturing:leave": Access(write=WORKING),
}

API: dict[str, dict[str, Scope]] = {
    "sequence-list": {"GET": READ},
    "sequence-enrolments": {"POST": Scope.SEQUENCES_WRITE},
    "enrolment-list": {"GET": READ},
    "enrolment-detail": {"GET": READ},
    "message-list": {"GET": READ},
    "message-detail": {"GET": READ},
}
