"""How a checkpoint's files come from the Hugging Face hub."""
