"""Explanations of logs of ATC and of the runtime: the meaning of each error, its rules and its location."""
