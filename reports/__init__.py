"""What it cost and what it brought: figures over the facts of every other app.

Main words: report, period (days in the workspace's time zone), figure (a number with its
definition and the rows behind it), cost (a line of the ledger), lever (what the money went into).
"""
