"""Texts and answers: what is asked for, who writes it, and which words must not stand in it."""
