"""`make bench`: what we do against what the machine can do, side by side in one run.

Each goal is a ratio whose reference is measured in the same run, in turns with ours; the median
of the rounds counts. Absolute figures drift with the machine, ratios hardly do.
"""
