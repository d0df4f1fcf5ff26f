"""Python code: the commands that it starts, the configurations that it writes, the calls of AscendCL."""
