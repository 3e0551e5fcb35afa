"""Training: corpus → fine-tuned encoder and heads → model directory (needs ``rmtext[train]``)."""
