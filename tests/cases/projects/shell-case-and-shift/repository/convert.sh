#!/bin/bash
config=aipp.cfg
while [ $# -gt 0 ]; do
    case "$1" in
        --config=*) config="${1#*=}"; shift ;;
        --soc) soc="$2"; shift 2 ;;
        *) shift ;;
    esac
done
case $soc in
    310) chip=Ascend310P3 ;;
    910) chip=Ascend910B3 ;;
esac
atc --model=a.onnx --framework=5 --input_format=NCHW --input_shape="x:1,3,448,448" --soc_version=$chip --insert_op_conf=$config
size=448
if [ "$LARGE" = 1 ]; then
    size=448
fi
atc --model=b.onnx --framework=5 --input_format=NCHW --input_shape="x:1,3,$size,$size" --soc_version=Ascend310P3 --insert_op_conf=aipp_b.cfg
