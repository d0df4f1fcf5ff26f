atc --model=digits.onnx --framework=5 --output=digits --input_format=NCHW --input_shape="x:1,3,28,28" --soc_version=Ascend310P3 --insert_op_conf=given_aipp.cfg
