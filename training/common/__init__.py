"""What several recipes share: corpora, generated sentences, the training loop, measures."""
