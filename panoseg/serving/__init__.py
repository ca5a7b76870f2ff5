"""One process, many visitors: requests in line, models in memory, predictions kept. It knows no page."""
