"""The people of the demo workspace, for the lines printed at start and for the demo's generator."""

from typing import NamedTuple

PASSWORD = "demo-lead-2026"  # noqa: S105


class Login(NamedTuple):
    """Who can log in to the demo workspace, and as what."""

    role: str
    email: str
    password: str = PASSWORD


def demo_logins() -> list[Login]:
    """Return one login of each role that is worth a look."""
    return [
        Login("admin", "admin@demo.example"),
        Login("marketer", "marketer@demo.example"),
        Login("manager", "manager@demo.example"),
        Login("rep", "rep@demo.example"),
        Login("analyst", "analyst@demo.example"),
        Login("closer", "closer@demo.example"),
    ]
