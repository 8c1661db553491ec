"""How much a server takes on before it says no: every number in one place, with its setting. See docs/limits.md.

The numbers for one address stand far above what a class does behind it, since a school is one address. Not here: the
sizes of files (each reader has its own), the queue of forward passes (ui.serving.forward_slots), memory
(core.tracing.memory)."""

from __future__ import annotations

import os


def _setting(name: str, default: int) -> int:
    """A whole number of at least 1 from the environment.

    Raises:
        ValueError: it is none.
    """
    text = os.environ.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= 9 and int(text) >= 1):
        raise ValueError(f"{name} must be a whole number of at least 1, not {text!r}")
    return int(text)


# Sessions: pages that are open at one moment, on the whole server and from one address.
MOST_SESSIONS = _setting("MIRANTE_MAX_SESSIONS", 500)
MOST_SESSIONS_OF_ADDRESS = _setting("MIRANTE_MAX_SESSIONS_PER_ADDRESS", max(1, MOST_SESSIONS * 4 // 5))
SESSIONS_HELD_BACK = max(1, MOST_SESSIONS // 10)  # beyond the most: for pages that come back, and those half-way in
NEW_SESSIONS_IN_10_SECONDS = 400  # of one address: a class of 200 that all reload twice
MESSAGES_A_SECOND = 40  # of one session: a held-down arrow key sends 30
MESSAGE_BYTES = 50_000  # a message counts once, and once more for each of these
RERUNS_IN_5_SECONDS = 25  # runs of one session: each costs the event loop 2 ms before its turn
RERUNS_A_MINUTE = 120
RERUNS_NOW_AND_THEN_IN_5_SECONDS = 6  # of one session: who asks so seldom is not kept in line with its address
RERUNS_A_SECOND_OF_ADDRESS = 40  # of all its sessions that ask more often
SELDOM_RERUNS_A_SECOND_OF_ADDRESS = 50  # of all the others: a class of 200 opens its pages within four seconds
RERUNS_A_SECOND = 200
MOST_WIDGETS, LONGEST_QUERY = 1_000, 32_000  # of one message; the fullest page has some 60 widgets
LONGEST_STATE, MOST_CHOICES = 64_000, 10_000  # of one message: characters of components' states (ours: 2,000), items
LONGEST_TEXT, LONGEST_TEXTS = 100_000, 220_000  # characters of a field (1,000 pasted sentences), of all of a message
LONGEST_ID = 1_000  # of a widget
# Files that are made when they are asked for: asking counts as a run of the page (ui.serving.made_files).
FILES_WAITING, FILES_WAITING_OF_ADDRESS = 512, 300  # a class of 200 that all press the button at once
FILES_WAITING_OF_SESSION = 4  # one is made at a time
MADE_FILE_SECONDS = 120  # kept, for a browser that fetches it, and given again if it is asked for again
MADE_FILES_BYTES = 256 * 2**20  # kept so, of everybody; beyond, the oldest goes first

# What a connection brings, whatever it is made of: shares are of the event loop, which answers everybody.
READ_SHARE = 0.05  # of one connection; a message of a page costs some 0.2 ms
READ_AHEAD_SECONDS = 1.0  # so long before what it cost is paid off it may be read again
READ_SECONDS_AT_A_TIME = 0.005  # of all connections; then the rest of the loop goes on for as long
READ_LEAST_BYTES, READ_MOST_BYTES = 512, 4_096  # of a part: small where parts are dear
READ_BYTES = 16_384  # asked of the system at a time
MOST_PIECES = 1_000  # of one message: a browser cuts 2 MB into sixteen
CONTROL_FRAMES = 20  # of one connection at once, and one a second: a browser sends one when it is asked to, in 30 s
SEND_PART_BYTES = 65_536  # of an answer, written when the last have left
LARGE_FILE_BYTES, LARGE_FILES_OF_ADDRESS = 2**20, 8  # of /media, sent at once; the others wait
LARGE_FILE_BYTES_A_SECOND = 20_000  # over the whole time: 50 MB may take three quarters of an hour

# Rooms of a class (ui/serving/rooms): a phone is one connection that listens, and short requests.
MOST_STREAMS = _setting("MIRANTE_MAX_PHONES", 2_000)  # of all rooms
MOST_STREAMS_OF_ADDRESS = max(1, MOST_STREAMS * 4 // 5)
MOST_STREAMS_OF_SEAT, MOST_STREAMS_OF_HOST = 3, 20  # a phone that comes back before its old connection is missed
CONNECTIONS_OF_SEAT_A_MINUTE = 60
NEW_ROOMS_AN_HOUR = _setting("MIRANTE_NEW_ROOMS_PER_ADDRESS", 60)  # of one address
SEATS_OF_ADDRESS_IN_ROOM = 600  # in a day, of the thousand that a room has: a class of 200 that begins anew twice
VOTES_OF_SEAT_IN_10_SECONDS = 20
VOTES_OF_ADDRESS_IN_10_SECONDS = 4_000  # a school with ten classes of 200 that all vote at once, twice
STEPS_A_MINUTE = 240  # of one room's host
WRONG_CODES_A_MINUTE = 40  # of one address: a fifth of a class that mistypes
PHONE_BYTES, ROOM_BYTES = 2_000, 300_000  # of a body that a phone sends, of a new room's cards
LONGEST_SECRET = 100  # characters of a key or a secret
REFUSAL_SECONDS = 1.0  # after which a refusal of "too often" or "too large" is answered
TALLY_SECONDS = 0.3  # between two counts that a host is sent

REQUESTS_OF_ADDRESS = 5 * MOST_SESSIONS_OF_ADDRESS + MOST_STREAMS_OF_ADDRESS  # in work at once
SEND_SECONDS, SEND_BYTES_A_SECOND = 60, 1_000  # who takes less, over so long, of what is waiting for it is cut off

DESCRIPTORS_HELD_BACK = 64  # for files, the store and the connections of those who are being refused
MOST_KEPT_SESSIONS = 200  # whose page is gone: a class whose network fails; measured: 15 kB each, and no descriptor
RETRY_SECONDS = 15  # after which a refused page tries again by itself

SCANS_AT_ONCE = 4  # of everybody: each asks sixty sentences, in turns with all pages

# The HTTP API: seconds are of work, as estimated before it starts (ui.serving.api).
API_PLACES = 4  # requests that are worked on at once
API_WAITING = 512  # requests in the queue, of everybody
API_SECONDS_WAITING = 30  # of work that may wait, of one address: 200 short sentences are 6
API_SECONDS_A_MINUTE = _setting("MIRANTE_API_SECONDS_PER_MINUTE", 60)  # of work, of one address

# Files that visitors sent, held in memory until they are taken away or their session ends.
MOST_FILES_OF_SESSION = 8
UPLOADED_BYTES_OF_SESSION = 48 * 2**20  # two treebanks of 20 MB, a picture of 8 MB
UPLOADED_BYTES_OF_ADDRESS = _setting("MIRANTE_MAX_UPLOADS_MB_PER_ADDRESS", 512) * 2**20
UPLOADED_BYTES = _setting("MIRANTE_MAX_UPLOADS_MB", 1024) * 2**20
MOST_FILES_ARRIVING = 2  # of one session at once; the others wait unread
BODY_IDLE_SECONDS = 10  # without a byte; and so long no speed is asked for
BODY_BYTES_A_SECOND = 10_000  # over the whole time: 20 MB may take half an hour

# Texts too long for a link, kept in the store (core/storage/texts.py): those that it does not have yet.
NEW_TEXTS_A_MINUTE = 30  # of one session
NEW_TEXTS_A_MINUTE_OF_ADDRESS = 600
NEW_TEXT_LEAST_BYTES = 10_000  # what a short one counts for: the store holds 200 MB or 20,000 texts
NEW_TEXT_BYTES_A_DAY = _setting("MIRANTE_KEPT_TEXTS_MB_PER_ADDRESS", 40) * 10**6  # of one address: a fifth of the store
