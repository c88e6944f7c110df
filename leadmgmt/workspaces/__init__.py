"""Who may come in, and where: users, workspaces, members with roles, API keys, the door.

Main words: workspace (a tenant: one firm's leads), member (a user in a workspace, with a role),
door (what opens `/w/<slug>/…` to members and is a 404 to everybody else).
"""
