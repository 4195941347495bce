"""The Discord bot: what people ask for, who may have it, and how it is shown.

The core (`settings`, `errors`, `names`, `library`, `writing`, `run_queue`, `service`,
`startup`) decides and never imports discord; the client, the commands, the views, the
rendering, the progress messages and the downloads speak with Discord and decide nothing.
"""

from __future__ import annotations
