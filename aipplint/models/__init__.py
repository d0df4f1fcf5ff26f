"""Inputs of model files: ONNX, Caffe, TensorFlow, AIR, MindIR and compiled models (.om).

Only descriptions are read, weights are skipped, and no library of a framework is needed.
"""
