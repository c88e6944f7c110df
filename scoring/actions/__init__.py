"""The verbs of scoring, by family."""
