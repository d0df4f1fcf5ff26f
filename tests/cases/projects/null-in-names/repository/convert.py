import os

os.system("atc --framework=5 --model=a\0.onnx --soc_version=Ascend310P3 --insert_op_conf=aipp\0.cfg")
