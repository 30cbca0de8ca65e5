"""Alembic's scripts: how the store came to be as `cockpit.store.tables` says it is."""
