"""Long names go on in the next line between their words."""

import pytest

from checkrein.report.html.markup import breaking


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Orders", "Orders"),
        ("the log of Charge receives", "the log of Charge receives"),
        ("ecokart.dynamodb.products", "ecokart.<wbr>dynamodb.<wbr>products"),
        ("of OrdersApiLayerVersionArn.", "of Orders<wbr>Api<wbr>Layer<wbr>Version<wbr>Arn."),
        ("aws_api_gateway_authorizer", "aws_<wbr>api_<wbr>gateway_<wbr>authorizer"),
        ("lib/ecommerceApi-stack.ts:99", "lib/<wbr>ecommerce<wbr>Api-stack.<wbr>ts:<wbr>99"),
        ("<b>averylongelement</b>", "&lt;b&gt;averylongelement&lt;/<wbr>b&gt;"),
    ],
)
def test_a_long_name_breaks_between_its_words(text: str, told: str) -> None:
    assert breaking(text) == told
