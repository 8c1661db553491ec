"""The tables of rooms: a class's cards and where it stands, its rounds, seats and votes.

Made and changed by the migrations beside this file, which say the same (tests/core/storage compares them). No name, no
address: a seat is a random number and the digest of a secret that its phone holds. Not here: what is read and written
(room_rows.py)."""

from __future__ import annotations

import sqlalchemy as sa

ROOM_METADATA = sa.MetaData()
_OF_ROOM = "rooms.code"

ROOMS = sa.Table(
    "rooms",
    ROOM_METADATA,
    sa.Column("code", sa.String(4), primary_key=True),
    sa.Column("key_digest", sa.String(64), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("expires", sa.Float, nullable=False),
    sa.Column("content", sa.Text, nullable=False),  # title and cards, JSON
    sa.Column("card", sa.Integer, nullable=False),
    sa.Column("phases", sa.Text, nullable=False),  # one for each card, JSON
    sa.Column("link", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
ROUNDS_HELD = sa.Table(
    "rounds",
    ROOM_METADATA,
    sa.Column("code", sa.String(4), sa.ForeignKey(_OF_ROOM, ondelete="CASCADE"), primary_key=True),
    sa.Column("card", sa.Integer, primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True),
    sa.Column("opened", sa.Float, nullable=False),
)
SEATS = sa.Table(
    "seats",
    ROOM_METADATA,
    sa.Column("code", sa.String(4), sa.ForeignKey(_OF_ROOM, ondelete="CASCADE"), primary_key=True),
    sa.Column("seat", sa.Integer, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
)
BALLOTS = sa.Table(
    "ballots",
    ROOM_METADATA,
    sa.Column("code", sa.String(4), primary_key=True),
    sa.Column("card", sa.Integer, primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True),
    sa.Column("seat", sa.Integer, primary_key=True),
    sa.Column("answer", sa.Text, nullable=False),  # JSON
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("saved", sa.Float, nullable=False),
    sa.ForeignKeyConstraint(["code", "seat"], ["seats.code", "seats.seat"], ondelete="CASCADE"),
)
sa.Index("rooms_by_expiry", ROOMS.c.expires)
