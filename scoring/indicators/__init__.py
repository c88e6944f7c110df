"""Indicators: named signs that a lead will buy, and whether leads that have them really do.

Main words: indicator (a name tied to a condition), list of indicators (versioned: draft, published,
retired), measurement (the cases of a study, with and without each indicator, as known then),
verdict (what the figures allow to say). Who has an indicator is a live segment this package keeps.
"""

KEEPER = "indicators"
"""The name under which segments are ours; see `leads.keepers`."""
