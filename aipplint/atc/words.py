"""The words of an ATC command line, as a shell passes them, and the names of ATC's options.

A build has each option once, by name (options.py). Only the words show the rest of the line, such as an option that is
given twice, or a word that is no option.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aipplint.findings import Edit, Place
from aipplint.records import NamedTuple
from aipplint.source import Span

NAMES = frozenset(
    (
        "ac_parallel_enable aicore_num allow_hf32 atomic_clean_policy auto_tune_mode buffer_optimize build_config"
        " cal_conf check_report cluster_config compress_weight_conf compression_optimize_conf core_type"
        " customize_dtypes ddk_version debug_dir deterministic deterministic_level device_id disable_reuse_memory"
        " display_model_info dump_mode dynamic_batch_size dynamic_dims dynamic_image_size enable_attr_compression"
        " enable_compress_weight enable_scope_fusion_passes enable_single_stream enable_small_channel"
        " export_compile_stat external_weight framework fusion_switch_file h2d_overlapped_with_compute"
        " hccl_sub_comm_config help host_env_cpu host_env_os input_format input_fp16_nodes input_hint_shape"
        " input_shape input_shape_range insert_op_conf is_input_adjust_hw_layout is_output_adjust_hw_layout"
        " is_weight_clip jit_compile json keep_dtype log mdl_bank_path mode model modify_mixlist"
        " multi_stream_parallel_mode net_format om oo_constant_folding oo_dead_code_elimination oo_level op_bank_path"
        " op_compiler_cache_dir op_compiler_cache_mode op_debug_config op_debug_level op_name_map op_precision_mode"
        " op_select_implmode optimization_switch optypelist_for_implmode out_nodes output output_type precision_mode"
        " precision_mode_v2 quant_dumpable raw_ge_options raw_ge_options_ignore_unsupported save_original_model"
        " shape_generalized_build_mode singleop soc_version sparsity static_model_ops_lower_limit status_check target"
        " tiling_schedule_optimize topo_sorting_mode virtual_type weight"
    ).split()
)
"""Options of ATC in all known releases (GraphEngine up to 9.1 and its manual). Others may have more."""

DASHES = "-\u2013\u2014\u2212"
"""Dashes, and characters that look like one."""


class Piece(NamedTuple):
    """A run of a word: its text as ATC receives it (None if unknown) and its location.

    The location of a literal piece is as long as its text; parts of the text are then parts of the location.
    """

    text: str | None
    place: Place

    @property
    def exact(self) -> bool:
        """Whether the text is a literal copy of its location."""
        source, span = self.place
        return self.text is not None and source.text[span.start : span.end] == self.text


class Word(NamedTuple):
    """One word after ``atc``: its text as ATC receives it (None if a part is unknown) and its location.

    ``pieces`` are its runs in order, if it has several: quotes, variables.
    """

    text: str | None
    place: Place
    pieces: tuple[Piece, ...] = ()

    @property
    def start(self) -> str:
        """The known beginning; all of it if everything is known."""
        if self.text is not None:
            return self.text
        known: list[str] = []
        for piece in self.pieces:
            if piece.text is None:
                break
            known.append(piece.text)
        return "".join(known)

    @property
    def head(self) -> str:
        """The text before the first ``=``, with dashes; the known beginning if there is none."""
        return self.start.partition("=")[0]

    def part(self, start: int, end: int) -> Place:
        """The location of ``text[start:end]``; of the whole word if it is not one literal run."""
        if not self.pieces:
            return _within(Piece(self.text, self.place), start, end) or self.place
        touched: list[Place] = []
        at = 0
        for piece in self.pieces:
            length = len(piece.text or "")
            if piece.text is None or (at < end and at + length > start) or (at == start == end):
                inside = _within(piece, max(start - at, 0), min(end - at, length)) if piece.text is not None else None
                touched.append(inside or piece.place)
            at += length
            if piece.text is None or at >= end > start:
                break
        return _joined(touched) or self.place


def word_of(pieces: Sequence[Piece], place: Place) -> Word:
    """A word from pieces; ``place`` is the location of the whole word."""
    texts = [piece.text for piece in pieces]
    text = None if None in texts else "".join(text or "" for text in texts)
    return Word(text, place, tuple(pieces))


def _within(piece: Piece, start: int, end: int) -> Place | None:
    """The location of a part of a piece; None if it is not literal."""
    source, span = piece.place
    if piece.text is None or not source.text.startswith(piece.text[start:end], span.start + start):
        return None
    return Place(source, Span(span.start + start, span.start + end))


def _joined(places: Sequence[Place]) -> Place | None:
    """The range from the first location to the last, if they are in order in one source; else the first one."""
    if not places:
        return None
    first, last = places[0], places[-1]
    if first.source is last.source and first.span.start <= last.span.end:
        return Place(first.source, Span(first.span.start, last.span.end))
    return first


class ShellMistake(NamedTuple):
    """An unintended effect of a shell on a command. ``text`` is the text that is lost, for the message."""

    kind: str
    place: Place
    text: str = ""
    fix: Edit | None = None
    """The edit, in the source of the location, that repairs it."""


SEPARATOR, BLANK, COMMENT, COMMENTED_LINE = "separator", "blank", "comment", "commented-line"
EMPTY_LINE, MISSING, RETURN = "empty-line", "missing", "return"
"""Kinds of mistakes: a ``;`` outside quotes; after a backslash a space, or a comment; a commented or an empty line
inside; no backslash at all, although options follow in the next line."""


class Given(NamedTuple):
    """A word with an option: its name without dashes, its value (None if it is the next word or unknown)."""

    name: str
    value: str | None
    word: Word


def given_options(words: Sequence[Word]) -> Iterator[Given]:
    """The words that give options, known or not, in order; words that are values are ignored."""
    value_of_last = False
    for word in words:
        text = word.start
        head, equals, value = text.partition("=")
        name = head.lstrip("-") if equals or word.text is not None else ""
        if text.startswith("-") and name and not (value_of_last and _number(text)):
            yield Given(name, value if equals and word.text is not None else None, word)
            value_of_last = not equals
        else:
            value_of_last = False


def _number(text: str) -> bool:
    """Whether a word that begins with a dash is a negative number, and so a value."""
    return text[1:2].isdigit()
