"""The page "Faithfulness": which method's order of the words matters to the model."""
