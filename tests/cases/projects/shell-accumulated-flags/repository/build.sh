#!/bin/bash
config=aipp.cfg
cmd="atc --model=resnet50.onnx --framework=5 --soc_version=Ascend310P3"
cmd="$cmd --input_format=NCHW"
cmd="$cmd --input_shape=data:8,3,224,224"
if [ -n "$config" ]; then
    cmd="$cmd --insert_op_conf=$config"
fi
[ "$PRECISION" != "" ] && cmd="$cmd --precision_mode=$PRECISION"
echo "$cmd"
$cmd
