"""Every way a run can end, one action each. The handlers are in ``actions/``; importing them registers them."""

import actions.connections
import actions.failures
import actions.healthy
import actions.http
import actions.outputs
import actions.processes
import actions.talking
from clinic import clinic

schema_clinic = clinic

__all__ = ["actions", "schema_clinic"]
