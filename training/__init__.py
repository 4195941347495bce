"""Training: corpora, the run, the worker and what launches it.

A run is a directory (`training.run_directory`), carried out by a process that may die
(`training.worker`), started and listened to by a launcher (`training.launcher`), which hears
events (`training.events`). Only the worker's loop imports TensorFlow.
"""

from __future__ import annotations
