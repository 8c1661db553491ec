"""The frame of every page: navigation, language, state, links, charts, numbers."""
