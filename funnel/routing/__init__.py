"""Giving new MQLs an owner by published rules: who, why, and who waits because nobody is there.

Main words: plan (the rules, in versions), rule, share (what one member of a team gets), turn,
assignment, wait, spell (a time in which nobody was eligible).
"""
