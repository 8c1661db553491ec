"""What belongs to the page "Step by step": what is chosen, and what it says."""
