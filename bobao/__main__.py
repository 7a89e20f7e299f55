"""``python -m bobao``."""

from bobao.cli import main

main()
