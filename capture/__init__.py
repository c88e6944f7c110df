"""How a visit becomes a lead: tracking, forms and imports.

Main words: visit (a browser's stay on the site), form (what we ask, and where), submission (one
answer to a form, kept with its verdict), import (a file of leads on its way into the database).
"""
