"""Dockerfiles, Makefiles and the YAML files of CI: the scripts in them, with their variables."""
