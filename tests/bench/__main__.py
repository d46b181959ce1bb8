"""`python -m tests.bench` measures everything."""

import sys

from tests.bench.run import main

sys.exit(main())
