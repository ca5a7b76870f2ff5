#!/bin/sh
# The browser tests drive Debian's Chromium; CHROMIUM may name another one.
set -eu
for browser in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$browser" ] && command -v "$browser" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "The browser tests need Chromium: install it (on Debian and Ubuntu: sudo apt-get install chromium)" \
     "or set CHROMIUM to the path of one." >&2
exit 1
