"""The Discord bot: what people ask for, who may have it, and how it is shown.

The core decides and never imports discord:

    service     what can be asked for, by whom      requests, checks, errors, settings, rules, …
    runs        from an upload to a model           intake, then queue, attempts, saving, ends
    writing     from a prompt to a text             orders, library, thread; avoiding, forbidden
    channels    from a channel to a file            readings, pages

The client, the commands, the views, the rendering, the downloads, a channel's messages, a run's
progress and the delivery of its end speak with Discord and decide nothing. `core` puts
together what decides, `startup` all of it.
"""

from __future__ import annotations
