"""A PDF without what programs write about it: who made it, when, with what, its title, its earlier states.

pypdf reads it and writes anew what its pages need, so what stands in no page goes too: the document information, all
XMP, private data of programs, small pictures of pages, earlier versions kept by incremental saves. A signature in it no
longer counts afterwards: it covered all that.
"""

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PdfWriter

GONE = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/Lang", "/SpiderInfo")
"""Keys of any part of a document that say something about its making."""


class NotReadable(ValueError):
    """No PDF, one that is not whole, or one that a password locks."""


def without_metadata(data: bytes) -> bytes:
    """The same pages. Raises NotReadable."""
    import logging
    import struct
    import zlib

    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it says of a file may quote it
    try:
        return _rewritten(data)
    except (
        PyPdfError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        OSError,
        RuntimeError,
        TypeError,
        ValueError,
        struct.error,
        zlib.error,
    ) as fault:  # whatever it meets in a file that is not built as it should be
        raise NotReadable(type(fault).__name__) from fault


def _rewritten(data: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted or not reader.pages:
        raise NotReadable("locked, or without pages")
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    for part in (writer.root_object, *writer._objects):  # noqa: SLF001 - the one way to all parts
        _strip(part)
    return _written(PdfWriter(clone_from=PdfReader(io.BytesIO(_written(writer)))))  # without what nothing names now


def _written(writer: "PdfWriter") -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _strip(part: Any) -> None:
    if isinstance(part, dict):
        for key in GONE:
            part.pop(key, None)
