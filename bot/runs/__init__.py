"""A run, as the bot sees it: from an upload to the queue, to its card, and to its end."""
