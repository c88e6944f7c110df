"""A year in the life of one firm, so that every page has something true to show.

`cast` is who and what there is, `chance` the dice, `history` what happened to each lead, `writing`
how it gets into the database in sets, `generator` the order of it all. Same seed, same story.
"""
