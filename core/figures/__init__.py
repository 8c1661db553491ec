"""Plotly figures: pure functions from arrays and labels; no model, no trace, no Streamlit."""
