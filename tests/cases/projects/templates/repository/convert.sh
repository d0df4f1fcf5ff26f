#!/bin/bash
sed "s/{size}/$1/" conf/aipp_template.cfg > aipp_made.cfg
atc --framework=5 --model=net.onnx --output=net --input_format=NCHW --input_shape="image:1,3,224,224" --soc_version=Ascend310P3 --insert_op_conf=aipp_made.cfg
atc --framework=5 --model=net.onnx --output=net --input_format=NCHW --input_shape="image:1,3,224,224" --soc_version=Ascend310P3 --insert_op_conf=conf/named.cfg
