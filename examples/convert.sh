#!/bin/bash
# Compile detector and tracker for two image sizes, reader and classifier for their own.
set -euo pipefail
cd "$(dirname "$0")"

sizes="416,416;832,832"
common=(--framework=5 --input_format=NCHW --soc_version="${SOC_VERSION:-Ascend310P3}")

atc --model=detector.onnx --output=detector "${common[@]}" \
    --input_shape="data:8,3,-1,-1;img_info:8,4,-1,-1" --dynamic_image_size="$sizes" \
    --insert_op_conf=deploy/detector_aipp.cfg

atc --model=tracker.onnx --output=tracker "${common[@]}" \
    --input_shape="data:8,3,-1,-1;img_info:8,4,-1,-1" --dynamic_image_size="$sizes" \
    --insert_op_conf=deploy/tracker_aipp.cfg

# No --input_shape: the model has its size, as exporters write it.
atc --model=models/reader.onnx --output=reader "${common[@]}" --insert_op_conf=deploy/reader_aipp.cfg

atc --model=classifier.onnx --output=classifier "${common[@]}" \
    --input_shape="data:1,3,224,224" --insert_op_conf=classifier/classifier_aipp.cfg
