// Where Streamlit's own script finds its server: beside the page, whichever of the pages this is. Left to itself it first
// looks below the address that was opened, and every direct visit to /collection begins with two errors.
window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href };
