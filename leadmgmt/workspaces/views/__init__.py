"""Pages of workspaces, by noun."""
