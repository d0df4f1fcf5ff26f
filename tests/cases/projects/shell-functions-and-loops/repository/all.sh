#!/bin/bash
build() {
    local batch=$1
    atc --model=resnet50.onnx --framework=5 --output=resnet50_bs$batch --input_format=NCHW \
        --input_shape="data:$batch,3,224,224" --soc_version=$2 --insert_op_conf=aipp.cfg
}
build 1 Ascend310P3
for batch in 4 8; do
    build $batch Ascend310B4
done
