"""The yardstick: parse configurations with protobuf's own text format, and do nothing else."""

import sys

from google.protobuf import text_format
from insert_op_conf_pb2 import InsertNewOps

for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        text_format.Parse(file.read(), InsertNewOps())
