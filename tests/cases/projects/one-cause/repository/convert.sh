atc --framework=5 --model=a.onnx --output=a --input_shape=“x:1,3,32,32” --soc_version=Ascend310P3
atc --framework=5 --model=a.onnx --output=a --input_shape="x:1,3,32,32"--input_format=NCHW --soc_version=Ascend310P3
atc --framework=5 --model=a.onnx --output=a --input_shape="x:[1~16,3,32~640]" --soc_version=Ascend310P3
atc --framework=5 --model= a.onnx --output=a --input_format=ND--input_shape="x:1,3,32,32" --soc_version=Ascend310P3
atc --framework=5 --model=a.onnx --output=a --input_shape="x:-1,128" --dynamic_batch_size="x:-1,128;y:3" --soc_version=Ascend310P3
atc --framework=1 --model=a.air --output=a --input_shape="x:1,224,224,3" --soc_version=Ascend310P3 --insert_op_conf=aipp.cfg
