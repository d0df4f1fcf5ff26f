#!/usr/bin/env bash
set -euo pipefail
# The compiler, with a log that can be read.
export ASCEND_GLOBAL_LOG_LEVEL=1
/usr/local/Ascend/ascend-toolkit/latest/bin/atc \
    --model=./resnet50.onnx \
    --framework 5 \
    --output=resnet50 \
    -input_format=NCHW \
    --input_shape='data:8,3,-1,-1' \
    --dynamic_image_size="224,224;448,448" \
    --soc_version="Ascend310"P3 \
    --insert_op_conf=./aipp.cfg \
    > atc.log 2>&1 || exit 1
echo done
