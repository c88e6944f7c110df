"""How likely a lead is to reach an outcome, learnt from what became of earlier leads.

Main words: predictive model (a trained version; a person chooses it, nobody else), feature (one
thing looked at: a field, a kind of activity in a window, a page), level (what it says for a lead:
a value, a band, unknown), points (what a level adds to the log-odds; a hundred double the odds),
chance (the probability they come to), drift (today's leads are not those it learnt from).

A logistic regression over levels: every part of a chance is one line of a table, and the lines sum
to it exactly.
"""
