"""bobao (播报): a Chinese article in, an accessible spoken bulletin out.

Data flows one way, and each step is a function from one frozen value to the next::

    seeds/ ──read──▶ Article ──draft──▶ Script ──voice──▶ Take… ──mix──▶ Bulletin ──▶ output/
                     reading/          script/           voices/        mix/        publish/

`bobao.model` holds the values, `bobao.station.workspace` knows the folders, `bobao.cli` is the one
place that prints and catches.
"""

__version__ = "0.1.0"
