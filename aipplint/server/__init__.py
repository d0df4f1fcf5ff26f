"""The language server, which runs the pipeline for editors.

pygls and lsprotocol are imported by the modules in here and by nothing else; they take as long to import as twenty
files take to check.
"""
