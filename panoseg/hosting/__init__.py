"""What stands around the page's server: who gets in, what every answer says, how it is watched and stopped.

Plain ASGI; nothing here knows Streamlit. `panoseg/page/server.py` puts the parts together.
"""
