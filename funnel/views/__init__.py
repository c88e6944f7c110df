"""Pages of the funnel, by noun."""
