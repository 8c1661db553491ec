"""A text classifier with one attention vector: embedding → Conv1D → tanh score → softmax over time → weighted sum →
dense layer.

The name "AtNet" circulates for it; no paper of that name was found. Its parts have papers: convolutions over sentences
(Kim 2014), attention by a small learned scorer (Bahdanau et al. 2015), one context vector per text (Yang et al. 2016),
and, exactly in this form, "feed-forward attention" (Raffel & Ellis 2015): e_t = tanh(w·h_t + b), α = softmax(e), c =
Σ_t α_t h_t. Not here: how it was trained (training/sentiment*.py), drawing."""
