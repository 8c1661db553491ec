"""The page "Profiles": how every head behaves over sentences."""
