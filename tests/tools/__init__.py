"""Tests in the programs of other people: editors and shells. ``make test-tools`` runs them."""
