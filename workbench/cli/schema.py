"""``workbench schema``: prints the JSON Schema of ``config.json``."""

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of config.json.

    An editor completes and checks a config.json that names the file by its "$schema". The schema is made of the table
    that `workbench check` uses, which finds more: what only shows in several places or in the code.

    \b
    Example:
      workbench schema > config.schema.json
    """
    import json

    from workbench.schema import config_schema  # imports the checks

    click.echo(json.dumps(config_schema(), ensure_ascii=False, indent=2))
