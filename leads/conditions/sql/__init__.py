"""A tree as one boolean SQL expression over a row of leads_lead.

PostgreSQL's three-valued logic does the bookkeeping of unknown values: a leaf about an unknown
value is NULL, which `all`, `any` and WHERE treat as a no, and `none` as `IS NOT TRUE`.
"""
