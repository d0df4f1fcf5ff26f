"""A build: the interpreted ATC options that a configuration is compiled with.

Every property is None if the options do not determine it or cannot be read: it is *unknown*. rules/options.py and
rules/dynamic_shapes.py report errors in the options.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from aipplint.atc.options import (
    BATCH,
    CANN_VERSION,
    DIMS,
    EXCLUSIVE,
    FRAMEWORKS,
    IMAGE,
    MAX_VALUE,
    MINDSPORE,
    PROFILE_OPTIONS,
    SHAPE,
    SHAPE_RANGE,
    TENSORFLOW,
    Option,
    Options,
)

# The small languages are imported where an option is read: most files are linted without a build.
if TYPE_CHECKING:
    from aipplint.atc.dealing import Dealt, ExpandedProfile, InputProfile
    from aipplint.atc.faults import ShapeFault
    from aipplint.atc.origin import Origin
    from aipplint.atc.profiles import Profile, Profiles
    from aipplint.atc.shapes import InputShape
    from aipplint.atc.tokens import NodeName
    from aipplint.atc.words import Word
    from aipplint.config.op import AippOp
    from aipplint.models.model import Input, Model
from aipplint.hardware.releases import NEWEST, Release, release_of
from aipplint.hardware.size import Size


class Build:
    """The options of one ATC command.

    ``complete`` means that a missing option is certainly not given (a library call, a whole command line); otherwise
    its absence proves nothing. ``words`` are the words of the command line, if there is one. ``config_file`` is the
    resolved path of --insert_op_conf, empty if there is no such file, None if it was not searched. ``origin`` is the
    command of a discovered build; None for a configured one. ``model_file`` is the absolute path of --model, empty if
    no such file is known; ``model`` is its content, None if it was not read. ``advised`` means that the settings
    request advice about every command, ``typed`` that it is the whole command line of ``aipplint atc``.
    """

    def __init__(
        self,
        options: Options,
        *,
        complete: bool = False,
        words: tuple[Word, ...] = (),
        config_file: str | None = None,
        origin: Origin | None = None,
        advised: bool = False,
        model_file: str = "",
        model: Model | None = None,
        typed: bool = False,
    ) -> None:
        self.options = options
        self.complete = complete
        self.words = words
        self.config_file = config_file
        self.origin = origin
        self.advised = advised
        self.model_file = model_file
        self.model = model
        self.typed = typed

    def with_options(self, options: Options, model_file: str = "") -> Build:
        """A copy of the command with other options."""
        made = Build(options, complete=self.complete, words=self.words, config_file=self.config_file)
        made.origin, made.advised, made.typed = self.origin, self.advised, self.typed
        made.model_file, made.model = model_file or self.model_file, self.model
        return made

    def with_model(self, model: Model) -> Build:
        """A copy of the command with its model."""
        build = self.with_options(self.options)
        build.model = model
        return build

    def with_advice(self) -> Build:
        """A copy of the command for which advice is always reported."""
        build = self.with_options(self.options)
        build.advised = True
        return build

    @property
    def takes_advice(self) -> bool:
        """Whether advice is reported, and not only errors that break the build.

        For a discovered command, only if it uses AIPP or a dynamic image size, or if the settings request it.
        """
        in_play = self.option("insert_op_conf") is not None or self.option(IMAGE) is not None
        return self.origin is None or self.advised or in_play

    def option(self, name: str) -> Option | None:
        """Return an option as ATC sees it: an empty one is not set. Its value may still be unknown (None)."""
        option = self.options.get(name)
        return option if option is not None and option.given else None

    def text(self, name: str) -> str | None:
        """Return the value of an option that is set and known."""
        option = self.option(name)
        return None if option is None else option.value

    def absent(self, name: str) -> bool:
        """Whether ATC is known not to see an option: it is empty, or the build is complete and lacks it."""
        option = self.options.get(name)
        return self.complete if option is None else option.value == ""

    def known(self, *names: str) -> tuple[Option, ...]:
        """Those of some options that are given with a known value, in the order of the names."""
        return tuple(o for name in names if (o := self.option(name)) is not None and o.value is not None)

    def hidden(self, *names: str) -> bool:
        """Whether one of some options has a value that is unknown, and that may be empty."""
        return any((o := self.option(name)) is not None and o.value is None for name in names)

    # Single values.

    @cached_property
    def framework(self) -> int | None:
        """0 Caffe, 1 MindSpore, 3 TensorFlow, 5 ONNX; None if unknown or no number. Not given: by the model."""
        if self.option("framework") is None and self.model is not None:
            from aipplint.atc.model_inputs import framework_of

            return framework_of(self.model)
        return next((n for n in FRAMEWORKS if (self.text("framework") or "").strip() == str(n)), None)

    @cached_property
    def input_format(self) -> str | None:
        """The effective layout: as given, else the framework's default (fact O5)."""
        given = self.option("input_format")
        if given is not None:
            return given.value
        if self.framework is None:
            return None
        return "NHWC" if self.framework == TENSORFLOW else "NCHW"

    @cached_property
    def soc_version(self) -> str | None:
        """The chip, as given."""
        return self.text("soc_version")

    @cached_property
    def release(self) -> Release:
        """The release of CANN; the newest if none is given, or if it cannot be read."""
        text = self.text(CANN_VERSION)
        return NEWEST if text is None else release_of(text) or NEWEST

    @cached_property
    def output_type(self) -> str | None:
        """``FP32``, ``FP16``, ``UINT8``, ``INT8`` or a list by node, as given."""
        return self.text("output_type")

    @cached_property
    def enable_small_channel(self) -> bool | None:
        """Whether small channels are enabled; False by default, None if unknown."""
        value = self.text("enable_small_channel")
        if value is None:
            return False if self.absent("enable_small_channel") else None
        return {"0": False, "1": True}.get(value)

    @cached_property
    def input_fp16_nodes(self) -> tuple[NodeName, ...] | None:
        """The inputs with data in fp16; empty if the option is certainly absent, None if unknown."""
        from aipplint.atc.tokens import read_names

        value = self.text("input_fp16_nodes")
        if value is None:
            return () if self.absent("input_fp16_nodes") else None
        return None if len(value) > MAX_VALUE else read_names(value)

    @property
    def may_ignore_shape(self) -> bool:
        """Whether --input_shape may have no effect: for an .air, which has its own shape (Z15), if discovered."""
        return self.origin is not None and self.framework == MINDSPORE

    # The inputs.

    @cached_property
    def exclusive(self) -> tuple[str, ...]:
        """The options that exclude each other in ATC."""
        return PROFILE_OPTIONS if self.release.reads_shapes_plainly else EXCLUSIVE

    @cached_property
    def shapes_dropped(self) -> bool:
        """Whether --input_shape_range replaces --input_shape (fact O1)."""
        return self.option(SHAPE_RANGE) is not None and not self.release.reads_shapes_plainly

    @cached_property
    def dynamic(self) -> str | None:
        """The option whose profiles are used; None if there are none, several, or an unknown one."""
        given = self.known(*self.exclusive)
        if len(given) != 1 or self.hidden(*self.exclusive) or given[0].name == SHAPE_RANGE:
            return None
        return given[0].name

    @cached_property
    def written_shapes(self) -> tuple[InputShape, ...] | None:
        """--input_shape as written, right or wrong; None if it is unknown."""
        return self._read_shapes(self.text(SHAPE))

    @cached_property
    def written_ranges(self) -> tuple[InputShape, ...] | None:
        """--input_shape_range as written, right or wrong, brackets included; None if it is unknown."""
        return self._read_shapes(self.text(SHAPE_RANGE))

    def _read_shapes(self, value: str | None) -> tuple[InputShape, ...] | None:
        if value is None or len(value) > MAX_VALUE:
            return None
        from aipplint.atc.shapes import read_shapes

        layout = self.input_format if self.input_format in ("NCHW", "NHWC") else None
        return tuple(shape._replace(layout=layout) for shape in read_shapes(value))

    @cached_property
    def as_ranges(self) -> bool | None:
        """Whether ATC reads --input_shape as ranges instead of plainly; None if unknown (fact O20)."""
        value = self.text(SHAPE)
        if value is None or self.shapes_dropped:
            return None
        if self.release.reads_shapes_plainly or ("~" not in value and "-1" not in value):
            return False
        if self.known(*PROFILE_OPTIONS):
            return False
        return True if all(self.absent(name) for name in PROFILE_OPTIONS) else None

    @cached_property
    def shape_faults(self) -> tuple[ShapeFault, ...]:
        """The faults for which ATC rejects --input_shape; if its reading is unknown, those that it always rejects."""
        if self.written_shapes is None or self.shapes_dropped:
            return ()
        from aipplint.atc.faults import any_faults, plain_faults, range_faults

        if self.as_ranges is None:
            return tuple(any_faults(self.text(SHAPE) or "", self.written_shapes, self.framework))
        if self.as_ranges:
            return tuple(range_faults(self.written_shapes, self.framework))
        faults = plain_faults(self.written_shapes, scalars=not self.release.reads_shapes_plainly)
        said = set()
        if self.known(*PROFILE_OPTIONS) and not self.release.reads_shapes_plainly:
            said = {dim.span for shape in self.written_shapes for dim in shape.dims if len(dim.pieces) > 1}  # AIPP612
        return tuple(fault for fault in faults if fault.span not in said)

    @cached_property
    def range_faults(self) -> tuple[ShapeFault, ...]:
        """The faults for which ATC rejects --input_shape_range."""
        if self.written_ranges is None:
            return ()
        from aipplint.atc.faults import bracket_faults

        return tuple(bracket_faults(self.text(SHAPE_RANGE) or "", self.written_ranges, self.framework, self.release))

    @cached_property
    def shapes(self) -> tuple[InputShape, ...] | None:
        """The inputs of the model in the order written; None if they are not known or cannot be read.

        --input_shape_range replaces --input_shape, as in ATC; if ATC reads both, only without a profile option.
        """
        shapes, faults = self.written_shapes, self.shape_faults
        if self.option(SHAPE_RANGE) is not None and self._ranges_count:
            shapes, faults = self.written_ranges, self.range_faults
            if shapes is not None:
                from aipplint.atc.shapes import without_brackets

                shapes = without_brackets(shapes)
        if shapes is None or faults:
            return None
        if self.dynamic and "~" in (self.text(SHAPE) or "") and not self.release.reads_shapes_plainly:
            return None
        return None if any(dim.value is None for shape in shapes for dim in shape.dims) else shapes

    @cached_property
    def without_names(self) -> Option | None:
        """The option whose ranges go by index, if it is known that they do."""
        option = self.option(SHAPE_RANGE) or (self.option(SHAPE) if self.as_ranges else None)
        return option if option is not None and option.value and ":" not in option.value else None

    @cached_property
    def shape_option(self) -> Option | None:
        """The option that determines the inputs."""
        given = self.option(SHAPE_RANGE)
        return given if given is not None and self._ranges_count else self.option(SHAPE)

    @property
    def _ranges_count(self) -> bool:
        return self.shapes_dropped or not self.known(*PROFILE_OPTIONS)

    @cached_property
    def inputs(self) -> tuple[InputShape, ...] | None:
        """The inputs of the model, with their shapes in --input_shape; None if they are unknown."""
        given, option = self.shapes, self.option(SHAPE) or self.option(SHAPE_RANGE)
        # A found command that is not known as a whole may have an option that is not seen.
        if self.model is None or (given is None and (option or not (self.complete or self.origin is None))):
            return given
        from aipplint.atc.model_inputs import joined

        return joined(self.model, given, self.input_format if self.input_format in ("NCHW", "NHWC") else None)

    @cached_property
    def in_model_order(self) -> bool:
        """Whether the inputs are certainly in the order in which ATC counts them."""
        from aipplint.atc.model_inputs import in_model_order

        return in_model_order(self.model, self.inputs)

    def input_of(self, op: AippOp) -> InputShape | None:
        """The input of an operator, by its name or by its rank; None if unknown, or if ATC rejects its dimensions."""
        inputs, name, rank = self.inputs, op.text("related_input_name"), op.number("related_input_rank")
        if inputs is None or name is None or rank is None or not (name or self.shapes or self.in_model_order):
            return None
        found = self._inputs_by_name.get(name) if name else inputs[rank] if 0 <= rank < len(inputs) else None
        return None if any(found is shape for shape, _ in self.rejected_ranks) else found

    @cached_property
    def rejected_ranks(self) -> tuple[tuple[InputShape, Input], ...]:
        """The inputs in --input_shape that do not have as many dimensions as in the ONNX model (fact M5)."""
        if self.model is None or self.as_ranges is not False:
            return ()
        from aipplint.atc.model_inputs import rejected_ranks

        return rejected_ranks(self.model, self.shapes or ())

    @cached_property
    def _inputs_by_name(self) -> dict[str, InputShape]:
        from aipplint.atc.model_inputs import inputs_by_name

        return inputs_by_name(self.model, self.inputs or ())

    # The profiles.

    @cached_property
    def _profiles(self) -> dict[str, Profiles]:
        options = self.known(*PROFILE_OPTIONS)
        if not options:
            return {}
        from aipplint.atc.profiles import read_profiles

        blanks = self.release.skips_blanks
        read = [o for o in options if o.value and len(o.value) <= MAX_VALUE]
        return {o.name: read_profiles(o.name, o.value or "", blanks=blanks) for o in read}

    def profiles(self, name: str) -> Profiles | None:
        """The list of one of the profile options, valid or not; None if unknown."""
        return self._profiles.get(name)

    def _sound(self, name: str) -> tuple[Profile, ...] | None:
        profiles = self.profiles(name)
        return None if profiles is None or profiles.flaws else profiles.items

    @cached_property
    def image_sizes(self) -> tuple[Size, ...] | None:
        """The profiles of --dynamic_image_size; None if there are none, or if they cannot be read."""
        profiles = self._sound(IMAGE)
        return None if profiles is None else tuple(Size(*profile.numbers) for profile in profiles)

    @cached_property
    def batch_sizes(self) -> tuple[int, ...] | None:
        """The profiles of --dynamic_batch_size; None if there are none, or if they cannot be read."""
        profiles = self._sound(BATCH)
        return None if profiles is None else tuple(profile.numbers[0] for profile in profiles)

    @cached_property
    def largest_image_size(self) -> Size | None:
        """The profile that the runtime treats as the largest: most bytes, so most pixels; the first of equals (R15)."""
        return max(self.image_sizes, key=lambda size: size.pixels) if self.image_sizes else None

    @cached_property
    def _dealt(self) -> Dealt | None:
        """The numbers of the profiles in force, dealt to the inputs; None if that is unknown, or does not fit."""
        # With --dynamic_dims all inputs stand in --input_shape, in the order of the numbers (fact M10).
        shapes = self.shapes if self.dynamic == DIMS else self.inputs
        profiles = None if self.dynamic is None else self._sound(self.dynamic)
        if shapes is None or profiles is None:
            return None
        from aipplint.atc.dealing import deal

        return deal(shapes, profiles)

    @property
    def expanded_profiles(self) -> tuple[ExpandedProfile, ...]:
        """The shapes of all inputs in each profile in force; empty if they are unknown or do not fit."""
        return () if self._dealt is None else self._dealt.profiles

    def profiles_of(self, shape: InputShape) -> tuple[InputProfile, ...]:
        """The shape of one of the inputs in each profile in force; empty if it is unknown."""
        return () if self._dealt is None else self._dealt.of(shape)
