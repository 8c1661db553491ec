"""The page "My sentences": lines pasted or sent, and a summary of each."""
