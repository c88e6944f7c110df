"""The verbs of nurturing, by noun."""
