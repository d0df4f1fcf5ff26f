"""Markdown and reStructuredText: commands and configurations that are shown to people."""
