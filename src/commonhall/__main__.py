import sys

from commonhall.config.cli import main

sys.exit(main())
