"""What runs a network: torch or OpenVINO."""
