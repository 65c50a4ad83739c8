"""What makes a value one of a branch: the constants that the branch requires, filled in where it is chosen."""

from dataclasses import replace

from workbench.forms.draft import ChoiceNode, Node, ObjectNode, OptionNode, with_children


def fill_constants(node: Node) -> Node:
    """``node``, the form of a branch, with each required property that has one value filled in; nested ones too.

    What has a value already stays as it is, and so does what the branch does not require.
    """
    if isinstance(node, ChoiceNode):
        return with_children(node, [fill_constants(draft) for _, draft in node.drafts])
    if not isinstance(node, ObjectNode):
        return node
    members = [_filled(member) if member.info.required else member for member in node.members]
    return replace(node, members=tuple(members))


def _filled(member: Node) -> Node:
    options = member.info.shape.options
    if isinstance(member, OptionNode) and len(options) == 1 and not member.key:
        return replace(member, key=options[0].key)
    return fill_constants(member)
