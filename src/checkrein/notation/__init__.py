"""Positioned trees of YAML and JSON, and splicing text into them. Pure."""

from typing import TYPE_CHECKING

from checkrein.late import offered

if TYPE_CHECKING:
    from checkrein.notation.scalars import Segment as Segment
    from checkrein.notation.scalars import line_map as line_map
    from checkrein.notation.scalars import position as position
    from checkrein.notation.scalars import segment_map as segment_map
    from checkrein.notation.scalars import segments as segments
    from checkrein.notation.splices import splice as splice
    from checkrein.notation.texts import decode as decode
    from checkrein.notation.texts import encode as encode
    from checkrein.notation.tree import Tree as Tree
    from checkrein.notation.tree import parse as parse
    from checkrein.notation.tree import text_tree as text_tree

__getattr__ = offered(
    __name__,
    {
        "scalars": ("Segment", "line_map", "position", "segment_map", "segments"),
        "splices": ("splice",),
        "texts": ("decode", "encode"),
        "tree": ("Tree", "parse", "text_tree"),
    },
)
