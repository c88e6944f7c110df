"""Reading files of leads: from bytes to rows, from rows to what we know about a person.

Nothing here writes to the database. Order of reading: tables, columns, values, rows.
"""
