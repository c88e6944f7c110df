"""Keeping in touch with people who are not ready yet: sequences of emails, each sent once.

Main words: sequence (what people are enrolled in, and why), version (its steps, immutable once
published), step (an email or a wait), enrolment (one lead's way through), message (one email to
one lead), suppression (an address that must not be written to).
"""
