"""Which hosts are this machine, decided once: a server that listens there can be reached from nowhere else."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether it is ``localhost`` or an address of the loopback interface, an IPv6 one without brackets."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
