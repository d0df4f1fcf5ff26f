"""Atomic writing of files, which keeps everything except the text."""

from __future__ import annotations

import errno
import os
import stat
from io import FileIO

from aipplint.project.border import leads_out


def write_file(path: str, data: bytes, before: bytes | None = None) -> None:
    """Write a file, through links.

    With ``before`` only if that is what still stands in it, and if it may be written: a new file in its place would not
    ask. Mode, owner, other names (hard links) and extended attributes stay. Raises OSError, which says why not, where
    nothing was written.
    """
    if leads_out(path):
        raise OSError(errno.EXDEV, "a link leads out of the repository")
    target = os.path.realpath(path)
    status = os.stat(target) if os.path.exists(target) else None
    if before is not None:
        _may_mend(target, status, before)
    if status is not None and not stat.S_ISREG(status.st_mode):
        with open(target, "wb") as file:
            file.write(data)
    elif (status is not None and _has_ties(target, status)) or not _replace(target, data, status):
        _overwrite(target, data)


def _may_mend(target: str, status: os.stat_result | None, before: bytes) -> None:
    """Raise OSError if a file must not be written, or has changed."""
    writable = 0o222  # The superuser may write without, which is not what the owner of such a file had in mind.
    if status is None or not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EBUSY, "it is not a file any more")
    if not status.st_mode & writable or not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is write-protected")
    if _content(target) != before:
        raise OSError(errno.EBUSY, "the file has been changed meanwhile")


def _has_ties(target: str, status: os.stat_result) -> bool:
    """Whether a file has other names, or attributes, that a new one in its place would not have."""
    try:
        attributes = os.listxattr(target) if hasattr(os, "listxattr") else []
    except OSError:
        # The file system knows none.
        attributes = []
    return status.st_nlink > 1 or any(not name.startswith("security.") for name in attributes)


def _replace(target: str, data: bytes, status: os.stat_result | None) -> bool:
    """Replace a file, if it exists, by a new one; False if the new one cannot have the same owner."""
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".aipplint-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        adopted = _adopted(temporary, status)
        if adopted:
            os.replace(temporary, target)
        else:
            os.unlink(temporary)
    except BaseException:
        os.unlink(temporary)
        raise
    return adopted


def _adopted(temporary: str, status: os.stat_result | None) -> bool:
    """Whether a new file could be given the owner and the mode of the old one; without one, those of any new file."""
    if status is None:
        os.chmod(temporary, 0o666 & ~_umask())
        return True
    made = os.stat(temporary)
    if (made.st_uid, made.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.chown(temporary, status.st_uid, status.st_gid)
        except PermissionError:
            return False
    os.chmod(temporary, stat.S_IMODE(status.st_mode))
    return True


def _overwrite(target: str, data: bytes) -> None:
    """Overwrite a file in place; if that fails in the middle, the old content is restored."""
    before = _content(target)
    with open(target, "r+b", buffering=0) as file:
        try:
            _put(file, data)
        except BaseException:
            _put(file, before)
            raise


def _put(file: FileIO, data: bytes) -> None:
    file.seek(0)
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
    file.truncate()


def _content(target: str) -> bytes:
    with open(target, "rb") as file:
        return file.read()


def _umask() -> int:
    """The permissions that new files lack; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
