"""Merge fields: Liquid with limits, over plain values only.

Workspaces write these templates, so whatever one says costs little: no tag reads files or other
templates, filters are an allow-list, and every text has a greatest length.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any

from django.utils.translation import gettext as _
from liquid import BoundTemplate, Environment
from liquid.exceptions import LiquidError, ResourceLimitError

from leadmgmt.kernel.refusals import Refusal

LONGEST = 100_000  # characters, of a template and of what comes out of it
TAGS = frozenset([
    "#", "assign", "break", "capture", "case", "comment", "content", "continue", "echo", "else",
    "for", "if", "illegal", "output", "unless",
])  # fmt: skip
FILTERS = frozenset([
    "append", "capitalize", "date", "default", "downcase", "escape", "first", "last", "prepend",
    "size", "strip", "truncate", "truncatewords", "upcase", "url_encode",
])  # fmt: skip

Context = Mapping[str, Any]


class WrongTemplate(Refusal):
    """The template cannot be understood, or does too much."""


class MergeFields(Environment):
    """Liquid as far as an email needs it."""

    block_nesting_limit = 20
    context_depth_limit = 20
    loop_iteration_limit = 1_000
    local_namespace_limit = LONGEST
    output_stream_limit = LONGEST


def render(source: str, context: Context, *, is_html: bool = False) -> str:
    """`source` with its merge fields filled in; values are escaped when it becomes HTML.

    Refuses a template it cannot understand or that asks for too much.
    """
    try:
        return str(_parsed(source, is_html).render(**context))
    except WrongTemplate:
        raise
    except Exception as problem:  # a filter may raise anything on a value it did not expect
        raise _refusal(problem) from problem


def check(source: str, *, field: str = "") -> None:
    """Refuse a template nobody could render, naming the field it was written in."""
    try:
        _parsed(source, is_html=True)
    except WrongTemplate as refusal:
        raise WrongTemplate(refusal.sentence, field=field) from refusal


@lru_cache(maxsize=256)
def _parsed(source: str, is_html: bool) -> BoundTemplate:
    if len(source) > LONGEST:
        sentence = _("The text has %(length)d characters; at most %(longest)d are allowed.")
        raise WrongTemplate(sentence % {"length": len(source), "longest": LONGEST})
    try:
        return _environment(is_html).from_string(source)
    except Exception as problem:
        raise _refusal(problem) from problem


@lru_cache(maxsize=2)
def _environment(is_html: bool) -> Environment:
    environment = MergeFields(autoescape=is_html)
    for name in set(environment.tags) - TAGS:
        del environment.tags[name]
    environment.filters = {
        name: _short(call) for name, call in environment.filters.items() if name in FILTERS
    }
    return environment


def _short(call: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, refusing to make a text that fills the memory."""

    @wraps(call)  # with the marks by which Liquid knows what to pass
    def filtered(*args: Any, **kwargs: Any) -> Any:
        result = call(*args, **kwargs)
        if isinstance(result, str) and len(result) > LONGEST:
            raise ResourceLimitError("a text became too long", token=None)
        return result

    return filtered


def _refusal(problem: Exception) -> WrongTemplate:
    if isinstance(problem, ResourceLimitError | RecursionError):
        return WrongTemplate(_("This text does too much: shorten its loops and nested parts."))
    said = str(problem) if isinstance(problem, LiquidError) else type(problem).__name__
    return WrongTemplate(
        _("A merge field cannot be understood: %(said)s. Write them like {{ lead.first_name }}.")
        % {"said": said.partition("\n")[0]}
    )
