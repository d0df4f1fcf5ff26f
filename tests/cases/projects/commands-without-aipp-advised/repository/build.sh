atc --model=words.onnx --framework=5 --output=words --input_format=ND --input_shape="ids:1,128" --soc_version=Ascend910
atc --model=words.onnx --framework=5 --output=words --input_format=ND --input_shape="ids:1,128" --soc_version=Ascend910B --log=info --log=error
atc --model=image.onnx --framework=5 --output=image --input_format=NCHW --input_shape="image:1,224,224,3" --soc_version=Ascend710
atc --model=words.onnx --framework=5 --output=words --input_format=ND --input_shape="ids:1,x" --soc_version=Ascend310310P3 --no_such=1
atc --model=image.onnx --framework=5 --output=image --input_format=NCHW --input_shape="image:1,3,-1,-1" --dynamic_image_size="224,224;448,448" --soc_version=Ascend910 --log=info --log=error
