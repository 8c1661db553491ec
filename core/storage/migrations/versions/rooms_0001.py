"""Rooms, rounds, seats and ballots."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "rooms",
        sa.Column("code", sa.String(4), primary_key=True),
        sa.Column("key_digest", sa.String(64), nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("card", sa.Integer, nullable=False),
        sa.Column("phases", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("rooms_by_expiry", "rooms", ["expires"])
    op.create_table(
        "rounds",
        sa.Column("code", sa.String(4), sa.ForeignKey("rooms.code", ondelete="CASCADE"), primary_key=True),
        sa.Column("card", sa.Integer, primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True),
        sa.Column("opened", sa.Float, nullable=False),
    )
    op.create_table(
        "seats",
        sa.Column("code", sa.String(4), sa.ForeignKey("rooms.code", ondelete="CASCADE"), primary_key=True),
        sa.Column("seat", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_table(
        "ballots",
        sa.Column("code", sa.String(4), primary_key=True),
        sa.Column("card", sa.Integer, primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True),
        sa.Column("seat", sa.Integer, primary_key=True),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("saved", sa.Float, nullable=False),
        sa.ForeignKeyConstraint(["code", "seat"], ["seats.code", "seats.seat"], ondelete="CASCADE"),
    )


def downgrade() -> None:
    for table in ("ballots", "seats", "rounds", "rooms"):
        op.drop_table(table)
