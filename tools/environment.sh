#!/bin/sh
# Makes a virtual environment in the folder named, or says in a sentence what this machine lacks.
set -eu
folder="$1"

if "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi

too_old=""
without_venv=""
for name in ${PYTHON:-python3 python python3.14 python3.13 python3.12 python3.11}; do
    version=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if ! "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        too_old="$version"
        continue
    fi
    if ! "$name" -c 'import ensurepip, venv' 2>/dev/null; then
        without_venv="$version"
        continue
    fi
    echo "Making an environment with Python $version in $folder."
    "$name" -m venv --clear "$folder"
    exit 0
done

if [ -n "$without_venv" ]; then
    echo "Python $without_venv is here but its venv module is missing; on Debian: apt-get install python3-venv." >&2
elif [ -n "$too_old" ]; then
    echo "Python $too_old is too old: please install Python 3.11 or newer." >&2
else
    echo "No Python was found: please install Python 3.11 or newer." >&2
fi
exit 1
