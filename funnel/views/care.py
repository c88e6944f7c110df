"""What the pages about the care of one customer share: finding it, its forms, the way back."""

from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from funnel.models import Customer
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest

CUSTOMER = ("customer__company", "customer__lead")


def customer_at(id: UUID) -> Customer:
    """The customer of this workspace, or nothing is found."""
    rows = Customer.objects.select_related("company", "lead", "owner")
    found: Customer = get_object_or_404(rows, pk=id)
    return found


def back_to(customer_id: UUID, card: str) -> HttpResponse:
    """The card of the customer's page that one came from."""
    return redirect(f"{workspace_reverse('funnel:customer', id=customer_id)}#{card}")


def form_page(
    request: WorkspaceRequest,
    form: BaseForm,
    *,
    customer: Customer,
    title: str,
    button: str,
    card: str,
    **context: Any,
) -> HttpResponse:
    """One form about a customer, with the way back to its card."""
    context |= {"form": form, "customer": customer, "title": title, "button": button, "card": card}
    status = 422 if form.errors else 200
    return render(request, "funnel/care_form.html", context, status=status)
