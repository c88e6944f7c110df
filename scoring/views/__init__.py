"""The scoring pages: the model in words, its draft, its publication."""
