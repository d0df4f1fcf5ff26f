atc --model=net.onnx --framework=5 --output=$1 --soc_version=Ascend310P3 --input_shape="images:1,3,224,224" --insert_op_conf=aipp.cfg
