"""Alembic's entry: migrates the connection that `Control` hands over."""

from alembic import context

from callboard.control.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
