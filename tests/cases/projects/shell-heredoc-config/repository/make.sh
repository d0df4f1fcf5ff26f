#!/bin/bash
cat > aipp.cfg << 'EOF'
aipp_op {
  aipp_mode: static
  input_format: RGB888_U8
  crop: true
}
EOF
atc --model=a.onnx --framework=5 --input_format=NCHW --input_shape="x:1,3,-1,-1" \
    --dynamic_image_size="224,224;448,448" --soc_version=Ascend310P3 --insert_op_conf=aipp.cfg
