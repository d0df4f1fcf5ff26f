"""What a configuration does: the description as a value, and its two renderings. Read by ``aipplint show``."""
