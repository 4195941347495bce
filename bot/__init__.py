"""The Discord bot: what people ask for, who may have it, and how it is shown.

The core decides and never imports discord:

    service     what can be asked for, by whom      requests, checks, errors, settings,
                                                    names, authors, server_settings, rules
    intake      from an upload to a stored run
    run_queue   from a stored run to a model        attempts, run_ends, saving, retention
    writing     from a prompt to a text             orders, avoiding, forbidden, matching, library

The client, the commands, the views, the rendering, the progress messages and the downloads speak
with Discord and decide nothing. `startup` puts everything together.
"""

from __future__ import annotations
