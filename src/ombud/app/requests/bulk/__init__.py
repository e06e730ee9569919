"""Requests of many people at once: taken in from one file, done and answered by set, each with its history."""
