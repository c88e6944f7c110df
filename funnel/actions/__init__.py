"""The verbs of the funnel, by family."""
