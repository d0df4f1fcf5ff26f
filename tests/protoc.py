"""The C++ text-format parser of protobuf, as an oracle: ``protoc --encode`` from the grpcio-tools wheel.

It parses into messages that are written here from our own field table, so it also proves the table. A process for
every probe would cost 30 ms; protoc is a function in that wheel, so one process (this module, run as a program)
calls it again and again, which costs a fifth of a millisecond.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from aipplint.schema.fields import table
from aipplint.schema.spec import ROOT

PROTO = "insert_op_conf.proto"


def proto_text() -> str:
    """The messages of the field table as a .proto file."""
    schema = table()
    lines = ['syntax = "proto3";', "package domi;"]
    for enum, names in schema.enums.items():
        lines.append(f"message In{enum} {{ enum Values {{")
        lines += [f"  {name} = {number};" for number, name in enumerate(names)]
        lines.append("} }")
    for message, fields in schema.messages.items():
        lines.append(f"message {message} {{")
        for spec in fields.values():
            proto = f"In{spec.proto}.Values" if spec.proto in schema.enums else spec.proto
            lines.append(f"  {'repeated ' if spec.repeated else ''}{proto} {spec.name} = {spec.number};")
        lines.append("}")
    return "\n".join([*lines, ""])


class Answer(NamedTuple):
    """What the parser made of one probe: the encoded message, or what it said against it."""

    accepted: bool
    encoded: bytes
    message: str


class Protoc:
    """A running oracle. Use it as a context manager."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="aipplint-protoc-")
        Path(self._folder.name, PROTO).write_text(proto_text(), encoding="utf-8")
        self._message_class: Any = None
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.protoc", self._folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._folder.cleanup()

    def parse(self, probe: bytes) -> Answer:
        """Parse one text."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(struct.pack("<I", len(probe)) + probe)
        self._process.stdin.flush()
        code, encoded, message = struct.unpack("<iII", self._process.stdout.read(12))
        data = self._process.stdout.read(encoded)
        return Answer(code == 0, data, self._process.stdout.read(message).decode("utf-8", "replace"))

    def message(self, encoded: bytes) -> Any:
        """An encoded message as an object with its fields as attributes."""
        if self._message_class is None:
            self._message_class = _message_class(self._folder.name)
        return self._message_class.FromString(encoded)


def _message_class(folder: str) -> Any:
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    descriptors = Path(folder, "descriptors.bin")
    command = [sys.executable, "-m", "grpc_tools.protoc", f"--descriptor_set_out={descriptors}", f"-I{folder}", PROTO]
    subprocess.run(command, check=True)
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(descriptors.read_bytes()).file:
        for message_type in file.message_type:
            for field in message_type.field:
                if field.type == field.TYPE_STRING:  # the text parser takes any bytes for a string, Python does not
                    field.type = field.TYPE_BYTES
        pool.Add(file)
    made: Any = message_factory.GetMessageClass(pool.FindMessageTypeByName(f"domi.{ROOT}"))
    return made


def _serve(folder: str) -> None:
    """Answer probes on standard input until it ends. The real descriptors 0, 1 and 2 belong to protoc."""
    from grpc_tools import protoc

    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    files = [os.open(Path(folder, name), os.O_RDWR | os.O_CREAT | os.O_TRUNC) for name in ("in", "out", "err")]
    for number, file in enumerate(files):
        os.dup2(file, number)
    arguments = ["protoc", f"--encode=domi.{ROOT}", f"--proto_path={folder}", str(Path(folder, PROTO))]
    while len(head := asked.read(4)) == 4:
        for file in files:
            os.ftruncate(file, 0)
            os.lseek(file, 0, os.SEEK_SET)
        os.pwrite(files[0], asked.read(struct.unpack("<I", head)[0]), 0)
        code = protoc.main(arguments)
        encoded, message = (os.pread(file, os.fstat(file).st_size, 0) for file in files[1:])
        answers.write(struct.pack("<iII", code, len(encoded), len(message)) + encoded + message)
        answers.flush()


if __name__ == "__main__":
    _serve(sys.argv[1])
