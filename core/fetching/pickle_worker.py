"""A program of its own, started by conversion.py: opens one file of pickled weights under limits, writes safetensors.

``python -I pickle_worker.py SOURCE OUT SECONDS BYTES`` prints one line of JSON: ``{"tensors": {name: bytes}}``, or
``{"problem": kind, "detail": …}``. ``torch.load(weights_only=True)`` runs no code that a pickle names. It is tried here
and not in the server, so that memory without end, a processor that never rests or a fault of a library end this process
and nothing else. Tensors keep their bits; several names of one tensor are written under each name. It imports nothing
of Mirante.
"""

import json
import os
import re
import sys
from typing import Any

MOST_NAMES, MOST_CHARACTERS = 100_000, 2_000_000  # characters of all names
SPARE_BYTES = 400_000_000  # beyond three times the file: what torch takes for itself while it reads and writes


def confine(seconds: int, most_bytes: int) -> None:
    """This process dies after ``seconds`` of processor time; it gets no more than three times ``most_bytes`` of
    memory, and writes no larger file than ``most_bytes`` and a header.
    """
    try:
        import resource
    except ImportError:  # Windows: only the time that the parent waits
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes + 10_000_000,) * 2)
    memory = held() + 3 * most_bytes + SPARE_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def held() -> int:
    """Addresses that this process has now, in bytes; torch alone has 0.7 GB, with CUDA's libraries many more."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # macOS, which does not hold anybody to the limit either
        return 32_000_000_000


def converted(source: str, out: str, most_bytes: int) -> dict[str, Any]:
    """Write the tensors of ``source`` to ``out``; what is printed."""
    import torch
    from safetensors.torch import save_file

    tensors = torch.load(source, map_location="cpu", weights_only=True)
    if not isinstance(tensors, dict) or not tensors or not all(isinstance(name, str) for name in tensors):
        return {"problem": "table", "detail": type(tensors).__name__}
    if len(tensors) > MOST_NAMES or sum(map(len, tensors)) > MOST_CHARACTERS:
        return {"problem": "table", "detail": len(tensors)}
    for name, tensor in tensors.items():
        if not is_plain(tensor):
            return {"problem": "tensor", "detail": name[:100]}
    sizes = {name: tensor.numel() * tensor.element_size() for name, tensor in tensors.items()}
    if sum(sizes.values()) > most_bytes:  # a number that is repeated a million times takes four bytes in a pickle
        return {"problem": "grows", "detail": round(sum(sizes.values()) / 1e6)}
    save_file({name: separate(tensor) for name, tensor in tensors.items()}, out, metadata={"format": "pt"})
    return {"tensors": sizes}


def is_plain(tensor: Any) -> bool:
    """Whether this is a tensor of numbers, and no sparse, quantised or nested one."""
    import torch

    plain = type(tensor) in (torch.Tensor, torch.nn.Parameter)
    return plain and tensor.layout == torch.strided and not tensor.is_quantized and tensor.device.type == "cpu"


def separate(tensor: Any) -> Any:
    """The same numbers in memory of their own: the format takes no tensor that shares memory with another."""
    import torch

    return tensor.detach().clone(memory_format=torch.contiguous_format)


def main(source: str, out: str, seconds: str, most_bytes: str) -> dict[str, Any]:
    import safetensors.torch
    import torch

    assert safetensors.torch and torch  # imported before the limits, which are for the file
    torch.set_num_threads(1)
    confine(int(seconds), int(most_bytes))
    try:
        return converted(source, out, int(most_bytes))
    except MemoryError:
        return {"problem": "memory"}
    except Exception as error:  # whatever a file made by somebody else leads torch to
        return explained(error)


def explained(error: Exception) -> dict[str, Any]:
    """What is wrong, from torch's own message."""
    text = str(error)
    named = re.search(r"(?:GLOBAL|Unsupported global:|class|function) ([\w.]+\.[\w.]+)", text)
    if named:
        return {"problem": "code", "detail": named[1][:100]}
    if "can't allocate memory" in text or "not enough memory" in text or "Cannot allocate" in text:
        return {"problem": "memory"}
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    last = next((line for line in reversed(lines) if "WeightsUnpickler error" in line), lines[0])
    return {"problem": "unreadable", "detail": f"{type(error).__name__}: {last.strip()}"[:300]}


if __name__ == "__main__":
    answer = main(*sys.argv[1:5])
    print(json.dumps(answer), flush=True)
    os._exit(0)  # without taking the tensors apart
