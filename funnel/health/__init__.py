"""Health: how customers fare, by rules about their people that are written, tried and published.

`judging` asks the rules, set by set; segments tell for whom the answer may have changed.
"""

KEEPER = "health"
"""The name under which segments are ours; see `leads.keepers`."""
