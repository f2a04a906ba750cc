"""Processes that begin with everything loaded: forked from one that has no connection open.

Starting one costs a tenth of a second; a spawned one would import the whole site anew.
"""

import multiprocessing

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.faults.mail_worker"])
