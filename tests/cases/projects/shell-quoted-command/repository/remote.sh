#!/bin/bash
source /usr/local/Ascend/ascend-toolkit/set_env.sh
bash -c "atc --model=a.onnx --framework=5 --input_format=NCHW --input_shape='x:1,3,448,448' --soc_version=Ascend310P3 --insert_op_conf=aipp.cfg"
model_atc="atc --model=b.onnx --framework=5 --input_format=NCHW --input_shape=x:1,3,224,224 --soc_version=Ascend310B4 --insert_op_conf=aipp.cfg"
run_and_log "${model_atc}"
