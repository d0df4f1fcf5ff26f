atc --model=C:\\models\\a.onnx --framework=5 --insert_op_conf=deploy\\aipp.cfg
