"""Other people's programs against a served demo."""
