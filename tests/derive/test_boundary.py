from checkrein.derive.stacks.boundary import Boundary
from checkrein.model import Resource


def test_what_crashes_is_left_out_and_said() -> None:
    def read(resource: Resource) -> list[str]:
        if resource.name == "Odd":
            raise ValueError("no")
        return [resource.name]

    boundary = Boundary()
    resources = [Resource(id=f"app/{name}", stack="app", type="T") for name in ("A", "Odd", "B")]

    assert list(boundary.over(resources, read)) == ["A", "B"]
    assert [unread.reason for unread in boundary.lost] == [
        "Odd has a shape that is not understood (ValueError: no)"
    ]
