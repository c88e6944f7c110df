"""The SLA's words in templates."""
