#!/bin/sh
# Renders every prompt of svi: prompts/src/*.tsv -> prompts/**/*.wav and prompts/manifest.tsv.
#
#   prompts/make.sh            renders what is new or has changed, and removes what is no longer listed
#   prompts/make.sh --all      renders everything again
#   prompts/make.sh --jobs 4   on four processors instead of two
#
# The same sources give the same bytes with the same espeak-ng (1.51) and sox. A studio voice needs nothing of this: put WAV
# files of the same names into the prompts/ folder of the site.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
missing=''
for tool in espeak-ng sox ffmpeg python3; do
    command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done
if [ -n "$missing" ]; then
    echo "prompts/make.sh needs$missing. On Debian and Ubuntu:" >&2
    echo "    apt-get install$missing" >&2
    exit 2
fi
exec python3 "$here/src/render.py" "$@"
