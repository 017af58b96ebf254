"""The block with which editors put a widget into a StreamField."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class StoaBlock(blocks.StructBlock):
    """Comments, questions or thanks, where the editor wants them. Two of a kind on one page show the same thread."""

    widget = blocks.ChoiceBlock(
        choices=[
            ("comments", _("Comments on this page")),
            ("questions", _("Questions about this page")),
            ("kudos", _("Thanks to colleagues")),
        ],
        default="comments",
        label=_("What is shown"),
    )

    class Meta:
        template = "stoa/block.html"
        icon = "comment"
        label = _("Comments, questions, thanks")
