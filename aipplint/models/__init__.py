"""What a model file says of its inputs: ONNX, Caffe, TensorFlow, AIR, MindIR and compiled models (.om).

Only descriptions are walked, weights are stepped over, and no library of a framework is needed.
"""
