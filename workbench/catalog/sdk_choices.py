"""The SDKs that runs of an integration can use, and the contract of each."""

from autohive_integrations_sdk import contracts
from packaging.version import InvalidVersion, Version

from workbench.domain import Contract, Integration, SdkChoice, SdkSource

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


def contract_with(choice: SdkChoice, own: Contract) -> Contract:
    """The contract of a run with that SDK: ``own`` with ours, that of the release with any other."""
    return own if choice.is_ours else contracts.chosen_release(choice.release)
