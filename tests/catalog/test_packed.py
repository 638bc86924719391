from __future__ import annotations

import pytest

from checkrein.catalog.packed import IAM, Pack
from checkrein.errors import CatalogError


@pytest.mark.parametrize("name", ["no-such.pack", "services.yaml", "coercion.json.z"])
def test_a_file_that_is_no_pack_is_one_sentence(name: str) -> None:
    with pytest.raises(CatalogError, match=f"{name} is unreadable .*: reinstall checkrein"):
        Pack(name).find("managed", dict)


def test_a_block_is_read_by_its_name() -> None:
    names = IAM.block("managed", dict[str, int])
    assert names["AdministratorAccess"] < len(names)
    assert IAM.find("service/no-such", dict) is None


def test_a_block_that_is_missing_is_told() -> None:
    with pytest.raises(CatalogError, match="no-such"):
        IAM.block("no-such", dict)


def test_a_block_of_another_kind_than_asked_for_is_told() -> None:
    with pytest.raises(CatalogError, match=r"iam\.pack is unreadable"):
        IAM.block("managed", list[int])
