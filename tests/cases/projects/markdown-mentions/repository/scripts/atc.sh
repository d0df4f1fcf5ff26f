#!/bin/bash
atc --model=$1 --framework=5 --output=net --input_format=NCHW --input_shape="image:$2,3,224,224" --soc_version=Ascend310P3 --insert_op_conf=$3
