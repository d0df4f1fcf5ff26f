atc --model=a.onnx --framework=5 --insert_op_config=aipp.cfg
atc --model=b.onnx --framework=5 insert_op_conf=aipp.cfg
atc --model=c.onnx --framework=5 --input_format=NCHW--input_shape="x:1,3,224,224"
atc --model=d.onnx --framework=5 --soc_version= Ascend310P3
atc --model=e.onnx --framework=5 --framework=3
atc --model=f.onnx --framework=5 --input_format=NCHW --input_shape=“x:1,3,224,224”
atc --model=g.onnx --framework=5 --soc_version=Ascend310p3
