"""What every test can ask for."""

from leadmgmt.local.testing.fixtures import django_db_setup

__all__ = ["django_db_setup"]
