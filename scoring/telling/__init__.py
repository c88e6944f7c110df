"""A score told to people: one sentence for the seller, and what would change the class.

`evidence` is what is remembered of the facts behind rules, `unknowns` what rules ask for and nobody
knows, `sentences` the seller's sentence, `nearest` what is missing to a better class.
"""
