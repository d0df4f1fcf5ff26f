"""C and C++ code: the calls of AscendCL that set dynamic AIPP."""
