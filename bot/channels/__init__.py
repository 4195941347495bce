"""A channel's history, where the operator has Discord's permission: fetched, kept and read."""
