"""The Collection page's server side: what the browser may ask for by itself, and what all visitors share."""

from panoseg.page.collection.routes import collection_routes

__all__ = ["collection_routes"]
