"""Where a model runs: CPU, CUDA or MPS, and in which precision.

On the CPU always float32. On a GPU float32 too, unless half precision is asked for:
half precision changes the weights that are shown (about three decimal digits remain).
"""

from __future__ import annotations

from typing import Literal

import torch

from ..errors import BadInput

Device = Literal["auto", "cpu", "cuda", "mps"]
Precision = Literal["float32", "float16", "bfloat16"]


def available() -> tuple[str, ...]:
    """Devices of this machine, best first; ``cpu`` is always the last one."""
    accelerators = []
    if torch.cuda.is_available():
        accelerators.append("cuda")
    if torch.backends.mps.is_available():
        accelerators.append("mps")
    return (*accelerators, "cpu")


def choose_device(device: str | None = None) -> torch.device:
    """The device for a request; ``None`` or ``auto`` takes the best one.

    Raises:
        BadInput: a device that this machine does not have.
    """
    if device in (None, "", "auto"):
        return torch.device(available()[0])
    if device not in available():
        raise BadInput(
            "The device “{device}” was asked for, but this machine has: {available}. Choose one of these, or “auto”.",
            device=device,
            available=", ".join(available()),
        )
    return torch.device(device)


def dtype_for(device: torch.device, precision: str = "float32") -> torch.dtype:
    """The dtype of weights and activations.

    Raises:
        BadInput: half precision on the CPU, or an unknown name.
    """
    if precision not in ("float32", "float16", "bfloat16"):
        raise BadInput("Unknown precision “{precision}”: use float32, float16 or bfloat16.", precision=precision)
    if device.type == "cpu" and precision != "float32":
        raise BadInput(
            "Half precision ({precision}) is only for a GPU; on the CPU Mirante computes in float32.",
            precision=precision,
        )
    return getattr(torch, precision)


def one_thread() -> None:
    """Give this thread's forwards one thread: for short sentences a second one costs more than it brings.

    torch keeps the number per thread, so call it where the forward runs.
    """
    torch.set_num_threads(1)
