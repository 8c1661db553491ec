"""Where Streamlit and core meet: frame, state, language, caches, widgets and components."""
