"""The page Bench: what is asked, the chart, the heads, the items, the downloads."""
