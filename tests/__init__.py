"""The tests of aipplint, and the instruments that measure it (conformance, corpus)."""
