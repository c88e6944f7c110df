"""The catalogue: products, their price and what they cost us."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funnel.models import Product
from funnel.products import catalogue
from funnel.products.forms import ProductForm
from funnel.products.listing import ORDER, asked_in, history_of, products_asked
from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on


@require_GET
def product_list(request: WorkspaceRequest) -> HttpResponse:
    """What is sold, and what one of it brings."""
    asked = asked_in(request.GET)
    context = {
        "page": page_of(products_asked(asked), ORDER, request.GET),
        "asked": asked,
        "may_change": may(request.member.role, "funnel:product", "POST"),
    }
    return render(request, "funnel/product_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def product_add(request: WorkspaceRequest) -> HttpResponse:
    """One more thing to sell."""
    form = ProductForm(request.POST or None, currency=request.workspace.currency)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = catalogue.add_product(**form.cleaned_data, by=request.member, now=timezone.now())
            say(request, _("“%s” can be sold.") % made)
            return _back()
    return _form_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def product(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Another name, price or cost; deals keep what they were made with."""
    found = get_object_or_404(Product, pk=id)
    currency = request.workspace.currency
    form = ProductForm(request.POST or None, currency=currency, product=found)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            changes, now = form.cleaned_data, timezone.now()
            catalogue.change_product(found, changes=changes, by=request.member, now=now)
            say(request, _("“%s” is saved. Deals keep the prices they have.") % found)
            return _back()
    return _form_page(request, form, found)


@require_POST
def product_retire(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Sell it no more."""
    found = get_object_or_404(Product, pk=id)
    catalogue.retire_product(found, by=request.member, now=timezone.now())
    undo = workspace_reverse("funnel:product_restore", id=id)
    say(request, _("“%s” is sold no more; deals that have it keep it.") % found, undo_url=undo)
    return _back()


@require_POST
def product_restore(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Sell it again."""
    found = get_object_or_404(Product, pk=id)
    catalogue.restore_product(found, by=request.member, now=timezone.now())
    return _back()


def _form_page(
    request: WorkspaceRequest, form: ProductForm, found: Product | None = None
) -> HttpResponse:
    status = 422 if form.errors else 200
    title = form.initial["name"] if found else _("Add product")
    history = history_of(found) if found else []
    context = {"form": form, "product": found, "title": title, "history": history}
    return render(request, "funnel/product_form.html", context, status=status)


def _back() -> HttpResponse:
    return redirect(workspace_reverse("funnel:product_list"))
