"""Requests taken from receipt to their end: what a handler does, and what is done without one."""
