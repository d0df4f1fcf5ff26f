"""A run: which texts are checked, with which builds and rules (the plan), and the checking of them (its execution)."""
