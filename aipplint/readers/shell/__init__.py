"""Shell scripts, gone through as a shell would, with values that are known, known in part or not known."""
