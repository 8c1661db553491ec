"""The page "Roles in Portuguese and Faithfulness: studies over many sentences."""
