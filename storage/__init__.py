"""What the bot remembers: a catalog in SQLite and files under opaque ids.

Nothing here knows about Discord, networks or training. `storage.files` owns the one
durable write that the whole program uses.
"""

from __future__ import annotations
