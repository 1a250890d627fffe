"""Stands for an app that was never changed: Python's own logging as text on stderr, with a traceback now and then."""

import itertools
import logging
import os
import time

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
log = logging.getLogger("legacy.worker")

count = int(os.environ.get("DEMO_COUNT", "0"))
every = int(os.environ.get("DEMO_EVERY_MS", "500")) / 1000


def quote(n):
    if n % 8 == 7:
        raise ValueError("price is not a number: 'n/a'")
    return 100 + n % 9


for n in range(count) if count else itertools.count():
    try:
        log.info("quote %d taken: %.2f", n + 1, quote(n))
    except ValueError:
        log.exception("quote %d failed", n + 1)
    time.sleep(every)
