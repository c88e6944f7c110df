"""Questions over the facts of every app, each one statement; see the modules by noun."""
