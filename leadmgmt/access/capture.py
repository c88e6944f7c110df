"""Who may open what of imports, forms, tracking."""

from leadmgmt.access.roles import LOOKING, MARKETING, READ, WRITE
from leadmgmt.workspaces.access import Access
from leadmgmt.workspaces.models import Scope

PAGES: dict[str, Access] = {
    "capture:tracking": Access(LOOKING),
    "capture:form_list": Access(LOOKING),
    "capture:form_new": Access(MARKETING, MARKETING),
    "capture:form": Access(LOOKING),
    "capture:form_edit": Access(MARKETING, MARKETING),
    "capture:submission_list": Access(LOOKING),
    "capture:submission_accept": Access(MARKETING, MARKETING),
    "capture:import_list": Access(LOOKING),
    "capture:import_new": Access(MARKETING, MARKETING),
    "capture:import": Access(LOOKING),
    "capture:import_mapping": Access(MARKETING, MARKETING),
    "capture:import_reread": Access(MARKETING, MARKETING),
    "capture:import_cancel": Access(MARKETING, MARKETING),
    "capture:import_resume": Access(MARKETING, MARKETING),
    "capture:import_undo": Access(MARKETING, MARKETING),
    "capture:import_remove": Access(MARKETING, MARKETING),
    "capture:import_problems": Access(LOOKING),
}

API: dict[str, dict[str, Scope]] = {
    "import-list": {"GET": READ, "POST": Scope.IMPORTS_WRITE},
    "import-detail": {
        "GET": READ,
        "PATCH": Scope.IMPORTS_WRITE,
        "DELETE": Scope.IMPORTS_WRITE,
    },
    "import-reread": {"POST": Scope.IMPORTS_WRITE},
    "import-preview": {"GET": READ},
    "import-dry-run": {"GET": READ, "POST": Scope.IMPORTS_WRITE},
    "import-start": {"POST": Scope.IMPORTS_WRITE},
    "import-cancel": {"POST": Scope.IMPORTS_WRITE},
    "import-resume": {"POST": Scope.IMPORTS_WRITE},
    "import-undo": {"POST": Scope.IMPORTS_WRITE},
    "import-stayed": {"GET": READ},
    "import-problems": {"GET": READ},
    "form-list": {"GET": READ, "POST": WRITE},
    "form-detail": {"GET": READ, "PATCH": WRITE},
}
