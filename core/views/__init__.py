"""What is shown of a trace: pieces or words, metrics of heads, comparisons, and the packets the browser draws from."""
