"""Markdown and reStructuredText: commands and configurations in documents."""
