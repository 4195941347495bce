"""What a process may have of memory, held by the system itself.

A worker is watched instead (`training.limits`): TensorFlow reserves far more than it uses.
"""

from __future__ import annotations

import resource
import sys


def limit_memory(size: int) -> None:
    """Refuse this process more memory than so many bytes, where the system can (Linux).

    A lower limit that it has already stays.
    """
    if sys.platform == "linux":
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = min({size, soft, hard} - {resource.RLIM_INFINITY})
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
