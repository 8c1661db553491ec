"""What several pages share: pickers of heads and tokens, the question, the edited sentence, exports."""
