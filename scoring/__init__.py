"""How promising a lead is: a number that explains itself, and a class (hot, warm, cold).

Main words: score model (versioned rules and thresholds), rule (points for a profile or for
behaviour), contribution (what one rule gives one lead; they sum to the score exactly), hit (a
fact matched once and remembered), recompute (a model worked out for all leads).
"""
