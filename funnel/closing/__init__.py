"""External closers: people of a call centre who see what they were handed and nothing else.

Main words: closer (a role), handover (one lead in a closer's hands, for a while), sight (what of a
lead closers see).
"""
