"""Whether a request wants a piece of a page or all of it."""

from leadmgmt.workspaces.door import WorkspaceRequest


def wants_fragment(request: WorkspaceRequest) -> bool:
    """A piece for htmx; the whole page for a first visit and when the browser goes back."""
    return bool(request.htmx) and not request.htmx.history_restore_request
