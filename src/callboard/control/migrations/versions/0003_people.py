"""People who sign in: users, sessions, links and tries; clients that see no personal data."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    op.add_column("clients", sa.Column("hide_personal", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "users",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False, index=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("mail", sa.String(254), nullable=True, unique=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("families", sa.JSON, nullable=False),
        sa.Column("groups", sa.JSON, nullable=False),
        sa.Column("hide_personal", sa.Boolean, nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("subject", sa.String(500), nullable=True, unique=True),
        sa.Column("created_at", sa.Integer, nullable=False),
        sa.Column("disabled_at", sa.Integer, nullable=True),
    )
    op.create_table(
        "sessions",
        sa.Column("id_hash", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(64), nullable=False, index=True),
        sa.Column("created_at", sa.Integer, nullable=False),
        sa.Column("seen_at", sa.Integer, nullable=False),
        sa.Column("expires_at", sa.Integer, nullable=False),
        sa.Column("by_link", sa.Boolean, nullable=False),
    )
    op.create_table(
        "links",
        sa.Column("id_hash", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=True, index=True),
        sa.Column("once", sa.Boolean, nullable=False),
        sa.Column("expires_at", sa.Integer, nullable=False),
    )
    op.create_table(
        "tries",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("of", sa.String(64), nullable=False, index=True),
        sa.Column("at", sa.Integer, nullable=False),
    )
