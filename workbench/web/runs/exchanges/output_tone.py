"""The tone of a line of output: the same between exchanges and on the Output tab."""

from workbench.domain import Output


def output_tone(line: Output) -> str:
    """``bad`` for errors, ``warn`` for warnings and notes of the workbench, empty for all else."""
    if line.source == "stderr" or line.level in ("ERROR", "CRITICAL"):
        return "bad"
    return "warn" if line.level == "WARNING" or line.source == "note" else ""
