#!/bin/bash
if [ $# -ne 3 ]; then
    echo "usage: $0 <model> <config> <output>"
    exit 255
fi
model=$1
config=$2
output=$3
atc --model=$model --framework=1 --output=$output --input_format=NCHW --input_shape="actual_input_1:1,3,304,304" \
    --soc_version=Ascend310 --insert_op_conf=$config
