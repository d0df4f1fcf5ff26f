"""What other files say about AIPP: one module for each language. Texts in, commands and settings out; no disk."""
