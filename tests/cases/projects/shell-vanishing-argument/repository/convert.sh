#!/bin/bash
convert() {
    local model=$1
    local soc=$2
    local batch=$3
    atc --model=$model --framework=5 --output=net --input_format=NCHW --input_shape="image:$batch,3,224,224" --soc_version=$soc --insert_op_conf=aipp.cfg
}

# Nothing sets it: the shell calls with three arguments, not with four.
convert net.onnx $EXTRA Ascend310P3 4
convert net.onnx Ascend310P3 1x
