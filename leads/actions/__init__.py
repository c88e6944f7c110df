"""The verbs of the lead database, by family."""
