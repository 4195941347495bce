"""What tells NumPy's linear algebra to use one thread: several fight over small products.

It counts only before NumPy is imported, so nothing here imports it.
"""

from __future__ import annotations

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
"""Environment variables and their values."""
