"""Questions about the funnel, by page."""
