"""Capture over the API; the same actions as the pages."""
