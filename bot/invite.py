"""The link that adds the bot to a server, with exactly what the bot uses."""

from __future__ import annotations

import discord

SCOPES = ("bot", "applications.commands")

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
)
"""To post progress messages, in threads too, with pictures; commands need nothing more."""


def invite_url(application_id: int) -> str:
    """The address that an administrator of a server opens to add the bot."""
    return discord.utils.oauth_url(application_id, permissions=PERMISSIONS, scopes=SCOPES)
