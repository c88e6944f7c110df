"""Pages of nurturing, by noun."""
