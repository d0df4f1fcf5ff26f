#!/bin/bash
cd models/a
atc --model=a.onnx --framework=5 --input_format=NCHW --input_shape="x:1,3,448,448" --soc_version=Ascend310P3 --insert_op_conf=aipp.cfg
cd ../b
atc --model=b.onnx --framework=5 --input_format=NCHW --input_shape="x:1,3,448,448" --soc_version=Ascend310P3 --insert_op_conf=aipp.cfg
(cd / && atc --model=c.onnx --framework=5 --input_format=NCHW --input_shape="x:1,3,448,448" --soc_version=Ascend310P3 --insert_op_conf=elsewhere.cfg)
atc --model=e.onnx --framework=5 --input_format=NCHW --input_shape="x:1,3,448,448" --soc_version=Ascend310P3 --insert_op_conf=nowhere.cfg
cd "$UNKNOWN"
atc --model=d.onnx --framework=5 --input_format=NCHW --input_shape="x:1,3,448,448" --soc_version=Ascend310P3 --insert_op_conf=aipp_root.cfg
