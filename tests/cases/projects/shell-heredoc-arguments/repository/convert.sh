#!/bin/bash
# The size comes with the call, so nobody knows the whole text.
cat > aipp_any.cfg << END
aipp_op {
  aipp_mode: static
  input_format: $2
  src_image_size_w: $1
  src_image_size_h: $1
}
END
written() {
  cat > aipp_known.cfg << END
aipp_op {
  aipp_mode: static
  input_format: $2
  src_image_size_w: $1
  src_image_size_h: $1
}
END
}
written 320 RGB888_U8
# Quoted: the dollar goes into the file.
cat > aipp_quoted.cfg << "END"
aipp_op {
  aipp_mode: static
  input_format: RGB888_U8
  src_image_size_w: $1
}
END
for name in any known quoted; do
  atc --framework=5 --model=net.onnx --output=net --input_format=NCHW --input_shape="image:1,3,224,224" --soc_version=Ascend310P3 --insert_op_conf=aipp_$name.cfg
done
