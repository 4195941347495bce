"""The network, its vocabulary, its checkpoints, and how it writes.

Nothing here knows about Discord, training runs or the catalog. Everything but
`model.network` needs only NumPy.
"""

from __future__ import annotations
