"""The few formulas that figures and verdicts of scoring stand on, each with its source.

Nothing here knows of leads: numbers in, numbers out.
"""
