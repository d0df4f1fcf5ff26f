atc --model=a.onnx --framework=5 --input_format=NCHW --input_shape="x:1,3,-1,-1" --dynamic_image_size="224,224;448,448" --soc_version=Ascend310P3 --insert_op_conf=aipp.cfg
