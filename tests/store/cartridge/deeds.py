"""What happens in the shop without the agent: its owner puts goods up, a seller orders by hand, somebody looks into its books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from cartridge.shop.models import Order, Product, ProductOption
from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site
from django.utils import timezone
from mezzanine.core.models import CONTENT_STATUS_PUBLISHED

COLOURS, SIZES = 1, 2


def open_store(host: str, people: Sequence[Mapping[str, Any]], goods: Sequence[Mapping[str, Any]]) -> None:
    """Set the shop up once."""
    Site.objects.update_or_create(pk=1, defaults={"domain": host, "name": host})
    for one in people:
        get_user_model().objects.create_user(one["email"], one["email"], one["password"], first_name=one["name"])
    for one in goods:
        _put_up(**one)


def _put_up(slug: str, title: str, price: str, colours: Sequence[str], sizes: Sequence[str]) -> None:
    for kind, names in ((COLOURS, colours), (SIZES, sizes)):
        for name in names:
            ProductOption.objects.get_or_create(type=kind, name=name)
    product = Product.objects.create(
        title=title, slug=slug, available=True, status=CONTENT_STATUS_PUBLISHED, unit_price=Decimal(price), sku=slug
    )
    product.variations.create_from_options({f"option{COLOURS}": colours, f"option{SIZES}": sizes})
    for number, variation in enumerate(product.variations.all()):
        variation.unit_price, variation.num_in_stock, variation.sku = Decimal(price), 99, f"{slug}-{number}"
        variation.default = number == 0
        variation.save()
    product.copy_default_variation()


def order_by_hand(email: str) -> int:
    """An order that the seller made by hand, long ago, in ways of their own: no district, no freight. Its page cannot be read whole.

    The shop keeps its billing address for the next.
    """
    own = {"first_name": "小林", "last_name": "家居", "street": "人民路1号", "city": "南京市", "state": "江苏省"}
    told = {**own, "postcode": "210000", "country": "中国", "phone": "13912345678"}
    made = Order.objects.create(
        user_id=get_user_model().objects.get(email=email).pk,
        total=Decimal("12.50"),
        item_total=Decimal("12.50"),
        shipping_total=Decimal("0"),
        **{f"billing_detail_{word}": value for word, value in told.items()},
        **{f"shipping_detail_{word}": value for word, value in told.items()},
        billing_detail_email=email,
    )
    price = {"unit_price": Decimal("12.50"), "total_price": Decimal("12.50")}
    made.items.create(sku="cup-0", description="北欧玻璃杯 颜色: 透明, 尺码: 350ml", quantity=1, **price)
    Order.objects.filter(pk=made.pk).update(time=timezone.now() - timedelta(days=9))
    return int(made.pk)


def books() -> list[dict[str, Any]]:
    """Every order as the database has it, oldest first."""
    words = ("first_name", "last_name", "street", "city", "state", "postcode", "phone")
    return [
        {
            "number": made.pk,
            "total": str(made.total),
            "note": made.additional_instructions,
            "address": {word: getattr(made, f"shipping_detail_{word}") for word in words},
            "lines": [[item.description, item.quantity, str(item.unit_price)] for item in made.items.order_by("pk")],
        }
        for made in Order.objects.order_by("pk")
    ]
