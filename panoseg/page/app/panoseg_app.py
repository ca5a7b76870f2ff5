"""The page as Streamlit starts it.

It imports this file once, for the server at its end, which runs it again as the page whenever a visitor
changes anything.
"""

import streamlit as st

from panoseg.page import collection_page, picture_page, server
from panoseg.page.pages import run_page

if __name__ == "__main__":
    run_page(picture_page.page, collection_page.page)
else:
    # Streamlit looks for this very call in the text of the file.
    app = st.App(__file__, **server.checked_options())
