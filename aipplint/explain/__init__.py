"""Logs of ATC and of the runtime, explained: what happened, which rules say it first, and where."""
