"""A score's class."""

CLASS = """
    CASE WHEN {value} >= %(hot_from)s THEN 'hot' WHEN {value} >= %(warm_from)s THEN 'warm'
         ELSE 'cold' END
"""
