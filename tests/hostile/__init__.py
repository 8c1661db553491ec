"""Files that want to freeze or flood whoever reads them, made here, and a meter that says what each one costs."""
