"""A configuration from an intent: what the images are, what the model takes, and how it was trained."""
