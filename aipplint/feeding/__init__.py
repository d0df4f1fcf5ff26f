"""What programs feed to a model: the size, the layout, the type and the channel order of their images."""
