"""Accounts that are mirrored, and how far each has come."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sync_sources",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("base_url", sa.Text, nullable=False),
        sa.Column("token_url", sa.Text, nullable=False),
        sa.Column("upstream_id", sa.String(64), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("created_at", sa.Integer, nullable=False),
        sa.Column("spent_day", sa.String(10), nullable=False),
        sa.Column("spent", sa.Integer, nullable=False),
    )
    op.create_table(
        "sync_items",
        sa.Column("source", sa.String(64), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("what", sa.String(20), primary_key=True),
        sa.Column("id", sa.String(128), primary_key=True),
        sa.Column("about", sa.JSON, nullable=False),
        sa.Column("done", sa.JSON, nullable=False),
        sa.Column("endpoint", sa.String(64), nullable=False),
        sa.Column("token", sa.Text, nullable=False),
    )
