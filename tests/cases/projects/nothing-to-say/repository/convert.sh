#!/bin/bash
echo "atc --dynamic_image_size=1;2"
# atc --model=old.onnx --framework=5 --insert_op_conf=gone.cfg
grep -r atc . > /dev/null
