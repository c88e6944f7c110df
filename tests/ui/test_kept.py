"""Fragments that are drawn once for what they show."""

from django.template import Context, Template

from leadmgmt.ui.components import layout

SOURCE = (
    "{% load ui %}{% kept 'ui/_sidebar.html' navigation workspaces user.email member.name theme %}"
)


def drawn(email: str, token: str) -> str:
    user = {"email": email, "name": "Ada", "is_authenticated": True}
    values = {"user": user, "csrf_token": token, "navigation": [], "request": {}}
    return Template(SOURCE).render(Context(values))


def test_each_page_gets_its_own_token() -> None:
    first, second = drawn("ada@acme.example", "token-1"), drawn("ada@acme.example", "token-2")
    assert 'value="token-1"' in first
    assert first.replace("token-1", "token-2") == second
    assert layout.TOKEN not in second


def test_nobody_sees_what_was_drawn_for_somebody_else() -> None:
    assert "ada@acme.example" in drawn("ada@acme.example", "token")
    assert "ada@acme.example" not in drawn("bob@acme.example", "token")


def test_not_more_is_kept_than_fits() -> None:
    numbered = Template("{% load ui %}{% kept 'ui/_words.html' number %}")
    for number in range(layout.KEPT + 10):
        numbered.render(Context({"number": number}))
    assert 0 < len(layout._kept) <= layout.KEPT
