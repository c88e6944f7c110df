"""Who may open what: URL name → roles that may look, roles that may change.

The door reads this table; a page without a row opens to nobody, and a test says so.
"""

from leadmgmt.workspaces.access import Access

TABLE: dict[str, Access] = {}
