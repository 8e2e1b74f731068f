#!/usr/bin/env bash
# What the tests of kernels and of the portal talk to, in folders of the checkout's own: Python packages in build/jupyter,
# JupyterHub's proxy in build/proxy.
set -euo pipefail
cd "$(dirname "$0")/.."
python3 -m venv build/jupyter
build/jupyter/bin/pip install -q --disable-pip-version-check \
  jupyter_client==8.10.0 ipykernel==7.4.0 jupyter_kernel_test==0.7.0 jupyter_server==2.21.1 jupyterhub==6.1.1
npm install --prefix build/proxy --no-audit --no-fund --no-save --silent configurable-http-proxy@5.3.0
