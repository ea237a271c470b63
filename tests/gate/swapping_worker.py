#!/usr/bin/env python3
"""Stands in for sluice-run: puts the file SWAP_FROM where SWAP_TO is, as somebody else might meanwhile, and becomes the worker.

    SLUICE_RUN=swapping_worker.py SWAP_FROM=.. SWAP_TO=.. SWAP_WORKER=.../sluice-run sluice gate ...
"""
import os
import sys

try:
    os.replace(os.environ["SWAP_FROM"], os.environ["SWAP_TO"])
except FileNotFoundError:
    pass  # another worker was first
os.execv(os.environ["SWAP_WORKER"], [os.environ["SWAP_WORKER"], *sys.argv[1:]])
