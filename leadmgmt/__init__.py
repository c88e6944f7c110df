"""The composition root: settings, URLs, reactions, access. It may import everything."""
