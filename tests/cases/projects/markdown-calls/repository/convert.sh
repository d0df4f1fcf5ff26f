#!/bin/bash
soc=$1
length=$2
atc --model=net.onnx --framework=5 --output=net --input_format=ND --input_shape="words:8,${length};mask:8,$length" --soc_version=$soc
