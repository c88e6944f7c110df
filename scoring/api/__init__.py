"""Scoring over REST: the published model, and why a lead has its score.

Mounted below `/api/v1/`.
"""
