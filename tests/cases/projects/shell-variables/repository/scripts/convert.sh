#!/bin/bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
soc=${SOC_VERSION:-Ascend310P3}
batch=8
shape="data:${batch},3,-1,-1"
config=$root/config/aipp.cfg
"${ASCEND_HOME}"/bin/atc --model="$root/resnet50.onnx" --framework=5 --output="resnet50_bs${batch}" \
    --input_format=NCHW --input_shape="${shape}" --dynamic_image_size="224,224;448,448" \
    --soc_version=${soc} --insert_op_conf=${config} --log=$LEVEL
