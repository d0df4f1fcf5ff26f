#!/bin/bash
atc --model=yolo.onnx --framework=5 --output=yolo_dynamic --input_format=NCHW --input_shape="images:1,3,-1,-1" \
    --dynamic_image_size="416,416;832,832" --soc_version=Ascend310P3 --insert_op_conf=aipp_dynamic.cfg
python3 -m ais_bench --model ./yolo_dynamic.om --aipp_config actual_aipp.config --dymHW 640,640
