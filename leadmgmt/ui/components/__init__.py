"""The template tags of `{% load ui %}`, one module per family.

Markup of more than a line lives in `templates/ui/`.
"""
