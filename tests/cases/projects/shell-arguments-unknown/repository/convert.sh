#!/bin/bash
atc --model=$1 --framework=5 --output=$3 --input_format=NCHW --input_shape="data:1,3,224,224" --soc_version=$4 --insert_op_conf=$2
