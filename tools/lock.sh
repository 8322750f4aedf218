#!/bin/sh
# Writes the lock files anew: one for every Python and platform, with hashes, without an address.
set -eu
if ! command -v "${UV:=uv}" >/dev/null 2>&1; then
    echo "uv writes the lock files and is not here: please install it (pip install uv)." >&2
    exit 1
fi

compile() {
    "$UV" pip compile --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet "$@"
}

compile pyproject.toml --group build --output-file requirements.lock
compile --group development --constraint requirements.lock --output-file requirements-development.lock
compile --group benchmarks --constraint requirements.lock --constraint requirements-development.lock \
    --no-emit-package pip --output-file requirements-benchmarks.lock
compile --group whoosh3 --output-file requirements-whoosh3.lock
