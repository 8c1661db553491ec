"""What the Makefile runs beside the application: browser check, msgids, screenshots."""
