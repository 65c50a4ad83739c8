"""``workbench schema``: prints the JSON Schema of ``config.json``."""

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of config.json.

    Editors complete and check a config.json whose "$schema" names the file. `workbench check` finds more: also what
    shows only in several places together, or in the code.

    \b
    Example:
      workbench schema > config.schema.json
    """
    import json

    from workbench.schema import config_schema  # imports the checks

    click.echo(json.dumps(config_schema(), ensure_ascii=False, indent=2))
