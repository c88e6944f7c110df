"""Tests on real servers: a pytest plugin, the *services* it starts, a *database* for each process.

A migrated template database is kept for as long as no migration changes; each test process works on
a copy of it in its own *slot*: the number of its database and of its Redis database, held by a file
lock.
"""
