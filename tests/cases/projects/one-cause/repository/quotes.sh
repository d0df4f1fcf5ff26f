atc --framework=5 --model=a.onnx --output=a --input_shape="x:1,3,32,32 --out_nodes="y:0" --soc_version=Ascend310P3 --log="info"
