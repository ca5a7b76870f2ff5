"""The page as Streamlit starts it.

It imports this file once, for the server at its end, which runs it again as the page whenever a visitor
changes anything.
"""

from panoseg.page import server
from panoseg.page.picture_page import page

if __name__ == "__main__":
    page()
else:
    app = server.checked_app(__file__)
