#!/bin/bash
# The script that is sourced runs the command, and may fetch the file first.
aipp_cfg="https://example.com/net/insert_op.cfg"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
project=${here}/detection
model_atc="atc --model=net.onnx --framework=5 --insert_op_conf=${project}/model/${aipp_cfg##*/}"
. ${here}/common.sh
