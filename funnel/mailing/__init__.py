"""Sending people of customers what they were given to learn, by email, each letter once.

Main words: letter (one such email, asked for by hand). See `nurturing` for emails of sequences.
"""
