"""Fuzzing: inputs of every kind, made and damaged at random, through everything that reads them (``make fuzz``)."""
