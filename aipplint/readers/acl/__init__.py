"""The calls of AscendCL, whatever the language they are made in."""
