"""The SDKs that runs of an integration can use, and the contract of each."""

from dataclasses import replace

from autohive_integrations_sdk import contracts
from packaging.version import InvalidVersion, Version

from workbench.domain import Integration, RunRequest, SdkChoice, SdkSource

RELEASES = contracts.RELEASES
"""The published releases that are known, the newest first."""


class SdkChoiceError(ValueError):
    """There is no such SDK; the message says what to do."""


def choose_sdk(integration: Integration, text: str) -> SdkChoice:
    """The SDK that ``text`` names: ``ours``, ``vendored`` or a release. Raises :class:`SdkChoiceError`."""
    if text in ("", SdkSource.OURS):
        return SdkChoice()
    if text == SdkSource.VENDORED:
        if not integration.dependencies.sdk:
            raise SdkChoiceError("dependencies/ contains no SDK. Install the requirements, or name a release.")
        return SdkChoice(SdkSource.VENDORED, integration.dependencies.sdk)
    try:
        return SdkChoice(SdkSource.RELEASE, str(Version(text)))
    except InvalidVersion:
        raise SdkChoiceError(
            f"{text[:40]!r} is no SDK. Use ours, vendored or a release such as {', '.join(RELEASES)}."
        ) from None


def other_sdk(integration: Integration) -> SdkChoice:
    """The SDK to compare ours with: the one in ``dependencies/``, else the newest that the pin allows, or of all."""
    if integration.dependencies.sdk:
        return SdkChoice(SdkSource.VENDORED, integration.dependencies.sdk)
    release = integration.contract.release
    return SdkChoice(SdkSource.RELEASE, release if release in RELEASES else RELEASES[0])


def with_sdk(request: RunRequest, choice: SdkChoice) -> RunRequest:
    """``request`` with that SDK; the contract is that of its release. Credentials are put in afterwards."""
    if choice.is_ours:
        return replace(request, sdk=choice)
    return replace(request, sdk=choice, contract=contracts.chosen_release(choice.release))
