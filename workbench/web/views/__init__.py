"""The routes: one blueprint a resource. A view parses, makes one call and renders."""

from flask import Blueprint


def blueprints() -> tuple[Blueprint, ...]:
    """Every blueprint of the app."""
    from workbench.web.views import account, actions, auth, catalog, integrations, runs, triggers

    rooms = (catalog, integrations, actions, triggers, account, auth, runs)
    return tuple(room.blueprint for room in rooms)
