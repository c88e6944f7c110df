"""The verbs of workspaces, by noun."""
