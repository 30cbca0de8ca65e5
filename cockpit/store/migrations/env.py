"""Run by Alembic; `cockpit.store.open_store` hands in the connection."""

from alembic import context

from cockpit.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
