"""Files of strangers, decoded in processes that can be ended.

A decoder is C code that cannot be interrupted, and takes what time and memory a file makes it take. Here it
runs in a few worker processes with limits. What comes back are pixels and plain JSON, each checked: a worker
that a file has taken over could lie about that picture and no more.
"""

from panoseg.decoding.decoders import Decoders
from panoseg.decoding.pool import DecodingLimits

__all__ = ["Decoders", "DecodingLimits"]
