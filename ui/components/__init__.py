"""Streamlit components of our own (JavaScript in assets/components)."""
