"""The version of Mirante, said once: the package, ``core.__version__`` and every provenance read it here."""

__version__ = "0.1.0"
