"""The effect of a configuration as a value, and its two renderings, for ``aipplint show``."""
