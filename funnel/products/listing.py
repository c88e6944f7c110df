"""The catalogue as a list: what is sold, or what is sold no more, by words of name and code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from funnel.models import Product, ProductChange

ORDER = ("name", "id")
MOST_CHANGES = 100


@dataclass(frozen=True)
class Asked:
    """What an address asks for."""

    words: str = ""
    is_retired: bool = False


def asked_in(query: Mapping[str, str]) -> Asked:
    """`?q=seat&retired=1`; what the database cannot hold is left out."""
    return Asked(query.get("q", "").replace("\0", "").strip()[:100], "retired" in query)


def products_asked(asked: Asked) -> QuerySet[Product]:
    """These products; there are at most 500 in use, so that no index is needed for words."""
    rows: QuerySet[Product] = Product.objects.filter(retired_at__isnull=not asked.is_retired)
    for word in asked.words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(code__icontains=word))
    return rows


def history_of(product: Product) -> Sequence[ProductChange]:
    """What changed of a product, the latest first."""
    changes = ProductChange.objects.filter(product=product).select_related("by")
    return list(changes.order_by("-changed_at", "-id")[:MOST_CHANGES])
