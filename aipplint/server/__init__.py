"""The language server: editors on one side, the pipeline on the other.

pygls and lsprotocol are imported by the modules in here and by nothing else; they take as long to import as twenty
files take to check.
"""
