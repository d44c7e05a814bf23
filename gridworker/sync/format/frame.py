"""zstd frames as sections hold them: content size given, one frame and nothing behind it, never more than the cap."""

import zstandard

from gridworker.sync.format.canonical import Damaged

LEVEL = 3


def compressed(content: bytes) -> bytes:
    """``content`` as one frame that says how long it is."""
    return zstandard.ZstdCompressor(level=LEVEL, write_content_size=True).compress(content)


def decompressed(section: bytes | memoryview, cap: int) -> memoryview:
    """The content of a frame. Raises Damaged; nothing above ``cap`` is ever unpacked or set aside in memory."""
    try:
        size = zstandard.frame_content_size(section)
        if not 0 <= size <= cap:
            raise Damaged("frame: size")
        whole = zstandard.ZstdDecompressor().decompress(section, max_output_size=size, allow_extra_data=False)
    except zstandard.ZstdError as fault:
        raise Damaged("frame: compression") from fault
    if len(whole) != size:
        raise Damaged("frame: size")
    return memoryview(whole)
