"""The one library every component registers with."""

from django.template import Library

register = Library()
