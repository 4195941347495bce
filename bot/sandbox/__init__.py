"""A local stand-in for Discord, with a web page.

The real discord.py talks to it over real HTTP and a real WebSocket; a person talks to
it in a browser. Newcomers try the bot here, and the end-to-end tests drive the same
thing. It imports nothing of ours but the durable write of `storage.files`.
"""

from __future__ import annotations
