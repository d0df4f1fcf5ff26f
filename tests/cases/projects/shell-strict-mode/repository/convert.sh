#!/bin/bash
set -euo pipefail
size="${1:-640}"
if [ -f "extra_${size}.cfg" ]; then
    atc --model=b.onnx --framework=5 --input_format=NCHW --input_shape="x:1,3,$size,$size" --soc_version=Ascend310P3 --insert_op_conf="extra_${size}.cfg"
fi
"$(command -v atc)" --model=a.onnx --framework=5 --input_format=NCHW --input_shape="x:1,3,$size,$size" --soc_version=Ascend310P3 \
    --insert_op_conf=aipp_$size.cfg
