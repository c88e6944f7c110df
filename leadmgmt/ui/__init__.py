"""What every page is made of: the shell, components, charts and formatting.

Knows nothing of leads or workspaces; pages hand it plain values. Its words: *component* (a template
tag with one CSS file), *tone* (the meaning of a colour), *behaviour* (a small ES module attached by
a data attribute).
"""
