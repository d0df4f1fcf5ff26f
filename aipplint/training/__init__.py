"""What training code says about a model: the mean and the deviation with which its images are normalised."""
