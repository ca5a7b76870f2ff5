"""`streamlit run streamlit_app.py` in a clone: the page itself is in panoseg/page."""

from panoseg.page import server
from panoseg.page.app import SCRIPT

app = server.checked_app(SCRIPT)
