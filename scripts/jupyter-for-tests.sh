#!/usr/bin/env bash
# Python packages the Jupyter tests talk to, in a virtual environment of the checkout's own: build/jupyter.
set -euo pipefail
cd "$(dirname "$0")/.."
python3 -m venv build/jupyter
build/jupyter/bin/pip install -q --disable-pip-version-check jupyter_client ipykernel jupyter_kernel_test jupyter_server
