"""Everything a machine with only Python needs to run the product and its tests.

The *embedded* PostgreSQL and Redis come out of wheels and live under `.local/`; the *supervisor*
(`python -m leadmgmt.local`) starts them beside web, worker, beat and the *mail catcher*, and stops
exactly what it started. Nothing here runs in production.
"""
