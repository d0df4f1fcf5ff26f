atc --model=net.onnx --framework=5 --output=net --input_format=NCHW --input_shape="image:$1,3,224,224" --soc_version=$2
