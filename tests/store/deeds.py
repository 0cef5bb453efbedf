"""What happens in the store without the agent: its owner puts goods up and ships, buyers order, somebody looks into its books.

Every deed goes through Oscar's own classes, as its pages do. Money is in yuan, as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site
from django.utils import timezone
from oscar.core.loading import get_class, get_model

Basket = get_model("basket", "Basket")
Country = get_model("address", "Country")
Order = get_model("order", "Order")
Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
ShippingAddress = get_model("order", "ShippingAddress")
ShippingEventType = get_model("order", "ShippingEventType")

EventHandler = get_class("order.processing", "EventHandler")
Free = get_class("shipping.methods", "Free")
OrderCreator = get_class("order.utils", "OrderCreator")
OrderTotalCalculator = get_class("checkout.calculators", "OrderTotalCalculator")
Selector = get_class("partner.strategy", "Selector")

SHIPPED = "已发出"


def open_store(host: str, people: Sequence[Mapping[str, Any]], goods: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Set the store up once: the one country, the one kind of shipping event, people and goods; the goods' numbers by SKU."""
    Site.objects.update_or_create(pk=1, defaults={"domain": host, "name": host})
    Country.objects.get_or_create(
        iso_3166_1_a2="CN", defaults={"printable_name": "中国", "name": "中国", "is_shipping_country": True}
    )
    ShippingEventType.objects.get_or_create(name=SHIPPED)
    for one in people:
        user = get_user_model()(username=one["email"], email=one["email"], first_name=one["name"])
        user.is_staff = user.is_superuser = one["staff"]
        user.set_password(one["password"])
        user.save()
    return {one["sku"]: _put_up(**one) for one in goods}


def _put_up(sku: str, title: str, price: str, stock: int) -> int:
    kind, _new = ProductClass.objects.get_or_create(name="商品")
    product = Product.objects.create(product_class=kind, title=title, upc=sku)
    partner, _new = Partner.objects.get_or_create(name="自营")
    product.stockrecords.create(
        partner=partner, partner_sku=sku, price=Decimal(price), price_currency="CNY", num_in_stock=stock
    )
    return int(product.pk)


def order(email: str, lines: Sequence[tuple[str, int]], address: Mapping[str, str], hours_ago: float) -> str:
    """A buyer orders and has paid; the order's number. `lines`: SKU and pieces."""
    buyer = get_user_model().objects.get(email=email)
    basket = Basket.objects.create(owner=buyer)
    basket.strategy = Selector().strategy(user=buyer)
    for sku, count in lines:
        basket.add_product(Product.objects.get(upc=sku), count)
    method = Free()
    charge = method.calculate(basket)
    to = ShippingAddress.objects.create(country=Country.objects.get(), **address)
    total = OrderTotalCalculator().calculate(basket, charge)
    made = OrderCreator().place_order(basket, total, method, charge, user=buyer, shipping_address=to)
    basket.submit()
    Order.objects.filter(pk=made.pk).update(date_placed=timezone.now() - timedelta(hours=hours_ago))
    return str(made.number)


def ship(number: str, parcel: str) -> None:
    """The store's owner sends a whole order and says so, as in the dashboard."""
    sent = Order.objects.get(number=number)
    lines = list(sent.lines.all())
    event = ShippingEventType.objects.get(name=SHIPPED)
    EventHandler().handle_shipping_event(sent, event, lines, [line.quantity for line in lines], reference=parcel)
    EventHandler().handle_order_status_change(sent, "已发货")


def change(number: str, status: str = "", **address: str) -> None:
    """The owner changes an order's status, or a part of its address."""
    changed = Order.objects.get(number=number)
    if status:
        EventHandler().handle_order_status_change(changed, status)
    ShippingAddress.objects.filter(pk=changed.shipping_address.pk).update(**address) if address else None


def books() -> list[dict[str, Any]]:
    """Every order as the database has it, oldest first."""
    return [
        {
            "number": one.number,
            "status": one.status,
            "total": f"{one.total_incl_tax:.2f}",
            "lines": [
                [line.partner_sku, line.quantity, f"{line.line_price_incl_tax:.2f}"] for line in one.lines.order_by("pk")
            ],
            "address": {
                word: str(getattr(one.shipping_address, word))
                for word in ("first_name", "last_name", "line1", "line2", "line4", "state", "phone_number", "notes")
            },
            "parcels": [
                [event.event_type.name, event.notes, [each.quantity for each in event.line_quantities.all()]]
                for event in one.shipping_events.order_by("pk")
            ],
            "notes": [note.message for note in one.notes.order_by("pk")],
        }
        for one in Order.objects.order_by("pk")
    ]


def basket(email: str) -> list[list[Any]]:
    """What lies in somebody's open basket."""
    lines = [line for one in Basket.objects.filter(owner__email=email, status="Open") for line in one.lines.all()]
    return [[line.product.upc, line.quantity] for line in lines]
